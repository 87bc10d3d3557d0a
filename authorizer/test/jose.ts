// jose, the second opinion on tokens. Jest runs CommonJS, which this package is not: it is made so first.

import { buildSync } from "esbuild";
import type { Jwk } from "../src/config";
import { audience, issuer, now } from "../testing/tokens";

type Jose = typeof import("jose", { with: { "resolution-mode": "import" }});

/** Whether jose, with the same rules as far as it knows them, accepts a token that one of the keys signed. */
export function joseWith(keys: Jwk[]): (text: string) => Promise<boolean> {
  const { createLocalJWKSet, jwtVerify } = loadJose();
  const trusted = createLocalJWKSet({ keys });
  return async (text) => {
    try {
      await jwtVerify(text, trusted, {
        issuer,
        audience,
        algorithms: ["RS256"],
        clockTolerance: 5,
        currentDate: new Date(now * 1000),
        requiredClaims: ["exp", "iat", "sub", "org_id"],
      });
      return true;
    } catch {
      return false;
    }
  };
}

type Loaded = Pick<Jose, "createLocalJWKSet" | "jwtVerify">;
let jose: Loaded | undefined;

function loadJose(): Loaded {
  jose ??= bundleJose();
  return jose;
}

function bundleJose(): Loaded {
  const { outputFiles } = buildSync({
    stdin: { contents: 'export { createLocalJWKSet, jwtVerify } from "jose";', resolveDir: __dirname },
    bundle: true,
    format: "cjs",
    platform: "node",
    write: false,
  });
  const loaded = { exports: {} };
  new Function("module", "require", outputFiles[0]?.text ?? "")(loaded, require);
  if (!isJose(loaded.exports)) throw new Error("jose lacks a function");
  return loaded.exports;
}

function isJose(value: object): value is Jose {
  return "createLocalJWKSet" in value && "jwtVerify" in value;
}
