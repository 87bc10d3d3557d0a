// Lets Node older than 22.18 run the company's own files in TypeScript. The compiler is the one that comes with Pulumi's SDK, 3.8: it knows
// `import type`, but not `import { type ... }` or `satisfies`. It checks no types. Lines with only types are removed, so line numbers in
// stack traces differ from those of the file.
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const sdk = dirname(require.resolve("@pulumi/pulumi/package.json"));
const cache = join(sdk, "../../.cache/customers-as-code");

export async function load(url, context, nextLoad) {
  if (!url.startsWith("file:") || !/\.ts$/.test(url) || url.includes("/node_modules/"))
    return nextLoad(url, context);
  const path = fileURLToPath(url);
  const text = await readFile(path, "utf8");
  const kept = join(cache, `${createHash("sha256").update(text).digest("hex")}.mjs`);
  const source = await readFile(kept, "utf8").catch(() => compile(text, path, kept));
  return { format: "module", source, shortCircuit: true };
}

/** Loads the compiler, which takes longer than the company's file: so what it has made is kept, if that can be written. */
async function compile(text, path, kept) {
  const compiler = require(join(sdk, "vendor/typescript@3.8.3/typescript.js"));
  const { outputText, diagnostics = [] } = compiler.transpileModule(text, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: { target: "es2020", module: "esnext" },
  });
  if (diagnostics.length > 0) throw new SyntaxError(describe(compiler, diagnostics, path));
  try {
    await mkdir(cache, { recursive: true });
    await writeFile(`${kept}.${process.pid}`, outputText);
    await rename(`${kept}.${process.pid}`, kept);
  } catch {
    // A folder that cannot be written costs time, and nothing else.
  }
  return outputText;
}

function describe(compiler, diagnostics, path) {
  const lines = diagnostics.map(({ file, start, messageText }) => {
    const { line, character } = file.getLineAndCharacterOfPosition(start);
    return `${path}:${line + 1}:${character + 1}  ${compiler.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
  return `${lines.join("\n")}\nNode.js ${process.versions.node} runs TypeScript 3.8 only. Use Node.js 22.18 or newer, or index.js.`;
}
