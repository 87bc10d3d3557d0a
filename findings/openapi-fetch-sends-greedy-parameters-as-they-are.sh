#!/usr/bin/env bash
# Version:   openapi-fetch 0.17.0 (npm)
# Behaviour: for API Gateway's greedy path /files/{proxy+}, openapi-fetch ignores the parameter `proxy` and requests the template
#            itself. openapi-typescript types the parameter as `proxy`, so the compiler demands exactly what is ignored.
# Expected:  GET /files/report.pdf, or an error about a placeholder without a value.
# Seen:      GET /files/{proxy+}
# Matters:   API Gateway takes {proxy+} for the name of a file and calls the backend, which answers 404. The client seems to ask
#            for a file that is missing, and the types say that the call is right. Pass a `pathSerializer` of your own.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
npm install --ignore-scripts --loglevel=error openapi-fetch@0.17.0 > npm.log
npm ls --depth=0 | grep openapi-fetch@

cat > call.mjs << 'JS'
import createClient from "openapi-fetch";
const client = createClient({
  baseUrl: "https://api.example.com",
  async fetch(request) {
    console.log(`GET ${decodeURI(new URL(request.url).pathname)}`);
    return Response.json({});
  },
});
await client.GET("/orders/{id}", { params: { path: { id: "1" } } });
await client.GET("/files/{proxy+}", { params: { path: { proxy: "report.pdf" } } });
JS
seen=$(node call.mjs)

echo "A path with a plain parameter, and one with a greedy parameter:"
echo "$seen"
[ "$seen" = "GET /orders/1
GET /files/{proxy+}" ] || { echo "The behaviour has changed." >&2; exit 1; }
