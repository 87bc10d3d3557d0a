#!/usr/bin/env bash
# Version:   express-oauth2-jwt-bearer 1.10.0 (npm), with express 5.3.0 and jsonwebtoken 9.0.3
# Behaviour: claimEquals, claimIncludes and claimCheck answer a valid token whose claim doesn't fit with 401 invalid_token.
# Expected:  403, as requiredScopes answers: the token is good, but not for this.
# Seen:      org_id of another organization: 401 invalid_token; a missing scope: 403 insufficient_scope
# Matters:   clients react to a 401 with a new token. One that calls with the wrong organization asks Auth0 for a token again and
#            again, and each counts toward the quota of M2M tokens. Map the error to 403 in the error handler.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
npm install --ignore-scripts --loglevel=error express-oauth2-jwt-bearer@1.10.0 express@5.3.0 jsonwebtoken@9.0.3 > npm.log
npm ls --depth=0 | grep express-oauth2-jwt-bearer@

cat > api.cjs << 'JS'
const express = require("express");
const { auth, claimEquals, requiredScopes } = require("express-oauth2-jwt-bearer");
const jwt = require("jsonwebtoken");

const settings = { issuer: "https://tenant.example.com/", audience: "https://api.example.com" };
const secret = "a key of thirty-two bytes or more";
const app = express();
app.use(auth({ ...settings, secret, tokenSigningAlg: "HS256" }));
app.get("/organization", claimEquals("org_id", "org_1"), (_request, response) => response.json({}));
app.get("/scope", requiredScopes("write:orders"), (_request, response) => response.json({}));
app.use((error, _request, response, _next) => response.status(error.status).send(error.code));

const server = app.listen(0, async () => {
  const token = jwt.sign({ org_id: "org_2", scope: "read:orders" }, secret, { ...settings, expiresIn: 60 });
  for (const path of ["organization", "scope"]) {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`http://localhost:${server.address().port}/${path}`, { headers });
    console.log(`${path}: ${response.status} ${await response.text()}`);
  }
  process.exit();
});
JS
seen=$(node api.cjs)

echo "A valid token with another organization, and without the scope:"
echo "$seen"
[ "$seen" = "organization: 401 invalid_token
scope: 403 insufficient_scope" ] || { echo "The behaviour has changed." >&2; exit 1; }
