#!/usr/bin/env bash
# Version:   aws-jwt-verify 5.2.1 (npm), with jsonwebtoken 9.0.3 to make tokens
# Behaviour: a token whose key id isn't in the JWKS makes the verifier wait before it fetches the JWKS again: 10 seconds by
#            default, for all keys of this JWKS. Meanwhile it refuses good tokens of a key that has been published since.
# Expected:  a key id that the cache doesn't have leads to a fetch, once for each key id.
# Seen:      KidNotFoundInJwksError, then WaitPeriodNotYetEndedJwkError for a published key, with 1 request in all
# Matters:   Auth0 publishes the next key early, but two rotations in a row (a leaked key) make both keys new. A client that
#            still sends a token of the old key then makes a running authorizer refuse everybody's new tokens for a while.
#            They are denied like bad tokens, not answered with a 5xx that clients would retry. cacheJwks() avoids the wait.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
npm install --ignore-scripts --loglevel=error aws-jwt-verify@5.2.1 jsonwebtoken@9.0.3 > npm.log
npm ls --depth=0 | grep aws-jwt-verify@

cat > verify.mjs << 'JS'
import { generateKeyPairSync } from "node:crypto";
import { JwtRsaVerifier } from "aws-jwt-verify";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import jwt from "jsonwebtoken";

const issuer = "https://tenant.example.com/";
const audience = "https://api.example.com";
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const publish = (kid) => ({ ...publicKey.export({ format: "jwk" }), kid, alg: "RS256", use: "sig" });
const sign = (keyid) => jwt.sign({}, privateKey, { algorithm: "RS256", keyid, issuer, audience, expiresIn: 60 });

const keys = [publish("first")];
let requests = 0;
const fetcher = {
  async fetch() {
    requests += 1;
    return new TextEncoder().encode(JSON.stringify({ keys })).buffer;
  },
};
const verifier = JwtRsaVerifier.create(
  { issuer, audience, jwksUri: `${issuer}.well-known/jwks.json` },
  { jwksCache: new SimpleJwksCache({ fetcher }) },
);
async function verify(kid) {
  const outcome = await verifier.verify(sign(kid)).then(
    () => "accepted",
    (error) => error.constructor.name,
  );
  console.log(`${kid}: ${outcome}, requests so far: ${requests}`);
}
await verify("unknown");
keys.push(publish("second"));
await verify("second");
JS
seen=$(node verify.mjs)

echo "A token with an unknown key id, then one whose key has just been published:"
echo "$seen"
[ "$seen" = "unknown: KidNotFoundInJwksError, requests so far: 1
second: WaitPeriodNotYetEndedJwkError, requests so far: 1" ] || { echo "The behaviour has changed." >&2; exit 1; }
