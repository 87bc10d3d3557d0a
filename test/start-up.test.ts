// How Node starts a company's program, in a process of its own: here jest loads everything.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "start-up-"));
beforeAll(() => {
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(file: string, text: string) {
  writeFileSync(join(folder, file), text);
  const args = ["--import", "customers-as-code/start-up", file];
  return spawnSync(process.execPath, args, { encoding: "utf8", cwd: folder });
}

test("A program in TypeScript runs, and its errors name its own files.", () => {
  writeFileSync(
    join(folder, "answer.ts"),
    "export interface Answer {\n  at?: string;\n}\nexport const answer = (): Answer['at'] => new Error().stack;\n",
  );
  const { stdout, stderr } = run(
    "print.ts",
    'import { answer } from "./answer.ts";\nimport type { Answer } from "./answer.ts";\nconst text: Answer["at"] = answer();\nconsole.log(text);\n',
  );
  expect(stderr).toBe("");
  expect(stdout).toMatch(/answer\.ts:\d/);
});

test("A program in JavaScript runs, and imports the package's parts by name.", () => {
  const { stdout, stderr } = run(
    "print.js",
    'import { Api, declareProgram } from "customers-as-code";\nconsole.log(typeof Api, typeof declareProgram);\n',
  );
  expect({ stdout, stderr }).toEqual({ stdout: "function function\n", stderr: "" });
});

test("A syntax error in TypeScript names the file and the line.", () => {
  const { status, stderr } = run("wrong.ts", "const one = 1;\nconst = 2;\n");
  expect(status).toBe(1);
  expect(stderr).toMatch(/wrong\.ts:2/);
});

test("Nothing of the package needs TypeScript, tsx or esbuild when it runs.", () => {
  const script = `
    import module from "node:module";
    const { createRequire } = module;
    const require = createRequire(import.meta.url);
    require("customers-as-code");
    require("customers-as-code-local/cli");
    const loaded = Object.keys(require.cache).filter((path) => /(node_modules\\/(typescript|tsx|@?esbuild|@swc|ts-node)|vendor\\/typescript[^/]*)\\/|\\.ts$/.test(path));
    console.log(JSON.stringify(loaded));
  `;
  const { stdout, stderr } = run("loaded.js", script);
  expect({ stdout, stderr }).toEqual({ stdout: "[]\n", stderr: "" });
});

test("The SDK still finds its compiler when a function is serialized.", () => {
  const script = `
    import * as pulumi from "@pulumi/pulumi";
    const { text } = await pulumi.runtime.serializeFunction(() => 42);
    console.log(text.includes("42"));
  `;
  const { stdout, stderr } = run("serialized.js", script);
  expect({ stdout, stderr }).toEqual({ stdout: "true\n", stderr: "" });
});

test("No process of a program formats its stacks by source maps.", () => {
  const script = `
    import { createRequire } from "node:module";
    const fromRunner = createRequire(import.meta.resolve("@pulumi/pulumi/cmd/run/index.js"));
    const { prepareStackTrace } = Error;
    fromRunner("source-map-support/register");
    console.log(Error.prepareStackTrace === prepareStackTrace);
  `;
  const { stdout, stderr } = run("stacks.js", script);
  expect({ stdout, stderr }).toEqual({ stdout: "true\n", stderr: "" });
});
