#!/usr/bin/env bash
# Version:   @stoplight/prism-cli 5.16.0 (npm)
# Behaviour: Prism's mock server starts with API Gateway's greedy path /files/{proxy+} and lists it, but routes no request to it,
#            not even one with a single segment.
# Expected:  one segment matches, as {proxy} does; or Prism refuses the path when it starts.
# Seen:      /orders/1: 200, /files/report.pdf: 404 NO_PATH_MATCHED_ERROR
# Matters:   tests of a client against a mock of the gateway's document get 404 for each route behind a greedy path, which reads
#            like a wrong URL in the client. The mock needs a document with {proxy} instead.
set -euo pipefail
temp=$(mktemp -d)
server=
cleanup() {
  if [ -n "$server" ]; then kill "$server" 2> /dev/null || true; fi
  rm -rf "$temp"
}
trap cleanup EXIT
cd "$temp"
npm install --ignore-scripts --loglevel=error @stoplight/prism-cli@5.16.0 > npm.log 2>&1
npm ls --depth=0 | grep prism-cli@

cat > openapi.yaml << 'YAML'
openapi: 3.0.3
info: { title: Orders, version: "1" }
paths:
  /orders/{id}:
    get:
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { "200": { description: The order } }
  /files/{proxy+}:
    get:
      parameters: [{ name: proxy, in: path, required: true, schema: { type: string } }]
      responses: { "200": { description: The file } }
YAML
port=$(node -p 'const server = require("node:net").createServer().listen(0); const { port } = server.address(); server.close(); port')
timeout 120 node node_modules/@stoplight/prism-cli/dist/index.js mock --port "$port" openapi.yaml > prism.log 2>&1 &
server=$!
until grep -q "Prism is listening" prism.log; do
  kill -0 "$server" || { cat prism.log >&2; exit 1; }
  sleep 0.2
done
call() {
  printf '%s: ' "$1"
  curl --silent --write-out ' %{http_code}\n' "http://127.0.0.1:$port$1" | grep -oE 'NO_PATH_MATCHED_ERROR|[0-9]{3}$' | paste -sd ' '
}
seen="$(grep -o 'GET .*/files/.*' prism.log | sed 's/.*\(\/files\)/started with \1/')
$(call /orders/1)
$(call /files/report.pdf)"

echo "A path with a plain parameter, and one with a greedy parameter:"
echo "$seen"
[ "$seen" = "started with /files/{proxy+}
/orders/1: 200
/files/report.pdf: NO_PATH_MATCHED_ERROR 404" ] || { echo "The behaviour has changed." >&2; exit 1; }
