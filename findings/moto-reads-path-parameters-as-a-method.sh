#!/usr/bin/env bash
# Version:   moto 5.2.1 with boto3 1.44.8 (PyPI)
# Behaviour: moto takes every key of a path in an OpenAPI document for a method. A path's own `parameters`, which all its
#            operations share, become the method PARAMETERS, and put_rest_api fails with an AttributeError.
# Expected:  the parameters belong to each method of the path, as OpenAPI has it and API Gateway does it.
# Seen:      AttributeError; the paths made so far stay, with the method PARAMETERS and without GET
# Matters:   many documents declare path parameters once for each path, and moto can import none of them.
#            The error names neither path nor key, and the half-made API stays for the tests that follow.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check 'moto[apigateway]==5.2.1' boto3==1.44.8
venv/bin/pip freeze | grep -E '^(moto|boto3)='

cat > openapi.json << 'JSON'
{
  "openapi": "3.0.1",
  "info": { "title": "Orders", "version": "1" },
  "paths": {
    "/orders/{id}": {
      "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }],
      "get": {
        "responses": { "200": { "description": "The order" } },
        "x-amazon-apigateway-integration": { "type": "http_proxy", "httpMethod": "GET", "uri": "https://backend.example.com" }
      }
    }
  }
}
JSON
cat > deploy.py << 'PYTHON'
import boto3
from moto import mock_aws

with mock_aws():
    client = boto3.client("apigateway", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
    api = client.create_rest_api(name="orders")["id"]
    try:
        with open("openapi.json", "rb") as document:
            client.put_rest_api(restApiId=api, mode="overwrite", body=document.read())
    except AttributeError as error:
        print(f"AttributeError: {error}")
    for resource in client.get_resources(restApiId=api)["items"]:
        print(f"{resource['path']}: {', '.join(resource.get('resourceMethods') or {}) or 'no method'}")
PYTHON
seen=$(venv/bin/python deploy.py)

echo "What put_rest_api leaves:"
echo "$seen"
[ "$seen" = "AttributeError: 'list' object has no attribute 'get'
/: no method
/orders: no method
/orders/{id}: PARAMETERS" ] || { echo "The behaviour has changed." >&2; exit 1; }
