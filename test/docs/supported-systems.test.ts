// docs/reference/supported-systems.md against package.json, the workflows, the local cloud and the function.
import { readFileSync } from "node:fs";
import { Region } from "@pulumi/aws/types/enums";
import { checkInstallation } from "../../packages/customers-as-code/src/upkeep/check-installation";
import { readInstallation } from "../../packages/customers-as-code/src/upkeep/installation";

const page = readFileSync("docs/reference/supported-systems.md", "utf8");
const rows = new Map(
  [...page.matchAll(/^\| (?!---|what \|)(.+) \|$/gm)].map(([, row = ""]): [string, string[]] => {
    const [title = "", ...cells] = row.split("|").map((cell) => cell.trim());
    return [title, cells];
  }),
);
const row = (title: string): string => rows.get(title)?.join(" | ") ?? "";
const json = (file: string) => JSON.parse(readFileSync(file, "utf8"));

const product = json("packages/customers-as-code/package.json");

test("Node.js: the engines of the package, and the versions of the workflow that tests it", () => {
  expect(product.engines.node).toBe(`>=${/^[\d.]+/.exec(row("Node.js"))?.[0]}`);
  const workflow = readFileSync(".github/workflows/test.yml", "utf8");
  const [, tested = ""] = /\|\| '(\["20\.20"[^']*\])'/.exec(workflow) ?? [];
  const versions: string[] = JSON.parse(tested);
  expect(row("Node.js")).toContain(versions.join(", ").replace(/, (\d+)$/, " and $1"));
  const runners = new Set(workflow.match(/runs-on: .*/g));
  expect([...runners]).toEqual([`runs-on: ${row("Linux").split("| ")[1]?.toLowerCase().replace(" ", "-")}`]);
});

test("Pulumi's packages: the peer dependencies", () => {
  for (const [name, version] of Object.entries(product.peerDependencies)) {
    expect([name, rows.get(`\`${name}\``)?.[0]?.split(";")[0]]).toEqual([name, version]);
  }
  const listed = [...rows.keys()].filter((title) => title.startsWith("`@pulumi/"));
  expect(listed.sort()).toEqual(
    Object.keys(product.peerDependencies)
      .map((name) => `\`${name}\``)
      .sort(),
  );
});

test("the Pulumi CLI and Node.js: what doctor accepts", () => {
  const [, major = "", minor = ""] = /version 3, from (\d+)\.(\d+) on/.exec(row("Pulumi CLI")) ?? [];
  const codes = (nodeVersion: string, pulumiCli: string) => {
    const { installation } = readInstallation(".", { nodeVersion, pulumiCli, environment: {} });
    if (installation === undefined) throw new Error("there is no installation");
    return checkInstallation(installation)
      .map(({ code }) => code)
      .filter((code) => code === "pulumi-cli-unsuitable" || code === "node-unsuitable");
  };
  expect(codes("20.20.0", `${major}.${minor}.0`)).toEqual([]);
  expect(codes("20.19.9", `${major}.${Number(minor) - 1}.0`)).toEqual([
    "node-unsuitable",
    "pulumi-cli-unsuitable",
  ]);
  expect(codes("24.0.0", `${Number(major) + 1}.0.0`)).toEqual(["pulumi-cli-unsuitable"]);
});

test("Go: what the build of the CLI needs, as the README has it", () => {
  const [, needed] =
    /^go ([\d.]+)/m.exec(readFileSync("packages/local-cloud/src/engine/build/go.mod", "utf8")) ?? [];
  expect(row("Go, only if the local cloud builds the Pulumi CLI")).toContain(`${needed} or newer`);
});

test("regions: as many as the SDK knows, which the program accepts", () => {
  const [, count] = /knows: (\d+)\./.exec(row("AWS regions")) ?? [];
  expect(new Set(Object.values(Region)).size).toBe(Number(count));
});

test("the function's runtime: what the program declares", () => {
  const source = readFileSync(
    "packages/customers-as-code/src/gateway/authorizer/authorizer-function.ts",
    "utf8",
  );
  expect(source).toMatch(/runtime: .*(nodejs24\.x|NodeJS24dX)/);
  expect(source).toContain("arm64");
  expect(row("the function's runtime")).toContain("nodejs24.x on arm64");
});

test("OpenAPI: the versions that the program accepts", () => {
  const source = readFileSync("packages/customers-as-code/src/openapi/openapi-schema.ts", "utf8");
  const [, union = ""] = /type OpenApiVersion = (.*);/.exec(source) ?? [];
  const versions = [...union.matchAll(/"([\d.]+)"/g)].map(([, version]) => version);
  expect(row("OpenAPI document")).toContain(versions.join(", ").replace(/, ([\d.]+)$/, " and $1"));
});
