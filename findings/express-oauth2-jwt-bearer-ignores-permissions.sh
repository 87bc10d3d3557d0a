#!/usr/bin/env bash
# Version:   express-oauth2-jwt-bearer 1.10.0 (npm), with express 5.3.0 and jsonwebtoken 9.0.3
# Behaviour: requiredScopes and scopeIncludesAny of Auth0's own middleware read only the claim `scope`. A token of an API with
#            RBAC, whose rights are in `permissions`, is refused with 403 "Missing 'scope' claim".
# Expected:  Auth0's middleware reads both places in which Auth0 puts the rights.
# Seen:      scope: 200; permissions: 403
# Matters:   turning on "Add Permissions in the Access Token" (tokenDialect access_token_authz) and moving the rights of users to
#            roles makes a backend refuse them. Use claimIncludes("permissions", ...) for such tokens.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
npm install --ignore-scripts --loglevel=error express-oauth2-jwt-bearer@1.10.0 express@5.3.0 jsonwebtoken@9.0.3 > npm.log
npm ls --depth=0 | grep express-oauth2-jwt-bearer@

cat > api.cjs << 'JS'
const express = require("express");
const { auth, claimIncludes, requiredScopes } = require("express-oauth2-jwt-bearer");
const jwt = require("jsonwebtoken");

const settings = { issuer: "https://tenant.example.com/", audience: "https://api.example.com" };
const secret = "a key of thirty-two bytes or more";
const app = express();
app.use(auth({ ...settings, secret, tokenSigningAlg: "HS256" }));
app.get("/scopes", requiredScopes("read:orders"), (_request, response) => response.json({}));
app.get("/permissions", claimIncludes("permissions", "read:orders"), (_request, response) => response.json({}));
app.use((error, _request, response, _next) => response.status(error.status).send(error.message));

const server = app.listen(0, async () => {
  for (const [path, claims] of [
    ["scopes", { scope: "read:orders" }],
    ["scopes", { permissions: ["read:orders"] }],
    ["permissions", { permissions: ["read:orders"] }],
  ]) {
    const token = jwt.sign(claims, secret, { ...settings, expiresIn: 60 });
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`http://localhost:${server.address().port}/${path}`, { headers });
    console.log(`${path} ${JSON.stringify(claims)}: ${response.status} ${await response.text()}`);
  }
  process.exit();
});
JS
seen=$(node api.cjs)

echo "A route that asks for scopes, and one that asks for permissions:"
echo "$seen"
[ "$seen" = 'scopes {"scope":"read:orders"}: 200 {}
scopes {"permissions":["read:orders"]}: 403 Missing '"'scope'"' claim
permissions {"permissions":["read:orders"]}: 200 {}' ] || { echo "The behaviour has changed." >&2; exit 1; }
