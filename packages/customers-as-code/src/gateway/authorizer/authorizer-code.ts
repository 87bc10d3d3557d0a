// The Lambda authorizer's code, which comes built with the package, and its settings.
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CompiledRoutes, compileConfig } from "#authorizer/build/compile";
import type { AuthorizerConfig, Route } from "#authorizer/config";

/** `index.js`, and `index.js.sha256` as `sha256sum` writes it. */
const folder = join(__dirname, "../../../authorizer");

/**
 * The function's files, text by name; its handler is `index.handler`.
 * @throws if the settings are wrong, with every problem; or if the code is not the one that was published with the package
 */
export function readAuthorizerFiles(
  config: AuthorizerConfig<Route[] | CompiledRoutes>,
): Record<"index.js" | "config.json", string> {
  return { "index.js": readCode(), "config.json": `${JSON.stringify(compileConfig(config))}\n` };
}

let code: string | undefined;

function readCode(): string {
  code ??= checkCode(
    readFileSync(join(folder, "index.js"), "utf8"),
    readFileSync(join(folder, "index.js.sha256"), "utf8"),
  );
  return code;
}

/**
 * @param checksum the line of `sha256sum`
 * @returns the code
 * @throws if its checksum is a different one: a file that is damaged or was edited must not decide about customers' calls
 */
export function checkCode(code: string, checksum: string): string {
  const found = `${hash("sha256", code)}  index.js`;
  if (found === checksum.trimEnd()) return code;
  throw new Error(
    `node_modules/customers-as-code/authorizer/index.js is not the file that was published: its checksum is ${found.split(" ")[0]}, and index.js.sha256 has ${checksum.split(" ")[0]}. Install the package again with: npm ci`,
  );
}
