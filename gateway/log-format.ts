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
