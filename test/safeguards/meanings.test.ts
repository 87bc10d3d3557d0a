// Whatever can change has a sentence: the tables of ci/changes/ against what the program declares, and what files can say.
import { readdirSync, readFileSync } from "node:fs";
import {
  clientFile,
  customerFile,
  keysInMetadata,
} from "../../packages/customers-as-code/src/customers/customer-schema";
import { parseSource } from "../../packages/customers-as-code/src/problems/source";
import { clientKeys } from "../../packages/customers-as-code/src/review/changes/compare-clients";
import { customerKeys } from "../../packages/customers-as-code/src/review/changes/compare-customers";
import { policyJudges } from "../../packages/customers-as-code/src/review/changes/compare-policy";
import { projectSettingKeys } from "../../packages/customers-as-code/src/review/changes/compare-project";
import { settingMeanings } from "../../packages/customers-as-code/src/review/changes/compare-settings";
import {
  changesOfResources,
  resourceMeanings,
} from "../../packages/customers-as-code/src/review/changes/resources";
import { secretSettings, settingsSchema } from "../../packages/customers-as-code/src/settings/settings";
import { plan, step } from "../../packages/customers-as-code/testing/preview-events";
import { runProgram } from "../support/run-program";
import { variants } from "../support/variants";

test("every input of every resource that the program declares has a meaning", async () => {
  const missing = new Set<string>();
  for (const config of Object.values(variants)) {
    const { recording } = await runProgram(config);
    for (const { type, inputs } of recording.resources) {
      if (type.startsWith("customers-as-code:")) continue;
      const known = resourceMeanings[type];
      for (const input of Object.keys(inputs)) {
        if (!known?.inputs[input]) missing.add(`${type} ${input}`);
      }
    }
  }
  expect([...missing]).toEqual([]);
}, 60_000);

test("every setting has a meaning, and nothing else", () => {
  expect(Object.keys(settingMeanings).sort()).toEqual(
    [...Object.keys(settingsSchema.shape), ...secretSettings].sort(),
  );
});

test("every key of a customer's file and of a client has a meaning", () => {
  // A client's name, how it proves who it is, and what is different in a stack are reported with what they belong to.
  const toldOtherwise = ["clients", "stacks", "authentication"];
  const told = [...Object.keys(customerKeys), ...keysInMetadata, ...toldOtherwise];
  expect(Object.keys(customerFile.shape).filter((key) => !told.includes(key))).toEqual([]);
  // Read as `retiring` and `isCancelled`.
  const ofClients = [...Object.keys(clientKeys), ...toldOtherwise, "cancelled"];
  expect(Object.keys(clientFile.shape).filter((key) => !ofClients.includes(key))).toEqual([]);
});

test("every policy of the pack has a meaning", () => {
  const sources = readdirSync("packages/customers-as-code/src/policy").filter((name) => name.endsWith(".ts"));
  const text = sources
    .map((name) => readFileSync(`packages/customers-as-code/src/policy/${name}`, "utf8"))
    .join("");
  const names = [...text.matchAll(/^ {2}name: "([^"]+)"/gm)].map(([, name = ""]) => name);
  expect(names.length).toBeGreaterThan(2);
  expect(names.filter((name) => !(name in policyJudges))).toEqual([]);
});

test("every key by which the Pulumi.yaml of a fork documents a setting has a meaning", () => {
  const file = "packages/customers-as-code/test/settings/fork/Pulumi.yaml";
  const project = parseSource(file, readFileSync(file, "utf8")).value;
  const { config } = project as { config: Record<string, object> };
  const found = new Set(Object.values(config).flatMap((entry) => Object.keys(entry)));
  const told = [...Object.keys(projectSettingKeys), "default"];
  expect([...found].filter((key) => !told.includes(key))).toEqual([]);
});

test("what the engine changes of an input that the table does not have is grave", () => {
  const events = step("Function", "gateway-authorizer", {
    op: "update",
    old: { layers: [] },
    new: { layers: ["arn:aws:lambda:eu-central-1:999999999999:layer:stranger:1"] },
    diffs: ["layers[0]"],
  });
  expect(changesOfResources(plan(events))).toEqual([
    expect.objectContaining({
      gravity: "grave",
      sentence: expect.stringMatching(
        /^adds `arn:.*stranger:1` to `layers` of function `gateway-authorizer`: what it means is not known/,
      ),
    }),
  ]);
});
