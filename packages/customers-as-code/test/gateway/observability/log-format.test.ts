// A REST API takes a variable that it does not have, and logs "-" for ever, so that nothing but this shows a slip.
import { accessLogFormat, httpAccessLogFormat } from "../../../src/gateway/observability/log-format";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html */
const rest = `apiId authorizer.error authorizer.latency domainName error.responseType httpMethod identity.sourceIp
  identity.userAgent integration.latency path protocol requestId requestTime resourcePath responseLatency responseLength
  stage status authorizer.principalId authorizer.org_id`;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html */
const http = `apiId authorizer.error domainName error.responseType httpMethod identity.sourceIp identity.userAgent
  integrationErrorMessage integrationLatency path protocol requestId requestTime responseLatency responseLength routeKey
  stage status`;

it.each([
  ["a REST API", accessLogFormat, rest],
  ["an HTTP API", httpAccessLogFormat("lambda"), `${http} authorizer.client_id authorizer.org_id`],
  ["a JWT authorizer", httpAccessLogFormat("jwt"), `${http} authorizer.claims.azp authorizer.claims.org_id`],
])(
  "the access log of %s has only variables that AWS documents, or that the authorizer sets",
  (_title, format, known) => {
    const used = format.match(/(?<=\$context\.)[\w.]+/g) ?? [];
    expect(used.filter((name) => !known.split(/\s+/).includes(name))).toEqual([]);
  },
);
