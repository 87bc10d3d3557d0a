// How the program and the commands are loaded, as processes of their own: here jest loads everything.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "typescript-"));
afterAll(() => rmSync(folder, { recursive: true }));

function run(file: string, text: string): string {
  const path = join(folder, file);
  writeFileSync(path, text);
  return execFileSync(
    process.execPath,
    ["--require", resolve("packages/customers-as-code/start-up.cjs"), path],
    { encoding: "utf8" },
  );
}

test("TypeScript runs, with places in its own files where it throws", () => {
  const print =
    'import { answer } from "./answer";\nconst text: string | undefined = answer();\nconsole.log(text);\n';
  writeFileSync(
    join(folder, "answer.ts"),
    "interface Answer {\n  at?: string;\n}\nexport const answer = (): Answer['at'] => new Error().stack;\n",
  );
  expect(run("print.ts", print)).toContain(`${join(folder, "answer.ts")}:4:`);
});

test("JavaScript is loaded by Node itself, both by the program and by the policy pack", () => {
  const before =
    'const { Module } = require("node:module");\nconst own = Module._extensions[".js"].toString();\n';
  for (const loader of [
    "packages/customers-as-code/start-up.cjs",
    "packages/customers-as-code/policy/index.js",
  ]) {
    const pack = `Module._load = ((load) => (name, ...rest) => name.endsWith("/policy/pack.ts") ? undefined : load(name, ...rest))(Module._load);\n`;
    const after = `require(${JSON.stringify(resolve(loader))});\nconsole.log(own === Module._extensions[".js"].toString(), ".ts" in Module._extensions);\n`;
    const path = join(folder, "own.cjs");
    writeFileSync(path, before + pack + after);
    expect(execFileSync(process.execPath, [path], { encoding: "utf8", timeout: 60_000 })).toBe("true true\n");
  }
});
