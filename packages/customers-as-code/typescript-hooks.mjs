// Lets Node older than 22.18 run the company's own files in TypeScript. The compiler is the one that comes with Pulumi's SDK, 3.8: it knows
// `import type`, but not `import { type ... }` or `satisfies`. It checks no types, and lines of types are gone from what runs.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
let compiler;

export async function load(url, context, nextLoad) {
  if (!url.startsWith("file:") || !/\.ts$/.test(url) || url.includes("/node_modules/"))
    return nextLoad(url, context);
  compiler ??= require(
    join(dirname(require.resolve("@pulumi/pulumi/package.json")), "vendor/typescript@3.8.3/typescript.js"),
  );
  const path = fileURLToPath(url);
  const { outputText, diagnostics = [] } = compiler.transpileModule(await readFile(path, "utf8"), {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: { target: "es2020", module: "esnext" },
  });
  if (diagnostics.length > 0) throw new SyntaxError(describe(diagnostics, path));
  return { format: "module", source: outputText, shortCircuit: true };
}

function describe(diagnostics, path) {
  const lines = diagnostics.map(({ file, start, messageText }) => {
    const { line, character } = file.getLineAndCharacterOfPosition(start);
    return `${path}:${line + 1}:${character + 1}  ${compiler.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
  return `${lines.join("\n")}\nNode.js ${process.versions.node} runs TypeScript 3.8 only. Use Node.js 22.18 or newer, or index.js.`;
}
