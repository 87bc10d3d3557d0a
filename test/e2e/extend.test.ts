// docs/how-to/extend.md with the real engine, which alone runs the transforms of a resource's options: what they change, and what the policy
// pack sees of that.
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseDocument } from "yaml";
import { asRecord } from "../../packages/customers-as-code/src/problems/record";
import { openTestCloud, project, type TestCloud } from "./local-cloud";

let system: TestCloud;

/** Folder of a company's own repository. */
let company: string;

beforeAll(async () => {
  const openapi = { value: join(project, "openapi.yaml") };
  system = await openTestCloud({ config: { openapi, protect: { value: "true" } } });
  company = join(system.directory, "company");
  mkdirSync(company);
  writeFileSync(join(company, "package.json"), JSON.stringify({ type: "module" }));
  symlinkSync(join(project, "node_modules"), join(company, "node_modules"));
});
afterAll(() => system?.close());

interface Previewed {
  /** By type and name. */
  inputs: Record<string, Record<string, unknown>>;
  /** Names of the policies that refuse it. */
  violations: string[];
}

/** @param config block of that name in Pulumi.yaml */
async function preview(program: string, config?: unknown): Promise<Previewed> {
  const path = join(system.directory, "engine/project/Pulumi.yaml");
  const file = parseDocument(readFileSync(path, "utf8"));
  file.set("main", join(company, "index.ts"));
  if (config === undefined) file.delete("config");
  else file.set("config", config);
  cpSync(join(project, program), join(company, "index.ts"));
  writeFileSync(path, String(file));
  const policies = join(system.directory, "policies.json");
  writeFileSync(policies, JSON.stringify({ "public-routes": { allowed: ["GET /health"] } }));
  const previewed: Previewed = { inputs: {}, violations: [] };
  const running = system.stack.preview({
    policyPacks: [join(project, "packages/customers-as-code/policy")],
    policyPackConfigs: [policies],
    onEvent: ({ resourcePreEvent, policyEvent }) => {
      // Before the first deployment, the engine can't run those that need the API's body, and only says so.
      if (policyEvent?.enforcementLevel === "mandatory") previewed.violations.push(policyEvent.policyName);
      const { urn = "", new: state } = resourcePreEvent?.metadata ?? {};
      const [, , types = "", name = ""] = urn.split("::");
      if (state) previewed.inputs[`${types.split("$").at(-1)} ${name}`] = asRecord(state.inputs);
    },
  });
  // What the pack refuses ends the preview with an error.
  await running.catch((error: unknown) => {
    if (previewed.violations.length === 0) throw error;
  });
  return previewed;
}

const authorizer = "aws:lambda/function:Function gateway-authorizer";

test("a transform of a part changes the resources within it, and the policy pack accepts that", async () => {
  const { inputs, violations } = await preview("docs/snippets/extend/transform-one.ts");
  expect(inputs[authorizer]?.memorySize).toBe(512);
  expect(violations).toEqual([]);
});

test("a Pulumi.yaml that documents each setting, as forks have it, declares the same resources", async () => {
  const fork = "packages/customers-as-code/test/settings/fork/Pulumi.yaml";
  const { config }: { config: object } = parse(readFileSync(join(project, fork), "utf8"));
  const [without, documented] = [await preview("index.ts"), await preview("index.ts", config)];
  expect(Object.keys(without.inputs).length).toBeGreaterThan(30);
  // The engine's own names end with other digits each time.
  const withoutDigits = (one: Previewed) =>
    JSON.parse(JSON.stringify(one.inputs).replaceAll(/-[0-9a-f]{7}"/g, '"'));
  expect(withoutDigits(documented)).toEqual(withoutDigits(without));
});

test("the policy pack refuses a transform that removes the protection of customers, and tags stay", async () => {
  const { inputs, violations } = await preview("test/fixtures/weakened-company/index.ts");
  expect(new Set(violations)).toEqual(new Set(["protected-customers"]));
  expect(inputs[authorizer]?.tags).toMatchObject({ managedBy: "pulumi" });
});
