#!/usr/bin/env bash
# Version:   auth0 7.1.0 (npm), on Node.js 20 or newer
# Behaviour: clients.list() takes every 200 for its last page. Without the key `clients`, even without JSON, the page is
#            empty and nothing is thrown.
# Expected:  an error about the unexpected body.
# Seen:      {"message":"maintenance"}: 0 clients, hasNextPage false; an HTML page: 0 clients, hasNextPage false
# Matters:   a maintenance or login page of a proxy before the tenant looks like a tenant without clients. A script that
#            compares the list with its files then creates everything again, or reports that all is gone.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
npm install --ignore-scripts --loglevel=error auth0@7.1.0 > npm.log
npm ls --depth=0 | grep auth0@

# The SDK speaks only HTTPS.
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 1 \
  -subj /CN=localhost -addext subjectAltName=DNS:localhost 2> openssl.log
cat > list.cjs << 'JS'
const { readFileSync } = require("node:fs");
const { createServer } = require("node:https");
const { ManagementClient } = require("auth0");

const answers = [
  ["application/json", '{"message":"maintenance"}'],
  ["text/html", "<html><body>Log in</body></html>"],
];
let answer;
const server = createServer({ key: readFileSync("key.pem"), cert: readFileSync("cert.pem") }, (_request, response) => {
  response.setHeader("content-type", answer[0]);
  response.end(answer[1]);
});
server.listen(0, async () => {
  const management = new ManagementClient({ domain: `localhost:${server.address().port}`, token: "token" });
  for (answer of answers) {
    const page = await management.clients.list();
    console.log(`${answer[0]}: ${page.data.length} clients, hasNextPage ${page.hasNextPage()}`);
  }
  process.exit();
});
JS
seen=$(NODE_EXTRA_CA_CERTS=cert.pem node list.cjs)

echo "A 200 without a list is an empty last page:"
echo "$seen"
[ "$seen" = "application/json: 0 clients, hasNextPage false
text/html: 0 clients, hasNextPage false" ] || { echo "The behaviour has changed." >&2; exit 1; }
