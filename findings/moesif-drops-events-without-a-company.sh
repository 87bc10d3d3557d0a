#!/usr/bin/env bash
# Version:   moesif-nodejs 3.11.0 (npm), with express 5.3.0
# Behaviour: if identifyCompany throws, the middleware drops the event and reports nothing, unless `debug` or `callback` is set.
# Expected:  the event without a company, and the error in the log.
# Seen:      two requests are answered with 200, one event arrives
# Matters:   req.auth.payload.org_id throws for each request without a token, and a call such as .toLowerCase() for each token
#            without the claim. These requests are missing in Moesif's metrics and bills, and nothing reports it.
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

// Stands for Moesif's collector. The second request comes last, so its event ends the run.
const collector = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    response.setHeader("content-type", "application/json");
    response.end("{}");
    if (!request.url.startsWith("/v1/events")) return;
    const body = Buffer.concat(chunks);
    const json = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
    for (const event of [JSON.parse(json)].flat()) {
      const path = new URL(event.request.uri).pathname;
      console.log(`event: ${path}, company ${event.company_id}`);
      if (path === "/orders") process.exit();
    }
  });
});
collector.listen(0, () => {
  const app = express();
  app.use(
    moesif({
      applicationId: "application-id".padEnd(60, "-"),
      baseUri: `http://localhost:${collector.address().port}`,
      batchMaxTime: 501,
      identifyCompany: (request) => request.auth.payload.org_id,
    }),
  );
  app.get("/status", (_request, response) => response.json({}));
  app.get("/orders", (request, response) => {
    request.auth = { payload: { org_id: "org_1" } };
    response.json([]);
  });
  const api = app.listen(0, async () => {
    for (const path of ["/status", "/orders"]) {
      const response = await fetch(`http://localhost:${api.address().port}${path}`);
      console.log(`request: ${path}, ${response.status}`);
    }
  });
});
JS
seen=$(timeout 60 node call.cjs)

echo "A request without and one with a token:"
echo "$seen"
[ "$seen" = "request: /status, 200
request: /orders, 200
event: /orders, company org_1" ] || { echo "The behaviour has changed." >&2; exit 1; }
