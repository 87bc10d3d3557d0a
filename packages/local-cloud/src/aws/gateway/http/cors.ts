// CORS of an HTTP API: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
import { isObject } from "../../property";

export interface Cors {
  allowOrigins: string[];
  allowMethods: string[];
  allowHeaders: string[];
  exposeHeaders: string[];
  maxAge: number | undefined;
}

export function readCors(configuration: unknown): Cors | undefined {
  if (!isObject(configuration)) return undefined;
  const texts = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
  const { allowOrigins, allowMethods, allowHeaders, exposeHeaders, maxAge } = configuration;
  return {
    allowOrigins: texts(allowOrigins),
    allowMethods: texts(allowMethods),
    allowHeaders: texts(allowHeaders),
    exposeHeaders: texts(exposeHeaders),
    maxAge: typeof maxAge === "number" ? maxAge : undefined,
  };
}

/**
 * "For OPTIONS methods, your request must contain an origin header and an Access-Control-Request-Method header." API
 * Gateway answers it by itself then, whatever routes there are.
 */
export function isPreflight(method: string, headers: ReadonlyMap<string, string>): boolean {
  return method === "OPTIONS" && headers.has("origin") && headers.has("access-control-request-method");
}

/** Headers of the answer to a preflight, names and values by turns; none for an origin that is not allowed. */
export function preflightHeaders(cors: Cors, origin: string): string[] {
  const allowed = allowOrigin(cors, origin);
  if (allowed === undefined) return [];
  return [
    ["access-control-allow-origin", allowed],
    ...listHeader("access-control-allow-methods", cors.allowMethods),
    ...listHeader("access-control-allow-headers", cors.allowHeaders),
    ...(cors.maxAge === undefined ? [] : [["access-control-max-age", String(cors.maxAge)]]),
  ].flat();
}

/** "... ignores CORS headers returned from your backend integration", and adds those of the configuration. */
export function withCors(cors: Cors, origin: string | undefined, headers: readonly string[]): string[] {
  const kept = pairsOf(headers).filter(([name]) => !name.toLowerCase().startsWith("access-control-"));
  const allowed = origin === undefined ? undefined : allowOrigin(cors, origin);
  if (allowed !== undefined) {
    kept.push(
      ["access-control-allow-origin", allowed],
      ...listHeader("access-control-expose-headers", cors.exposeHeaders),
    );
  }
  return kept.flat();
}

/** `*` for all, `https://*` for all of a scheme. */
function allowOrigin({ allowOrigins }: Cors, origin: string): string | undefined {
  if (allowOrigins.includes("*")) return "*";
  const isAllowed = allowOrigins.some((allowed) =>
    allowed.endsWith("://*") ? origin.startsWith(allowed.slice(0, -1)) : allowed === origin,
  );
  return isAllowed ? origin : undefined;
}

function listHeader(name: string, values: readonly string[]): [string, string][] {
  return values.length === 0 ? [] : [[name, values.join(",")]];
}

function pairsOf(headers: readonly string[]): [string, string][] {
  return headers.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name, headers[index + 1] ?? ""]] : [],
  );
}
