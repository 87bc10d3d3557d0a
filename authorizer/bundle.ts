// The files of the Lambda function. Runs while deploying; not part of the function.
import { join } from "node:path";
import { buildSync } from "esbuild";
import { compileConfig } from "./compile";
import type { AuthorizerConfig } from "./config";

/**
 * The function's code and settings, text by name; its handler is `index.handler`.
 * @throws where the settings are wrong, with every problem
 */
export function authorizerFiles(config: AuthorizerConfig): Record<"index.js" | "config.json", string> {
  return { "index.js": bundleAuthorizer(), "config.json": `${JSON.stringify(compileConfig(config))}\n` };
}

let bundle: string | undefined;

/** One file for nodejs22.x and later; the same source and the same esbuild give the same bytes. */
export function bundleAuthorizer(): string {
  bundle ??= build();
  return bundle;
}

function build(): string {
  const { outputFiles } = buildSync({
    absWorkingDir: __dirname,
    entryPoints: [join(__dirname, "index.ts")],
    bundle: true,
    minify: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    legalComments: "none",
    // Nothing that lies around on the machine changes the bytes.
    tsconfigRaw: {},
    write: false,
    logLevel: "silent",
  });
  return outputFiles.map(({ text }) => text).join("");
}
