// HTTP APIs in the running local account.
import type { Properties } from "../src/engine/provider";
import type { Created, Fixture } from "./fixture";

/** An HTTP API with the body, and a stage of it, "v1" if the test wants no other. */
export async function deployHttp(fixture: Fixture, body: unknown, stage: Properties = {}) {
  const api = await fixture.create("apigatewayv2/api", {
    protocolType: "HTTP",
    body: JSON.stringify(body),
    failOnWarnings: true,
  });
  const deployed = await fixture.create("apigatewayv2/stage", {
    apiId: api.id,
    name: "v1",
    autoDeploy: true,
    ...stage,
  });
  return { api, stage: deployed, url: String(deployed.outputs.invokeUrl) };
}

/** An operation of a body that is proxied to the backend. */
export function httpProxied(
  uri: string,
  integration: Properties = {},
  operation: Properties = {},
): Properties {
  return {
    responses: {},
    ...operation,
    "x-amazon-apigateway-integration": {
      type: "http_proxy",
      httpMethod: "ANY",
      uri,
      payloadFormatVersion: "1.0",
      ...integration,
    },
  };
}

/** An operation of a body that a function answers. */
export function invoking(fn: Created, integration: Properties = {}, operation: Properties = {}): Properties {
  return httpProxied(
    String(fn.outputs.invokeArn),
    { type: "aws_proxy", httpMethod: "POST", payloadFormatVersion: "2.0", ...integration },
    operation,
  );
}

export const anyMethod = "x-amazon-apigateway-any-method";

/** The body's part that declares an authorizer of the name "customers". */
export function httpAuthorizer(settings: Properties): Properties {
  return {
    securitySchemes: {
      customers: {
        type: "apiKey",
        name: "Authorization",
        in: "header",
        "x-amazon-apigateway-authorizer": { identitySource: "$request.header.Authorization", ...settings },
      },
    },
  };
}

export function lambdaAuthorizer(fn: Created, settings: Properties = {}): Properties {
  return httpAuthorizer({
    type: "request",
    authorizerUri: fn.outputs.invokeArn,
    authorizerPayloadFormatVersion: "2.0",
    ...settings,
  });
}
