// The access log's format: one JSON object a request, as Moesif reads API Gateway records.

/**
 * The first eleven fields mark a record as one of API Gateway's for Moesif, which passes over records that lack one
 * (Moesif/moesif-firehose-transform-lambda, API_GATEWAY_MARKERS). `companyId` becomes the event's company; `principalId`
 * its user, which is why neither `apiKeyId` nor `user` is here: they would win over it. No token and no API key is logged.
 */
export const accessLogFormat = JSON.stringify({
  apiId: "$context.apiId",
  requestId: "$context.requestId",
  requestTime: "$context.requestTime",
  protocol: "$context.protocol",
  httpMethod: "$context.httpMethod",
  resourcePath: "$context.resourcePath",
  requestHostHeader: "$context.domainName",
  requestUserAgentHeader: "$context.identity.userAgent",
  status: "$context.status",
  responseLength: "$context.responseLength",
  durationMs: "$context.responseLatency",
  ip: "$context.identity.sourceIp",
  principalId: "$context.authorizer.principalId",
  companyId: "$context.authorizer.org_id",
  path: "$context.path",
  stage: "$context.stage",
  errorType: "$context.error.responseType",
  authorizerError: "$context.authorizer.error",
  authorizerLatency: "$context.authorizer.latency",
  integrationLatency: "$context.integration.latency",
});

/**
 * The same for an HTTP API, with the variables that it has: Moesif does not get this log by itself, but whoever sends it
 * there from CloudWatch finds the fields that Moesif knows.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
export function httpAccessLogFormat(authorizer: "lambda" | "jwt"): string {
  return JSON.stringify({
    apiId: "$context.apiId",
    requestId: "$context.requestId",
    requestTime: "$context.requestTime",
    protocol: "$context.protocol",
    httpMethod: "$context.httpMethod",
    resourcePath: "$context.path",
    requestHostHeader: "$context.domainName",
    requestUserAgentHeader: "$context.identity.userAgent",
    status: "$context.status",
    responseLength: "$context.responseLength",
    durationMs: "$context.responseLatency",
    ip: "$context.identity.sourceIp",
    ...(authorizer === "jwt"
      ? { principalId: "$context.authorizer.claims.azp", companyId: "$context.authorizer.claims.org_id" }
      : { principalId: "$context.authorizer.client_id", companyId: "$context.authorizer.org_id" }),
    routeKey: "$context.routeKey",
    stage: "$context.stage",
    errorType: "$context.error.responseType",
    authorizerError: "$context.authorizer.error",
    integrationError: "$context.integrationErrorMessage",
    integrationLatency: "$context.integrationLatency",
  });
}
