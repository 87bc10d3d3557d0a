// What the measurements run: bundles in a temporary directory, and an issuer that serves its keys on localhost.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleAuthorizer, bundleForLambda } from "../../authorizer/build/bundle";
import { compileConfig } from "../../authorizer/build/compile";
import type { CompiledConfig } from "../../authorizer/src/config";
import { authorizerConfig, generateSigningKey, type SigningKey } from "../../authorizer/testing/auth0-tokens";

export interface Workspace {
  key: SigningKey;
  config: CompiledConfig;
  jwksUri: string;
  directory: string;
  /** Directories with an `index.js`. */
  ours: string;
  seed: string;
  decision: string;
  close(): void;
}

export async function openWorkspace(): Promise<Workspace> {
  const key = generateSigningKey();
  const directory = mkdtempSync(join(tmpdir(), "authorizer-bench-"));
  const place = (name: string, files: Record<string, string>): string => {
    const folder = join(directory, name);
    mkdirSync(folder);
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
    return folder;
  };
  const server = createServer((_, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ keys: [key.jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const jwksUri = `http://127.0.0.1:${address.port}/.well-known/jwks.json`;
  const { issuers, ...compiled } = compileConfig(authorizerConfig(key));
  // Keys of the deployment are fetched again after some seconds: here as everywhere, from where they can be had.
  const config = { ...compiled, issuers: issuers.map((each) => ({ ...each, jwksUri })) };
  return {
    key,
    config,
    jwksUri,
    directory,
    ours: place("ours", { "index.js": bundleAuthorizer(), "config.json": JSON.stringify(config) }),
    seed: place("seed", { "index.js": bundleForLambda(join(__dirname, "seed.ts")) }),
    decision: place("decision", { "index.js": bundleForLambda(join(__dirname, "decision.ts")) }),
    close() {
      server.close();
      server.closeAllConnections();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
