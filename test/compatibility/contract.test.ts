// What the state, the settings and the readers of the outputs of a company depend on: only a major version may take any of it away.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { secretSettings, settingsSchema } from "../../packages/customers-as-code/src/settings/settings";
import { runProgram } from "../support/run-program";
import {
  companiesFolder,
  listCompanies,
  readCompanySettings,
  stackNamesOf,
  statesFolder,
} from "./kept-companies";

interface Contract {
  /** Settings in the project's namespace. */
  configKeys: string[];
  /** By company and stack. */
  outputs: Record<string, string[]>;
  componentTypes: string[];
  /** Of all those stacks: the parent's type, the type and the pattern of the name, which a URN consists of. */
  resources: string[];
}

const written: Contract = JSON.parse(readFileSync(join(__dirname, "contract.json"), "utf8"));
const found: Contract = { configKeys: [], outputs: {}, componentTypes: [], resources: [] };

beforeAll(async () => {
  const patterns = new Set<string>();
  for (const company of listCompanies(companiesFolder)) {
    const { config, secrets } = readCompanySettings(company);
    const customers = readdirSync(join(company.folder, "customers")).map((file) => basename(file, ".yaml"));
    const settings = Object.entries({ ...config, ...secrets }).map(([key, value]) => [
      `customers-as-code:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    for (const stack of stackNamesOf({ config }, "local")) {
      const { program } = await runProgram(Object.fromEntries(settings), { stack });
      found.outputs[`${company.name}/${stack}`] = Object.keys(program).sort();
      for (const urn of registeredUrns()) patterns.add(patternOf(urn, customers));
    }
  }
  found.configKeys = [...Object.keys(settingsSchema.shape), ...secretSettings].sort();
  found.resources = [...patterns].sort();
  const types = found.resources.map((name) => name.split("::")[0]?.split("$").at(-1) ?? "");
  found.componentTypes = [...new Set(types)].filter((type) => type.startsWith("customers-as-code:")).sort();
}, 180_000);

/** Without the stack and the project; what a company names itself is in capitals. */
function patternOf(urn: string, customers: readonly string[]): string {
  const [, , type = "", name = ""] = urn.split("::");
  const [customer = "", client = "", ...rotation] = name.split("/");
  if (!customers.includes(customer)) return `${type}::${name}`;
  const ofCustomer = client === "" ? [] : [client.includes("@") ? "MEMBER" : "CLIENT"];
  return `${type}::${["CUSTOMER", ...ofCustomer, ...rotation.map(() => "ROTATION")].join("/")}`;
}

/** The SDK's own stand-in for the engine forms them; to the recorder, a resource has no parent. */
function registeredUrns(): string[] {
  const { runtime }: typeof import("@pulumi/pulumi") = require("@pulumi/pulumi");
  const monitor: unknown = runtime.getMonitor();
  if (!isMonitor(monitor)) throw new Error("the SDK has no mocks");
  return [...monitor.getRegisteredResources().keys()];
}

function isMonitor(monitor: unknown): monitor is { getRegisteredResources(): ReadonlyMap<string, unknown> } {
  return typeof monitor === "object" && monitor !== null && "getRegisteredResources" in monitor;
}

const linesOf = ({ configKeys, outputs, componentTypes, resources }: Contract) => [
  ...configKeys.map((key) => `config key ${key}`),
  ...Object.entries(outputs).flatMap(([stack, keys]) => keys.map((key) => `output ${key} of ${stack}`)),
  ...componentTypes.map((type) => `component type ${type}`),
  ...resources.map((name) => `resource ${name}`),
];

test("the program has every config key, output, component type and resource of the contract", () => {
  const lines = new Set(linesOf(found));
  expect(linesOf(written).filter((line) => !lines.has(line))).toEqual([]);
});

test("whatever the program has is in the contract", () => {
  const lines = new Set(linesOf(written));
  expect(linesOf(found).filter((line) => !lines.has(line))).toEqual([]);
});

test("the current version has left its states", () => {
  const { version }: { version: string } = JSON.parse(
    readFileSync("packages/customers-as-code/package.json", "utf8"),
  );
  expect(readdirSync(statesFolder)).toContain(version);
  const names = listCompanies(companiesFolder).map(({ name }) => name);
  expect(readdirSync(join(statesFolder, version))).toEqual(names);
});
