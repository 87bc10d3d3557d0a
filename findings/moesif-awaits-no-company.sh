#!/usr/bin/env bash
# Version:   moesif-nodejs 3.11.0 (npm), with express 5.3.0
# Behaviour: the middleware calls identifyCompany and makes a string of what it returns. An async function returns a promise,
#            so every event has the company "[object Promise]".
# Expected:  the middleware awaits the result, or refuses one that isn't a string.
# Seen:      "company_id":"[object Promise]", without a warning
# Matters:   a lookup of the customer (in a cache, a database, Auth0) is naturally async. Moesif accepts the events and meters
#            all customers as one company that nobody bills. Look the customer up before, and let identifyCompany only read it.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
npm install --ignore-scripts --loglevel=error moesif-nodejs@3.11.0 express@5.3.0 > npm.log
npm ls --depth=0 | grep moesif-nodejs@

cat > call.cjs << 'JS'
const { createServer } = require("node:http");
const { gunzipSync } = require("node:zlib");
const express = require("express");
const moesif = require("moesif-nodejs");

// Stands for Moesif's collector, and ends with the first events.
const collector = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    response.setHeader("content-type", "application/json");
    response.end("{}");
    if (!request.url.startsWith("/v1/events")) return;
    const body = Buffer.concat(chunks);
    const json = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
    const [event] = [JSON.parse(json)].flat();
    console.log(JSON.stringify({ company_id: event.company_id }));
    process.exit();
  });
});
collector.listen(0, () => {
  const app = express();
  app.use(
    moesif({
      applicationId: "application-id".padEnd(60, "-"),
      baseUri: `http://localhost:${collector.address().port}`,
      batchMaxTime: 501,
      identifyCompany: async () => "org_1",
    }),
  );
  app.get("/orders", (_request, response) => response.json([]));
  const api = app.listen(0, () => fetch(`http://localhost:${api.address().port}/orders`));
});
JS
seen=$(timeout 60 node call.cjs)

echo "The company of an async identifyCompany that resolves to org_1:"
echo "$seen"
[ "$seen" = '{"company_id":"[object Promise]"}' ] || { echo "The behaviour has changed." >&2; exit 1; }
