// What API Gateway answers by itself, and how an API changes that.
import { isObject, type ReportProblem } from "../property";
import { parseTemplate, type Template } from "./template";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html: default status. */
const statusCodes = {
  ACCESS_DENIED: 403,
  API_CONFIGURATION_ERROR: 500,
  AUTHORIZER_CONFIGURATION_ERROR: 500,
  AUTHORIZER_FAILURE: 500,
  BAD_REQUEST_BODY: 400,
  BAD_REQUEST_PARAMETERS: 400,
  EXPIRED_TOKEN: 403,
  INTEGRATION_FAILURE: 504,
  INTEGRATION_TIMEOUT: 504,
  INVALID_API_KEY: 403,
  INVALID_SIGNATURE: 403,
  MISSING_AUTHENTICATION_TOKEN: 403,
  QUOTA_EXCEEDED: 429,
  REQUEST_TOO_LARGE: 413,
  RESOURCE_NOT_FOUND: 404,
  THROTTLED: 429,
  UNAUTHORIZED: 401,
  UNSUPPORTED_MEDIA_TYPE: 415,
  WAF_FILTERED: 403,
} as const;

export type ResponseType = keyof typeof statusCodes;

interface GatewayResponse {
  statusCode: number;
  headers: { name: string; value: string; isMapped: boolean }[];
  /** By content type. */
  templates: Map<string, Template>;
}

/** What the gateway answers itself, in the form that the API gives to this type of response. */
export interface RestRefusal {
  type: ResponseType;
  message: string | null;
  /** If it is not the type's usual one. */
  status?: number;
  /** For the access log. */
  reason?: string;
}

export type GatewayResponses = ReadonlyMap<ResponseType, GatewayResponse>;

const defaultTemplates = new Map([
  ["application/json", parseTemplate('{"message":$context.error.messageString}')],
]);

/** With a capital letter, other than all the rest. Seen by many callers; AWS's page does not show it. */
const accessDeniedTemplates = new Map([
  ["application/json", parseTemplate('{"Message":$context.error.messageString}')],
]);

/** Reads `x-amazon-apigateway-gateway-responses`; a type that is not set takes after DEFAULT_4XX or DEFAULT_5XX. */
export function readGatewayResponses(value: unknown, report: ReportProblem): GatewayResponses {
  const given = isObject(value) ? value : {};
  for (const [name, response] of Object.entries(given)) checkResponse(name, response, report);
  const responses = new Map<ResponseType, GatewayResponse>();
  for (const [type, statusCode] of Object.entries(statusCodes)) {
    const fallback = given[statusCode < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX"];
    const chosen = given[type] ?? fallback;
    const response = isObject(chosen) ? chosen : {};
    const { responseParameters, responseTemplates } = response;
    responses.set(type as ResponseType, {
      statusCode: Number(response.statusCode ?? statusCode),
      headers: Object.entries(isObject(responseParameters) ? responseParameters : {}).map(
        ([target, source]) => {
          const literal = /^'(.*)'$/s.exec(String(source))?.[1];
          return {
            name: target.replace("gatewayresponse.header.", ""),
            value: literal ?? String(source),
            isMapped: literal === undefined,
          };
        },
      ),
      templates: isObject(responseTemplates)
        ? new Map(
            Object.entries(responseTemplates).map(([contentType, template]) => [
              contentType,
              parseTemplate(String(template)),
            ]),
          )
        : type === "ACCESS_DENIED"
          ? accessDeniedTemplates
          : defaultTemplates,
    });
  }
  return responses;
}

const isHeaderTarget = /^gatewayresponse\.header\.[!#$%&'*+\-.^_`|~\w]+$/;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html */
const isSource =
  /^('.*'|method\.request\.(header|querystring|path)\.[\w.$-]+|context\.[\w.-]*\w|stageVariables\.\w+)$/s;

function checkResponse(name: string, response: unknown, report: ReportProblem): void {
  if (!(name in statusCodes) && name !== "DEFAULT_4XX" && name !== "DEFAULT_5XX") {
    report(`Invalid gateway response type: ${name}`);
  }
  if (!isObject(response)) {
    report(`the gateway response ${name} must be an object`);
    return;
  }
  const { statusCode, responseParameters, responseTemplates } = response;
  if (statusCode !== undefined && !/^[1-5]\d\d$/.test(String(statusCode))) {
    report(`Invalid status code "${statusCode}" of the gateway response ${name}`);
  }
  for (const [target, source] of Object.entries(isObject(responseParameters) ? responseParameters : {})) {
    if (isHeaderTarget.test(target) && isSource.test(String(source))) continue;
    report(
      `Invalid mapping expression specified: ${target} <- ${source}, of the gateway response ${name}. It is ` +
        `gatewayresponse.header.NAME from 'a text', method.request..., context... or stageVariables...`,
    );
  }
  for (const [contentType, template] of Object.entries(
    isObject(responseTemplates) ? responseTemplates : {},
  )) {
    if (typeof template !== "string")
      report(`the template ${contentType} of the gateway response ${name} must be a string`);
  }
}
