// How an HTTP API changes a request before the backend gets it.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html

import type { ReportProblem } from "../../property";

export interface HttpMapping {
  action: "append" | "overwrite" | "remove";
  place: "header" | "querystring" | "path";
  /** Of a header in lower case; empty for the path. */
  name: string;
  value: Expression;
}

/** Texts and variables by turns. */
type Expression = (string | { variable: string })[];

export function readMappings(given: Record<string, unknown>, report: ReportProblem): HttpMapping[] {
  return Object.entries(given).flatMap(([key, value]): HttpMapping[] => {
    const invalid = (reason: string) => {
      report(`Invalid mapping expression specified: ${key} <- ${value}: ${reason}`);
      return [];
    };
    const [, action, place, name] =
      /^(append|overwrite|remove):(?:(header|querystring)\.(.+)|path)$/.exec(key) ?? [];
    if (!isAction(action))
      return invalid("it is append, overwrite or remove:header.NAME, :querystring.NAME or :path");
    if (typeof value !== "string") return invalid("the value must be a string");
    // An update takes such a mapping away; what an import does with it is not documented. The value for remove is that of
    // https://serverlessland.com/snippets/http-api-parameter-mapping-for-remove-action
    if (value === "") return invalid("an empty value is no mapping; remove takes ''");
    const expression = parseExpression(value);
    const strange = expression.find((part) => typeof part !== "string" && !isVariable(part.variable));
    if (strange !== undefined && typeof strange !== "string")
      return invalid(`${strange.variable} is no variable`);
    if (place === undefined || name === undefined) {
      if (action !== "overwrite") return invalid("a path can be overwritten only");
      return [{ action, place: "path", name: "", value: expression }];
    }
    if (place === "querystring") return [{ action, place, name, value: expression }];
    const header = name.toLowerCase();
    if (header === "host") return invalid("the local gateway maps no Host");
    if (reserved.test(header)) return invalid(`the header ${name} is reserved`);
    return [{ action, place: "header", name: header, value: expression }];
  });
}

function isAction(action: string | undefined): action is HttpMapping["action"] {
  return action === "append" || action === "overwrite" || action === "remove";
}

/** A request body's JSON path is AWS's too, but not the local gateway's. */
function isVariable(name: string): boolean {
  return /^(request\.(header|querystring)\.[\w-]+|request\.path(\.[\w.-]+)?|context\.[\w.-]+|stageVariables\.\w+)$/.test(
    name,
  );
}

/** Headers that cannot be mapped. */
const reserved =
  /^(access-control-.*|apigw-.*|authorization|connection|content-encoding|content-length|content-location|forwarded|keep-alive|origin|proxy-authenticate|proxy-authorization|te|trailers|transfer-encoding|upgrade|x-amz-.*|x-amzn-.*|x-forwarded-for|x-forwarded-host|x-forwarded-proto|via)$/;

/** `$request.path.id`, `${context.authorizer.org_id}` among other text, or a text that is meant as it is. */
function parseExpression(text: string): Expression {
  const parts: Expression = [];
  let end = 0;
  for (const match of text.matchAll(/\$(?:\{([\w.-]+)\}|([a-zA-Z]+(?:\.[\w-]+)+|request))/g)) {
    if (match.index > end) parts.push(text.slice(end, match.index));
    parts.push({ variable: match[1] ?? match[2] ?? "" });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

/** What a request carries, as far as mappings change it. */
export interface Parameters {
  /** Names in lower case; of repeated ones, the values with commas between. */
  headers: Map<string, string>;
  query: URLSearchParams;
  /** Undefined where it is the integration's own. */
  path: string | undefined;
}

/**
 * Changes the parameters. What becomes of a caller's own header where the value that shall overwrite it is not there is
 * not documented: the worst is assumed, that it stays, so that no program relies on the contrary.
 */
export function applyMappings(
  mappings: readonly HttpMapping[],
  parameters: Parameters,
  lookup: (variable: string) => string | undefined,
): void {
  for (const { action, place, name, value } of mappings) {
    const text = value
      .map((part) => (typeof part === "string" ? part : (lookup(part.variable) ?? "")))
      .join("");
    if (action === "remove") {
      if (place === "header") parameters.headers.delete(name);
      else parameters.query.delete(name);
    } else if (text !== "") {
      if (place === "path") parameters.path = text;
      else if (place === "header") change(parameters.headers, action, name, text);
      else changeQuery(parameters.query, action, name, text);
    }
  }
}

/** API Gateway combines several values of a header with commas. */
function change(
  headers: Map<string, string>,
  action: HttpMapping["action"],
  name: string,
  value: string,
): void {
  const before = headers.get(name);
  headers.set(name, action === "append" && before !== undefined ? `${before},${value}` : value);
}

function changeQuery(
  query: URLSearchParams,
  action: HttpMapping["action"],
  name: string,
  value: string,
): void {
  if (action === "append") query.append(name, value);
  else query.set(name, value);
}
