// jose, the second opinion on tokens. Jest runs CommonJS, which this package is not: it is made so first.

import { buildSync } from "esbuild";

type Jose = typeof import("jose", { with: { "resolution-mode": "import" }});

export function loadJose(): Pick<Jose, "createLocalJWKSet" | "jwtVerify"> {
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
