// Prints a client assertion, good for one token: node assertion.mjs private.pem
import { randomUUID, sign } from "node:crypto";
import { readFileSync } from "node:fs";

const clientId = "CLIENT_ID";
// Auth0 accepts the issuer as a single string, with its slash.
const issuer = "ISSUER";

const privateKey = readFileSync(process.argv[2] ?? "private.pem", "utf8");
const now = Math.floor(Date.now() / 1000);
const encode = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");
const header = encode({ alg: "RS256", typ: "JWT" });
const claims = encode({
  iss: clientId,
  sub: clientId,
  aud: issuer,
  iat: now,
  exp: now + 60,
  jti: randomUUID(),
});
const signature = sign("sha256", Buffer.from(`${header}.${claims}`), privateKey).toString("base64url");
console.log(`${header}.${claims}.${signature}`);
