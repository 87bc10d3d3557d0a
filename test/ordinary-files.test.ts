// A company's files in the style of whoever wrote them: valid, and formatted as no formatter would. CI must accept them, and what
// commands change in them is nothing else than what they were asked to change.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";

const acme = `---
# Our first customer:   the shop.
"displayName" :   'Acme   Corporation'


clients:
      # The shop.
      shop:     {   scopes:   [   read:orders,write:orders,
            read:invoices   ] , }
      'books':
            scopes:
            - "read:invoices"
`;
const globex = '{displayName: "Globex",\n    "clients":{"default":\t{"scopes":["read:orders"]}}}\n';
const policy = '{"public-routes":{\n\t\t"allowed":[ "GET /health" ]   }   }';

const folder = mkdtempSync(join(tmpdir(), "ordinary-files-"));
const program = resolve("packages/customers-as-code/bin.cjs");
afterAll(() => rmSync(folder, { recursive: true }));
const at = (path: string) => join(folder, path);
const read = (path: string) => readFileSync(at(path), "utf8");

/** The same settings in another style: four spaces for two, and keys in quotes. */
const restyle = (text: string) =>
  text
    .replaceAll(/^ +/gm, (indentation) => indentation.repeat(2))
    .replaceAll(/^( *)([\w/:-]+):(?= |$)/gm, '$1"$2" :');

beforeAll(() => {
  mkdirSync(at("customers"));
  mkdirSync(at("policy"));
  writeFileSync(at("customers/acme.yaml"), acme);
  writeFileSync(at("customers/globex.yaml"), globex);
  writeFileSync(at("policy/dev.json"), policy);
  writeFileSync(at("openapi.yaml"), JSON.stringify(parse(readFileSync("openapi.yaml", "utf8")), null, 7));
  for (const name of ["Pulumi.yaml", "Pulumi.dev.yaml"]) {
    writeFileSync(at(name), restyle(readFileSync(name, "utf8")));
  }
  writeFileSync(
    at("package.json"),
    '{"name":"shop","private":true,\n"dependencies":{"customers-as-code":"0.2.0"}}',
  );
  symlinkSync(resolve("node_modules"), at("node_modules"));
});

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: "utf8", env });
  return { code: status, output: stdout + stderr };
}

const customers = (...args: string[]) => run(process.execPath, [program, ...args]);

/** The steps of the job "Validate", which every company's pull request runs; without the installation, which needs a registry. */
function requiredSteps(): string[] {
  const workflow = parse(readFileSync(".github/workflows/customers-pull-request.yml", "utf8"));
  const steps: { run?: string }[] = workflow.jobs.validate.steps;
  return steps.flatMap(({ run: script }) =>
    script === undefined || script.startsWith("npm ci") ? [] : [script],
  );
}

test("the required check of a pull request accepts them", () => {
  const { WORKFLOWS_VERSION, npm_config_yes } = parse(
    readFileSync(".github/workflows/customers-pull-request.yml", "utf8"),
  ).env;
  const steps = requiredSteps();
  expect(steps).toContain("npx customers validate");
  for (const step of steps) {
    const env = { ...process.env, WORKFLOWS_VERSION, npm_config_yes };
    expect({ step, ...run("bash", ["-e", "-o", "pipefail", "-c", step], env) }).toMatchObject({
      step,
      code: 0,
    });
  }
});

test("the formatter of this repository leaves a company's files alone, and formats its program", () => {
  const biome = resolve("node_modules/.bin/biome");
  cpSync("biome.json", at("biome.json"));
  const check = () =>
    run(biome, ["check", "--error-on-warnings", "--colors=off", "--max-diagnostics=none", "."]);
  const names = (output: string) =>
    [...output.matchAll(/^(\S+) (format|lint\/\S+|parse) ━/gm)].map(([, name]) => name);
  writeFileSync(at("index.ts"), "export  const  a=1\n");
  rmSync(at("package.json"));
  const wrong = check();
  rmSync(at("index.ts"));
  expect(wrong.code).toBe(1);
  expect(names(wrong.output)).toEqual(["index.ts"]);
});

test("a command changes its line, and leaves every other as it was written", () => {
  expect(customers("suspend", "acme", "--reason", "unpaid").code).toBe(0);
  const [name = "", rest = ""] = acme.split(/(?<=Corporation'\n)/);
  expect(read("customers/acme.yaml")).toBe(`${name}status: suspended # unpaid\n${rest}`);
  expect(customers("resume", "acme").code).toBe(0);
  expect(read("customers/acme.yaml")).toBe(acme);
  expect(customers("rename", "acme", "acme-eu").code).toBe(0);
  expect(read("customers/acme-eu.yaml")).toBe(`${name}previously: acme\n${rest}`);
});

test("what a command adds is valid, and no other file changes", () => {
  expect(customers("add", "umbrella", "--name", "Umbrella", "--scopes", "read:orders").code).toBe(0);
  expect(read("customers/globex.yaml")).toBe(globex);
  expect(customers("validate", "--stack", "dev")).toEqual({ code: 0, output: "dev: all is well\n" });
});
