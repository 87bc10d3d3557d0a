#!/usr/bin/env bash
# Version:   openapi-typescript 7.13.0 (npm), with typescript 5.9.3
# Behaviour: an optional property that has a default becomes a required one, in request bodies too.
# Expected:  `required` of the schema decides. The server fills in the default, so a client may leave it out.
# Seen:      error TS2741: Property 'size' is missing in type '{ id: string; }' but required in type ...
# Matters:   adding a default to the document, which breaks no caller, breaks the build of each customer that generates types
#            from it. API Gateway fills in no defaults either, so the backend can't trust the type. --default-non-nullable=false
#            restores `required`.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
npm install --ignore-scripts --loglevel=error openapi-typescript@7.13.0 typescript@5.9.3 > npm.log
npm ls --depth=0 | grep 'openapi-typescript@'

cat > openapi.yaml << 'YAML'
openapi: 3.0.3
info: { title: Orders, version: "1" }
paths:
  /orders:
    post:
      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Order" } } } }
      responses: { "201": { description: Created } }
components:
  schemas:
    Order:
      type: object
      required: [id]
      properties:
        id: { type: string }
        size: { type: integer, default: 5 }
YAML
cat > client.ts << 'TS'
import type { paths } from "./api";
type Body = NonNullable<paths["/orders"]["post"]["requestBody"]>["content"]["application/json"];
export const order: Body = { id: "1" };
TS
compile() {
  npx openapi-typescript openapi.yaml --output api.ts "$@" > generate.log 2>&1
  if npx tsc --noEmit --strict client.ts > errors.txt; then echo "compiles"; fi
  grep -o "error TS[0-9]*: Property '[a-z]*' is missing" errors.txt || true
}
seen="default options: $(compile)
--default-non-nullable=false: $(compile --default-non-nullable=false)"

echo "A request body without the property that has a default:"
echo "$seen"
[ "$seen" = "default options: error TS2741: Property 'size' is missing
--default-non-nullable=false: compiles" ] || { echo "The behaviour has changed." >&2; exit 1; }
