// Requests of a seed, run as the Management API runs them, with every scope.
import { z } from "zod";
import type { AccessToken } from "../access-token";
import { managementScopes } from "../management-scopes";
import { noContent, type Operation } from "../operation";
import { operations } from "../operations";
import { Problem } from "../problem";
import type { View } from "../store";
import type { Tenant } from "../tenant";
import { validateInput } from "../validation";

/**
 * A change by the Management API, which a new tenant starts with. `{name}` stands for a value that an earlier request saved.
 *
 * @example
 * const requests: SeedRequest[] = [
 *   { request: "POST /organizations", body: { name: "acme" }, save: { acme: "id" } },
 *   { request: "PATCH /organizations/{acme}", body: { display_name: "Acme Corp" } },
 * ];
 */
export interface SeedRequest {
  /** Method and path below /api/v2, such as `POST /organizations` or `PATCH /clients/{acme}`. */
  request: string;
  body?: unknown;
  /** Names for properties of the answer, such as `{ "acme": "client_id" }`. */
  save?: Record<string, string>;
}

export const seedRequest = z.strictObject({
  request: z
    .string()
    .regex(
      /^(POST|PATCH|PUT|DELETE) \/\S+$/,
      "must be METHOD PATH with POST, PATCH, PUT or DELETE, such as POST /clients",
    ),
  body: z.unknown().optional(),
  save: z.record(z.string().regex(/^\w+$/), z.string()).optional(),
});

/**
 * Runs the requests one after the other.
 * @returns what they saved
 * @throws for the first request that fails, since later ones build on it
 */
export function runSeedRequests(
  view: View,
  tenant: Tenant,
  requests: readonly SeedRequest[],
): Record<string, string> {
  const saved = new Map([["domain", tenant.domain]]);
  for (const [index, { request, body, save = {} }] of requests.entries()) {
    const filled = replaceNames(request, saved);
    try {
      const answer = runRequest(view, tenant, filled, replaceNames(body, saved));
      for (const [name, property] of Object.entries(save)) saved.set(name, stringIn(answer, property));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw new RequestFailure(
        index,
        `Request ${index + 1} of the seed fails. ${filled}: ${reasonOf(error)}`,
        error,
      );
    }
  }
  saved.delete("domain");
  return Object.fromEntries(saved);
}

/** One of a seed's requests was refused. */
export class RequestFailure extends Error {
  constructor(
    readonly index: number,
    message: string,
    override readonly cause: Error,
  ) {
    super(message);
  }
}

const reasonOf = (error: Error) =>
  error instanceof Problem ? `${error.statusCode} ${error.message}` : error.message;

/**
 * Runs a request with every scope.
 * @returns the answer's body
 * @throws {Problem}
 */
export function runRequest(view: View, tenant: Tenant, request: string, body?: unknown): unknown {
  const [method = "", path = ""] = request.split(" ");
  const { operation, params } = findOperation(method, path);
  const given = operation.body ? validateInput(operation.body, body ?? null, "body") : undefined;
  const query = validateInput(operation.query, {}, "query");
  const call = { tenant, view, token: everyScope, params, query, body: given, prepared: undefined };
  const answer = operation.run(call);
  return answer === noContent ? undefined : answer;
}

const everyScope: AccessToken = {
  clientId: "seed",
  scopes: new Set(managementScopes),
  expiresAt: Number.POSITIVE_INFINITY,
};

const patterns = operations
  .filter(({ method, prepare }) => method !== "GET" && !prepare)
  .map((operation) => ({
    operation,
    pattern: new RegExp(`^${operation.path.replaceAll(/:(\w+)/g, "(?<$1>[^/]+)")}$`),
  }));

function findOperation(
  method: string,
  path: string,
): { operation: Operation; params: Record<string, string> } {
  for (const { operation, pattern } of patterns) {
    const match = operation.method === method ? pattern.exec(path) : null;
    if (!match) continue;
    const params = Object.entries(match.groups ?? {}).map(([name, value]) => [
      name,
      decodeURIComponent(value),
    ]);
    return { operation, params: Object.fromEntries(params) };
  }
  throw new Error("The tenant has no such operation for a seed.");
}

/** The value with `{name}` replaced in each of its strings. */
export function replaceNames<T>(value: T, saved: ReadonlyMap<string, string>): T;
export function replaceNames(value: unknown, saved: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string")
    return value.replace(/\{(\w+)\}/g, (whole, name) => saved.get(name) ?? whole);
  if (Array.isArray(value)) return value.map((inner) => replaceNames(inner, saved));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replaceNames(inner, saved)]));
}

/** @throws if the answer has no such string */
export function stringIn(answer: unknown, property: string): string {
  const value: unknown = typeof answer === "object" && answer ? Reflect.get(answer, property) : undefined;
  if (typeof value === "string") return value;
  throw new Error(`The answer has no string "${property}".`);
}
