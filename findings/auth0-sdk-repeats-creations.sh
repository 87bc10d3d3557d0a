#!/usr/bin/env bash
# Version:   auth0 7.1.0 (npm), on Node.js 20 or newer
# Behaviour: after any 5xx, the SDK sends a POST again, twice by default.
# Expected:  retries of 429, as version 4 does; of 5xx only for methods that are safe to repeat.
# Seen:      one clients.create() whose first answer is a 502: version 4 sends 1 request, version 7 sends 2
# Matters:   a gateway that answers 502 after Auth0 has created the client leaves a second one with the same name. No
#            state knows the first, and it keeps its secret and its place in the tenant's limit. `maxRetries: 0` avoids it.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
npm install --ignore-scripts --loglevel=error auth0@7.1.0 auth0-v4@npm:auth0@4.14.0 > npm.log
npm ls --depth=0 | grep auth0

openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 1 \
  -subj /CN=localhost -addext subjectAltName=DNS:localhost 2> openssl.log
cat > create.cjs << 'JS'
const { readFileSync } = require("node:fs");
const { createServer } = require("node:https");

// A tenant behind a gateway: it creates each client, but the first answer gets lost on its way.
const created = [];
const server = createServer({ key: readFileSync("key.pem"), cert: readFileSync("cert.pem") }, (request, response) => {
  request.resume().on("end", () => {
    created.push(`client_${created.length + 1}`);
    response.statusCode = created.length === 1 ? 502 : 201;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ client_id: created.at(-1) }));
  });
});
server.listen(0, async () => {
  const options = { domain: `localhost:${server.address().port}`, token: "token" };
  for (const name of ["auth0-v4", "auth0"]) {
    created.length = 0;
    const { ManagementClient } = require(name);
    const outcome = await new ManagementClient(options).clients.create({ name: "Acme" }).then(
      () => "succeeds",
      () => "fails",
    );
    console.log(`${name}: create ${outcome}, the tenant has ${created.length}`);
  }
  process.exit();
});
JS
seen=$(NODE_EXTRA_CA_CERTS=cert.pem node create.cjs)

echo "A creation is repeated after a 502:"
echo "$seen"
[ "$seen" = "auth0-v4: create fails, the tenant has 1
auth0: create succeeds, the tenant has 2" ] || { echo "The behaviour has changed." >&2; exit 1; }
