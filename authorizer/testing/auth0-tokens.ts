// An issuer with one key, and tokens such as Auth0 gives to machine-to-machine clients.
import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { AuthorizerConfig, Jwk } from "../src/config";

export const issuer = "https://customers-as-code.eu.auth0.com/";
export const audience = "https://api.orders.example/v1";
/** As long as Auth0's. */
const kid = "bXk4sT2vQ9wLrE7yN1uHd";
const organizationId = "org_8KfQ2mZt7VbXcL4j";

export interface SigningKey {
  jwk: Jwk;
  publicKey: KeyObject;
  privateKey: KeyObject;
}

export function generateSigningKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { n, e } = createPublicKey(privateKey).export({ format: "jwk" });
  if (n === undefined || e === undefined) throw new Error("the key is not an RSA key");
  return { jwk: { kid, kty: "RSA", alg: "RS256", use: "sig", n, e }, publicKey, privateKey };
}

/** A token of the organization's client; the claims given replace its own. */
export function signToken({ privateKey }: SigningKey, claims: Record<string, unknown> = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const clientId = "Vq7Zt2LmX0pKc9RbYw3HsJ5nGd8FaE1u";
  const payload = {
    iss: issuer,
    sub: `${clientId}@clients`,
    aud: audience,
    iat: now,
    exp: now + 86_400,
    scope: "read:orders write:orders read:invoices",
    org_id: organizationId,
    org_name: "globex-corporation",
    gty: "client-credentials",
    azp: clientId,
    jti: "q2W8sYc5nVt1LxR4bKz7Gh",
    ...claims,
  };
  const signed = [{ alg: "RS256", typ: "JWT", kid }, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), privateKey).toString("base64url")}`;
}

/** So many tokens, no two of them the same. */
export function signTokens(key: SigningKey, count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    signToken(key, { jti: `q2W8sYc5nVt1LxR4b${String(index).padStart(5, "0")}` }),
  );
}

/** The same token with a signature of which one bit is wrong. */
export function spoilSignature(token: string): string {
  const start = token.lastIndexOf(".") + 1;
  const signature = Buffer.from(token.slice(start), "base64url");
  signature.writeUInt8(signature.readUInt8(100) ^ 1, 100);
  return token.slice(0, start) + signature.toString("base64url");
}

/** Settings of an authorizer for the tokens, with the operations of `openapi.yaml`. */
export function authorizerConfig({ jwk }: SigningKey): AuthorizerConfig {
  return {
    name: "Orders API",
    issuers: [{ kind: "auth0", issuer, audience, jwks: { keys: [jwk] } }],
    routes: [
      { method: "GET", path: "/orders", scopes: [["read:orders"]] },
      { method: "POST", path: "/orders", scopes: [["write:orders"]] },
      { method: "GET", path: "/orders/{orderId}", scopes: [["read:orders"]] },
      { method: "DELETE", path: "/orders/{orderId}", scopes: [["write:orders"]] },
      { method: "GET", path: "/invoices", scopes: [["read:invoices"]] },
      { method: "POST", path: "/orders/{orderId}/invoice", scopes: [["read:orders", "write:invoices"]] },
    ],
    organizations: "any",
    suspended: { organizations: ["org_0000000000000000"], clients: [], tokens: [] },
  };
}

/** The stage that the events come from. */
export const stageArn = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/v1";

/** What API Gateway sends to the authorizer of a REST API. */
export function tokenEvent(token: string, path = "/orders", method = "GET") {
  return { type: "TOKEN", methodArn: `${stageArn}/${method}${path}`, authorizationToken: `Bearer ${token}` };
}
