// What companies depend on: their states, their files, their scripts and whoever reads their logs. contract.json is the list of it, and
// releases/ has those of released versions.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { commands } from "../../packages/customers-as-code/src/cli/main";
import { runProgram } from "../support/run-program";
import { compareVersions, nextVersion, readUpgradeNotes } from "./changelog";
import { type Contract, findBrokenPromises, linesOf, type Release } from "./contract";
import {
  companiesFolder,
  listCompanies,
  readCompanySettings,
  stackNamesOf,
  statesFolder,
} from "./kept-companies";
import { readContract } from "./read-contract";

const contractFile = join(__dirname, "contract.json");
const releasesFolder = join(__dirname, "contracts");
const { version: current }: { version: string } = JSON.parse(
  readFileSync("packages/customers-as-code/package.json", "utf8"),
);
let found: Contract;
let written: Contract;

beforeAll(async () => {
  found = { ...readContract(), ...(await readResources()) };
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(contractFile, `${JSON.stringify(found, null, 2)}\n`);
  written = JSON.parse(readFileSync(contractFile, "utf8"));
}, 180_000);

/** Of all stacks of the companies: the outputs, and of each resource the parent's type, the type and the pattern of the name. */
async function readResources(): Promise<Contract> {
  const outputs: Record<string, string[]> = {};
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
      outputs[`${company.name}/${stack}`] = Object.keys(program).sort();
      for (const urn of registeredUrns()) patterns.add(patternOf(urn, customers));
    }
  }
  const resources = [...patterns].sort();
  const types = resources.map((name) => name.split("::")[0]?.split("$").at(-1) ?? "");
  const componentTypes = [...new Set(types)].filter((type) => type.startsWith("customers-as-code:")).sort();
  return { outputs, componentTypes, resources };
}

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

test("the product keeps everything that contract.json lists", () => {
  const lines = new Set(linesOf(found));
  expect(linesOf(written).filter((line) => !lines.has(line))).toEqual([]);
});

test("contract.json lists everything that the product has (UPDATE_GOLDEN=1 writes it)", () => {
  const lines = new Set(linesOf(written));
  expect(linesOf(found).filter((line) => !lines.has(line))).toEqual([]);
});

test("every section of the contract has names, and a row in docs/reference/compatibility.md", () => {
  const empty = Object.keys(found).filter(
    (section) => linesOf({ [section]: found[section] ?? [] }).length === 0,
  );
  expect(empty).toEqual([]);
  const page = readFileSync("docs/reference/compatibility.md", "utf8");
  const [, table = ""] = page.split("| what | in contract.json |");
  const rows = table.split("\n\n")[0]?.split("\n").slice(2) ?? [];
  const sections = rows.flatMap((row) => [...(row.split(" | ")[1] ?? "").matchAll(/`(\w+)`/g)]);
  expect(sections.map(([, name]) => name).sort()).toEqual(Object.keys(found).sort());
});

describe("promises of released versions", () => {
  const releases = readdirSync(releasesFolder)
    .map((file) => basename(file, ".json"))
    .sort(compareVersions);
  const last = releases.at(-1) ?? "";
  const release: Release = {
    version: last,
    contract: JSON.parse(readFileSync(join(releasesFolder, `${last}.json`), "utf8")),
  };

  it("are kept, or the changelog says how to upgrade", () => {
    const next = { version: nextVersion(current), contract: found, upgradeNotes: readUpgradeNotes(last) };
    expect(findBrokenPromises(release, next)).toEqual([]);
  });

  const before: Release = {
    version: "0.2.0",
    contract: { outputs: { main: ["url", "port"] }, programs: ["a"] },
  };
  const after = (version: string, upgradeNotes = "") => ({
    version,
    contract: { outputs: { main: ["url"] }, programs: ["a", "b"] },
    upgradeNotes,
  });

  it("allow more names at any time", () => {
    const same = { ...after("0.2.1"), contract: { ...after("0.2.1").contract, ...before.contract } };
    expect(findBrokenPromises(before, same)).toEqual([]);
  });

  it("refuse to take a name away without a word on what to do", () => {
    expect(findBrokenPromises(before, after("0.3.0"))).toHaveLength(1);
    expect(findBrokenPromises(before, after("0.3.0", "The output `ports` is gone."))).toHaveLength(1);
    expect(findBrokenPromises(before, after("0.3.0", "Read `url` instead of `port`."))).toEqual([]);
  });

  it("refuse to take a name away in a version that may not break anything", () => {
    const notes = "Read `url` instead of `port`.";
    const from = (version: string): Release => ({ ...before, version });
    expect(findBrokenPromises(from("0.2.0"), after("0.2.1", notes))).toHaveLength(1);
    expect(findBrokenPromises(from("0.9.0"), after("1.0.0", notes))).toEqual([]);
    expect(findBrokenPromises(from("1.2.0"), after("1.3.0", notes))).toHaveLength(1);
    expect(findBrokenPromises(from("1.2.0"), after("2.0.0", notes))).toEqual([]);
  });
});

describe("what commands print with --json", () => {
  const program = "packages/customers-as-code/bin.cjs";
  /** Whose keys are names of the company's. */
  const open = ["metadata"];

  it.each([
    ["list"],
    ["show", "acme"],
    ["validate", "--stack", "dev"],
    ["doctor"],
    ["doctor", "--workflows", current],
    ["upgrade", "--check"],
  ])("%s has only keys that docs/reference/commands.md describes", (name, ...args) => {
    let printed: string;
    try {
      printed = execFileSync(process.execPath, [program, name, ...args, "--json"], { encoding: "utf8" });
    } catch (error) {
      printed = String((error as { stdout: string }).stdout);
    }
    const [, section = ""] = readFileSync("docs/reference/commands.md", "utf8").split(
      /\n## (?:JSON|Shell completion)\n/,
    );
    const described = new Set([...section.matchAll(/[`"]([\w-]+)[`"]/g)].map(([, word]) => word));
    const keys = (value: unknown): string[] => {
      if (typeof value !== "object" || value === null) return [];
      if (Array.isArray(value)) return value.flatMap(keys);
      return Object.entries(value).flatMap(([key, inner]) => [
        key,
        ...(open.includes(key) ? [] : keys(inner)),
      ]);
    };
    const all = keys(JSON.parse(printed));
    expect(all.length).toBeGreaterThan(1);
    expect(all.filter((key) => !described.has(key))).toEqual([]);
    expect(commands.map((command) => command.name)).toContain(name);
  });
});

test("the current version has left its states and its contract", () => {
  expect(readdirSync(statesFolder)).toContain(current);
  const names = listCompanies(companiesFolder).map(({ name }) => name);
  expect(readdirSync(join(statesFolder, current))).toEqual(names);
  expect(readdirSync(releasesFolder)).toContain(`${current}.json`);
});
