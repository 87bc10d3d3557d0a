// The authorizers that an HTTP API's document declares.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html
import { isObject, type ReportProblem } from "../../property";
import { derivedId } from "../../resource-type";
import { functionOf } from "../rest-api-body";

export type HttpAuthorizer = LambdaAuthorizer | JwtAuthorizer;

export interface LambdaAuthorizer {
  kind: "lambda";
  id: string;
  functionArn: string;
  /** `$request.header.Authorization`, `$context.routeKey` and the like. */
  identitySources: string[];
  resultTtlSeconds: number;
  /** Answers are `{isAuthorized}` and not policies. */
  simpleResponses: boolean;
}

export interface JwtAuthorizer {
  kind: "jwt";
  id: string;
  identitySource: string;
  issuer: string;
  audience: string[];
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const maxAuthorizers = 10;
const maxAudiences = 50;

export function readHttpAuthorizers(
  document: Record<string, unknown>,
  report: ReportProblem,
): Map<string, HttpAuthorizer> {
  const components = isObject(document.components) ? document.components : {};
  const schemes = isObject(components.securitySchemes) ? components.securitySchemes : {};
  const authorizers = new Map<string, HttpAuthorizer>();
  for (const [name, scheme] of Object.entries(schemes)) {
    const settings = isObject(scheme) ? scheme["x-amazon-apigateway-authorizer"] : undefined;
    if (!isObject(settings)) continue;
    const tell: ReportProblem = (problem) => report(`the authorizer "${name}": ${problem}`);
    const id = derivedId(name, 6);
    if (settings.type === "jwt") authorizers.set(name, readJwtAuthorizer(id, settings, tell));
    else if (settings.type === "request") authorizers.set(name, readLambdaAuthorizer(id, settings, tell));
    else tell(`type "${settings.type}": an HTTP API takes request or jwt`);
  }
  if (authorizers.size > maxAuthorizers) {
    report(`${authorizers.size} authorizers: an API has at most ${maxAuthorizers}`);
  }
  return authorizers;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html */
function readLambdaAuthorizer(
  id: string,
  settings: Record<string, unknown>,
  report: ReportProblem,
): LambdaAuthorizer {
  const {
    authorizerPayloadFormatVersion: version,
    authorizerResultTtlInSeconds: ttl = 0,
    enableSimpleResponses = false,
  } = settings;
  const functionArn = functionOf(settings.authorizerUri);
  if (!functionArn) report(`Invalid Authorizer URI: ${settings.authorizerUri}`);
  if (version === undefined) report("authorizerPayloadFormatVersion is required");
  // The local gateway's limit; with AWS, 1.0 is good too, but not with simple responses.
  else if (String(version) !== "2.0")
    report(`the local gateway speaks the payload format 2.0, not ${version}`);
  if (typeof ttl !== "number" || !Number.isInteger(ttl) || ttl < 0 || ttl > 3600) {
    report(`authorizerResultTtlInSeconds must be from 0 to 3600, not ${ttl}`);
  }
  if ("identityValidationExpression" in settings) {
    report("identityValidationExpression is supported only for REST APIs");
  }
  const identitySources = splitSources(settings.identitySource);
  for (const source of identitySources) {
    if (/^\$(request\.(header|querystring)|context|stageVariables)\.[\w.-]+$/.test(source)) continue;
    report(`Invalid identity source: ${source}`);
  }
  if (identitySources.length === 0 && ttl !== 0) {
    report("to enable caching, it must have at least one identity source");
  }
  return {
    kind: "lambda",
    id,
    functionArn: functionArn ?? "",
    identitySources,
    resultTtlSeconds: Number(ttl),
    simpleResponses: enableSimpleResponses === true,
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html */
function readJwtAuthorizer(
  id: string,
  settings: Record<string, unknown>,
  report: ReportProblem,
): JwtAuthorizer {
  const { jwtConfiguration } = settings;
  const { issuer, audience } = isObject(jwtConfiguration) ? jwtConfiguration : {};
  if (typeof issuer !== "string" || !/^https:\/\/[^\s?#]+$/.test(issuer)) {
    report(`Issuer must be an https URL, not ${JSON.stringify(issuer)}`);
  }
  const audiences = Array.isArray(audience) ? audience.map(String) : [];
  if (audiences.length === 0) report("Audience must have one entry at least");
  if (audiences.length > maxAudiences) {
    report(`${audiences.length} audiences: an authorizer has at most ${maxAudiences}`);
  }
  const [identitySource = "", ...more] = splitSources(settings.identitySource);
  if (more.length > 0 || !/^\$request\.(header|querystring)\.[\w-]+$/.test(identitySource)) {
    report(`Invalid identity source: ${settings.identitySource}. It has one, of a header or the query.`);
  }
  return { kind: "jwt", id, identitySource, issuer: String(issuer), audience: audiences };
}

function splitSources(given: unknown): string[] {
  return (typeof given === "string" ? given.split(",") : [])
    .map((source) => source.trim())
    .filter((source) => source !== "");
}
