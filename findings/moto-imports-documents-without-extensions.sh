#!/usr/bin/env bash
# Version:   moto 5.2.1 with boto3 1.44.8 (PyPI)
# Behaviour: import_rest_api makes paths, methods and integrations. It skips x-amazon-apigateway-request-validators,
#            -authorizer and -gateway-responses, and the operations' security, without an error or warning.
# Expected:  they exist afterwards, as in API Gateway; moto has all three, with their own calls. Or NotImplementedError.
# Seen:      validators 0, authorizers 0, gateway responses 0; the method has no authorizationType
# Matters:   a test that deploys a document to moto is green, whether or not its operations need a token. Nothing that the
#            document says about security or validation is tested. Check the document itself.
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
  "info": { "title": "Orders", "version": "1", "description": "Orders of all customers" },
  "x-amazon-apigateway-request-validators": { "all": { "validateRequestBody": true, "validateRequestParameters": true } },
  "x-amazon-apigateway-request-validator": "all",
  "x-amazon-apigateway-gateway-responses": { "UNAUTHORIZED": { "statusCode": 401 } },
  "components": {
    "securitySchemes": {
      "token": {
        "type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {
          "type": "token",
          "authorizerUri": "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:authorizer/invocations"
        }
      }
    }
  },
  "paths": {
    "/orders": {
      "get": {
        "security": [{ "token": [] }],
        "responses": { "200": { "description": "The orders" } },
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
    with open("openapi.json", "rb") as document:
        api = client.import_rest_api(body=document.read())["id"]
    for name in ("request_validators", "authorizers", "gateway_responses"):
        print(f"{name}: {len(getattr(client, f'get_{name}')(restApiId=api)['items'])}")
    for resource in client.get_resources(restApiId=api)["items"]:
        for method in resource.get("resourceMethods") or {}:
            found = client.get_method(restApiId=api, resourceId=resource["id"], httpMethod=method)
            print(f"{method} {resource['path']}: authorization {found.get('authorizationType')}")
PYTHON
seen=$(venv/bin/python deploy.py)

echo "What exists after the import:"
echo "$seen"
[ "$seen" = "request_validators: 0
authorizers: 0
gateway_responses: 0
GET /orders: authorization None" ] || { echo "The behaviour has changed." >&2; exit 1; }
