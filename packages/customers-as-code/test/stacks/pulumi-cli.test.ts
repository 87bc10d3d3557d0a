// What the one runner of the Pulumi CLI passes to it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { choosePolicies, previewStack } from "../../src/stacks/pulumi-cli";

const project = process.cwd();
const pack = resolve("packages/customers-as-code/policy");

test("the pack of the package applies with the settings that the company's project has for the stack", () => {
  const policyPackConfigs = [resolve("policy/dev.json")];
  for (const stack of ["dev", "example/dev", "dev-shard-2"]) {
    expect(choosePolicies({ stack, project })).toEqual({ policyPacks: [pack], policyPackConfigs });
  }
  expect(choosePolicies({ stack: "dev", project: process.cwd() }).policyPackConfigs).toEqual(
    policyPackConfigs,
  );
});

test("settings of the pack are found where version 0.1 had them", () => {
  const folder = mkdtempSync(join(tmpdir(), "policies-"));
  mkdirSync(join(folder, "policy/config"), { recursive: true });
  const former = join(folder, "policy/config/dev.json");
  writeFileSync(former, "{}");
  expect(choosePolicies({ stack: "dev", project: folder }).policyPackConfigs).toEqual([former]);
  const current = join(folder, "policy/dev.json");
  writeFileSync(current, "{}");
  expect(choosePolicies({ stack: "dev", project: folder }).policyPackConfigs).toEqual([current]);
  rmSync(folder, { recursive: true });
});

test("a file that is given wins, and a stack without settings has the pack's defaults", () => {
  const given = resolve("policy/dev.json");
  expect(choosePolicies({ stack: "prod", project, policyConfig: given }).policyPackConfigs).toEqual([given]);
  expect(choosePolicies({ stack: "prod", project })).toEqual({ policyPacks: [pack] });
});

test("without the Pulumi CLI, a plan's error says where to get it", async () => {
  const { PATH } = process.env;
  process.env.PATH = "";
  const { errors } = await previewStack({ stack: "dev", project });
  process.env.PATH = PATH;
  expect(errors).toEqual([
    "the Pulumi CLI is not on the PATH; install it from https://www.pulumi.com/docs/iac/download-install/",
  ]);
});
