// template/ is what `pulumi new` copies: what the command writes, with Pulumi's placeholders. UPDATE_GOLDEN=1 writes it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";
import { defaults } from "../src/answers";
import { renderProgram } from "../src/company-files";
import { renderPulumiTemplate } from "../src/pulumi-template";

const folder = join(__dirname, "../template");

test.each([...renderPulumiTemplate()])("template/%s is what the command writes.", (path, text) => {
  const file = join(folder, path);
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(existsSync(file) && readFileSync(file, "utf8")).toBe(text);
});

test("In YAML, a placeholder stands alone as a value: Pulumi writes a line feed after it, which would break a key.", () => {
  for (const [path, text] of renderPulumiTemplate()) {
    if (!/\.ya?ml$/.test(path)) continue;
    const lines = text.split("\n").filter((line) => /\$\{(PROJECT|DESCRIPTION)\}/.test(line));
    expect(lines.filter((line) => !/^\w+: \$\{\w+\}$/.test(line))).toEqual([]);
  }
});

test("The program is this repository's own.", () => {
  const root = join(__dirname, "../../../index.ts");
  expect(readFileSync(join(folder, "index.ts"), "utf8")).toBe(readFileSync(root, "utf8"));
});

test("The program in JavaScript is the one in TypeScript without its types.", () => {
  const [[path, javascript] = ["", ""]] = renderProgram("javascript");
  expect(path).toBe("index.js");
  const compile = (text: string) =>
    transpileModule(text, { compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2023 } })
      .outputText;
  const [[, typescript] = ["", ""]] = renderProgram("typescript");
  expect(compile(javascript)).toBe(compile(typescript));
  expect(javascript).not.toMatch(/\btype\b|: Promise/);
});

test("The template asks for what the command asks for, with the same defaults.", () => {
  const text = readFileSync(join(folder, "Pulumi.yaml"), "utf8");
  for (const value of [defaults.domain, defaults.region, defaults.audience, defaults.backendUrl]) {
    expect(text).toContain(`default: ${value}\n`);
  }
});
