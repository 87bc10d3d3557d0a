// Who verifies the tokens, each as its documentation says, with the same key and the same claims.
import { verify } from "node:crypto";
import { join } from "node:path";
import { JwtVerifier } from "aws-jwt-verify";
import { createVerifier as createFastJwtVerifier } from "fast-jwt";
import { audience, issuer, stageArn, tokenEvent } from "../../authorizer/testing/auth0-tokens";
import { createVerifier as createSeedVerifier } from "./seed";
import type { Workspace } from "./workspace";

/** Decides about a token, or promises to; throws or rejects where it is not good. */
export type Decide = (token: string) => unknown;

/** Named as the table shows them. */
export const floor = "crypto.verify alone";
export const ourDecision = "ours: decision and policy";
export const ourHandler = "ours: event to answer, with log line";
export const fastJwtCached = "fast-jwt, its cache on";

/** @param tokens what they will be asked about: the floor has the parts of these decoded, the handler has events with them */
export async function contestants(
  { key, jwksUri, config, ours, decision }: Workspace,
  tokens: readonly string[],
): Promise<Map<string, Decide>> {
  const { createLocalJWKSet, jwtVerify } = await import("jose");
  const parts = new Map(tokens.map((token) => [token, decodeParts(token)]));
  // As the runtime reads them: each a text of its own.
  const events = new Map<string, unknown>(
    tokens.map((token) => [token, JSON.parse(JSON.stringify(tokenEvent(token)))]),
  );
  const pem = key.publicKey.export({ type: "spki", format: "pem" }).toString();

  const bundledDecision: typeof import("../../authorizer/src/authorizer") = require(
    join(decision, "index.js"),
  );
  const authorizer = new bundledDecision.Authorizer(config, () => {});
  const { handler }: typeof import("../../authorizer/src/index") = require(join(ours, "index.js"));

  const library = JwtVerifier.create({ issuer, audience });
  library.cacheJwks({ keys: [{ ...key.jwk }] });
  const keySet = createLocalJWKSet({ keys: [{ ...key.jwk }] });
  const fastJwt = { key: pem, algorithms: ["RS256" as const], allowedIss: issuer, allowedAud: audience };

  return new Map<string, Decide>([
    [
      floor,
      (token) => {
        const { signed, signature } = parts.get(token) ?? decodeParts(token);
        if (!verify("RSA-SHA256", signed, key.publicKey, signature)) throw new Error("not the key's");
      },
    ],
    [
      ourDecision,
      (token) => {
        const verdict = authorizer.decide(token);
        return verdict instanceof Promise
          ? verdict.then((late) => authorizer.policy(late, stageArn))
          : authorizer.policy(verdict, stageArn);
      },
    ],
    [ourHandler, (token) => handler(events.get(token) ?? tokenEvent(token))],
    ["aws-jwt-verify alone", (token) => library.verifySync(token)],
    ["fast-jwt", createFastJwtVerifier(fastJwt)],
    [fastJwtCached, createFastJwtVerifier({ ...fastJwt, cache: true })],
    ["jose", (token) => jwtVerify(token, keySet, { issuer, audience, algorithms: ["RS256"] })],
    ["jsonwebtoken and jwks-rsa (the seed)", createSeedVerifier(jwksUri)],
  ]);
}

function decodeParts(token: string): { signed: Buffer; signature: Buffer } {
  const end = token.lastIndexOf(".");
  return {
    signed: Buffer.from(token.slice(0, end)),
    signature: Buffer.from(token.slice(end + 1), "base64url"),
  };
}
