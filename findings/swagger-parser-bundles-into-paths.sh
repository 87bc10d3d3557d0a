#!/usr/bin/env bash
# Version:   @apidevtools/swagger-parser 13.0.0 (npm)
# Behaviour: bundle() puts a file that several places use into one of them, and makes the others point there. An operation's
#            schema, response or integration becomes a reference to another operation: "#/paths/~1orders/post/...".
# Expected:  a shared schema goes to components/schemas, as in Redocly's bundle; an integration is repeated.
# Seen:      3 references into #/paths and none into #/components, also below x-amazon-apigateway-any-method
# Matters:   API Gateway makes its models, which request validation and generated SDKs use, of components/schemas, and this bundle
#            has none. To remove or move one operation changes others. Bundle for API Gateway with Redocly, or dereference.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
npm install --ignore-scripts --loglevel=error @apidevtools/swagger-parser@13.0.0 > npm.log
npm ls --depth=0 | grep swagger-parser@

cat > openapi.yaml << 'YAML'
openapi: 3.0.3
info: { title: Orders, version: "1" }
paths:
  /orders:
    get:
      x-amazon-apigateway-integration: { $ref: ./integration.yaml }
      responses:
        "200": { description: The order, content: { application/json: { schema: { $ref: ./order.yaml } } } }
        "401": { $ref: ./unauthorized.yaml }
    post:
      x-amazon-apigateway-integration: { type: mock }
      requestBody: { content: { application/json: { schema: { $ref: ./order.yaml } } } }
      responses:
        "201": { description: Created }
        "401": { $ref: ./unauthorized.yaml }
    x-amazon-apigateway-any-method:
      x-amazon-apigateway-integration: { $ref: ./integration.yaml }
YAML
echo 'type: object' > order.yaml
echo 'description: Unauthorized' > unauthorized.yaml
echo '{ type: http_proxy, httpMethod: GET, uri: "https://backend.example.com/orders" }' > integration.yaml
cat > bundle.mjs << 'JS'
import SwaggerParser from "@apidevtools/swagger-parser";
const bundle = await SwaggerParser.bundle("openapi.yaml");
console.log(JSON.stringify(bundle).match(/#\/[^"]*/g).sort().join("\n"));
JS
seen=$(node bundle.mjs)

echo "References in the bundle:"
echo "$seen"
[ "$seen" = "#/paths/~1orders/get/responses/401
#/paths/~1orders/get/x-amazon-apigateway-integration
#/paths/~1orders/post/requestBody/content/application~1json/schema" ] ||
  { echo "The behaviour has changed." >&2; exit 1; }
