// The access log of a stage: which formats are taken, and the line of a request.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-access-logging.html
import { parseTemplate, type Template } from "./template";

/** A request in the stage's format; "-" stands for what has no value. */
export function accessLogLine(
  format: Template,
  exchange: { variable(name: string): string | undefined },
): string {
  return format.fill((variable) => {
    const value = exchange.variable(variable);
    if (value === undefined || value === "") return undefined;
    // The one variable that comes with its quotes; others are escaped so that no user agent breaks a log in JSON.
    return variable === "context.error.messageString" ? value : JSON.stringify(value).slice(1, -1);
  }, "-");
}

/** Every reason for which the format is of no use. */
export function checkAccessLogFormat(format: string, api: "rest" | "http" = "rest"): string[] {
  const { variables } = parseTemplate(format);
  const problems: string[] = [];
  if (format.includes("\n")) problems.push("must be a single line");
  if (!variables.includes("context.requestId") && !variables.includes("context.extendedRequestId")) {
    problems.push("must include either $context.requestId or $context.extendedRequestId");
  }
  for (const variable of variables) {
    const name = variable.replace(/^context\./, "");
    // A REST API takes any name, and logs "-" for ever (DataBiosphere/azul#4348); an HTTP API refuses what it does not know
    // (usdigitalresponse/usdr-gost#3497).
    if (api === "rest" || httpVariables.has(name) || /^authorizer\.(claims\.)?\w+$/.test(name)) continue;
    problems.push(`holds $${variable}, which is no variable of an HTTP API's access logs`);
  }
  return problems;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html */
const httpVariables =
  names(`accountId apiId authorizer.error authorizer.principalId awsEndpointRequestId awsEndpointRequestId2
  customDomain.basePathMatched dataProcessed domainName domainPrefix error.message error.messageString
  error.responseType extendedRequestId httpMethod identity.accountId identity.caller
  identity.clientCert.clientCertPem identity.clientCert.subjectDN identity.clientCert.issuerDN
  identity.clientCert.serialNumber identity.clientCert.validity.notBefore
  identity.clientCert.validity.notAfter identity.cognitoAuthenticationProvider
  identity.cognitoAuthenticationType identity.cognitoIdentityId identity.cognitoIdentityPoolId
  identity.principalOrgId identity.sourceIp identity.user identity.userAgent identity.userArn
  integration.error integration.integrationStatus integration.latency integration.requestId
  integration.status integrationErrorMessage integrationLatency integrationStatus path protocol requestId
  requestTime requestTimeEpoch responseLatency responseLength routeKey stage status`);

function names(text: string): Set<string> {
  return new Set(text.split(/\s+/));
}
