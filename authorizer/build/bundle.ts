// The files of the Lambda function. Runs while deploying; not part of the function.
import { hash } from "node:crypto";
import { join } from "node:path";
import { buildSync } from "esbuild";
import type { AuthorizerConfig, Route } from "../src/config";
import { type CompiledRoutes, compileConfig } from "./compile";

const source = join(__dirname, "../src");

/**
 * The function's code and settings, text by name; its handler is `index.handler`.
 * @throws where the settings are wrong, with every problem
 */
export function authorizerFiles(
  config: AuthorizerConfig<Route[] | CompiledRoutes>,
): Record<"index.js" | "config.json", string> {
  return { "index.js": bundleAuthorizer(), "config.json": `${JSON.stringify(compileConfig(config))}\n` };
}

let bundle: string | undefined;

/** The function's code. The same source and the same esbuild give the same bytes. */
export function bundleAuthorizer(): string {
  bundle ??= bundleForLambda(join(source, "index.ts"));
  return bundle;
}

/** Names the bytes that are deployed, as `sha256sum` does; the reviewed ones are in `bundle.sha256`. */
export function bundleChecksum(code = bundleAuthorizer()): string {
  return `${hash("sha256", code)}  index.js`;
}

/** One file for nodejs22.x and later. */
export function bundleForLambda(entryPoint: string): string {
  const { outputFiles } = buildSync({
    absWorkingDir: source,
    entryPoints: [entryPoint],
    bundle: true,
    minify: true,
    platform: "node",
    alias: { https: join(source, "lazy-https.ts") },
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
