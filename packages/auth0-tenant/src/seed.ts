// Requests that fill a new tenant, run as the Management API runs them, all in one transaction.
import { z } from "zod";
import type { AccessToken } from "./access-token";
import { managementScopes } from "./management-scopes";
import { noContent, type Operation } from "./operation";
import { operations } from "./operations";
import { Problem } from "./problem";
import type { View } from "./store";
import type { Tenant } from "./tenant";
import { validateInput } from "./validation";

/** A change by the Management API, which a new tenant starts with. `{name}` stands for a value that an earlier request saved. */
export interface SeedRequest {
  /** Method and path below /api/v2, such as `POST /organizations` or `PATCH /clients/{acme}`. */
  request: string;
  body?: unknown;
  /** Names for properties of the answer, such as `{ "acme": "client_id" }`. */
  save?: Record<string, string>;
}

const seedSchema = z.array(
  z.strictObject({
    request: z
      .string()
      .regex(/^(POST|PATCH|PUT|DELETE) \/\S+$/, "expected METHOD PATH, such as POST /clients"),
    body: z.unknown().optional(),
    save: z.record(z.string().regex(/^\w+$/), z.string()).optional(),
  }),
);

/** Reads the seed from JSON. @throws with everything that is wrong with it */
export function parseSeed(json: string): SeedRequest[] {
  const result = seedSchema.safeParse(JSON.parse(json));
  if (result.success) return result.data;
  throw new Error(`The seed is not a list of requests:\n${z.prettifyError(result.error)}`);
}

/**
 * Runs the requests with every scope.
 * @returns what they saved
 * @throws for the first request that fails, which undoes all of them
 */
export function runSeed(view: View, tenant: Tenant, seed: readonly SeedRequest[]): Record<string, string> {
  const token: AccessToken = {
    clientId: "seed",
    scopes: new Set(managementScopes),
    expiresAt: Number.POSITIVE_INFINITY,
  };
  const saved = new Map([["domain", tenant.domain]]);
  for (const [index, { request, body, save = {} }] of seed.entries()) {
    const filled = replaceNames(request, saved);
    try {
      const answer = runRequest(view, tenant, token, filled, replaceNames(body, saved));
      for (const [name, property] of Object.entries(save)) saved.set(name, stringIn(answer, property));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const reason = error instanceof Problem ? `${error.statusCode} ${error.message}` : error.message;
      throw new Error(`Request ${index + 1} of the seed fails. ${filled}: ${reason}`, { cause: error });
    }
  }
  saved.delete("domain");
  return Object.fromEntries(saved);
}

function runRequest(view: View, tenant: Tenant, token: AccessToken, request: string, body: unknown): unknown {
  const [method = "", path = ""] = request.split(" ");
  const { operation, params } = findOperation(method, path);
  const given = operation.body ? validateInput(operation.body, body ?? null, "body") : undefined;
  const query = validateInput(operation.query, {}, "query");
  const answer = operation.run({ tenant, view, token, params, query, body: given, prepared: undefined });
  return answer === noContent ? undefined : answer;
}

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

function replaceNames<T>(value: T, saved: ReadonlyMap<string, string>): T;
function replaceNames(value: unknown, saved: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string")
    return value.replace(/\{(\w+)\}/g, (whole, name) => saved.get(name) ?? whole);
  if (Array.isArray(value)) return value.map((inner) => replaceNames(inner, saved));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replaceNames(inner, saved)]));
}

function stringIn(answer: unknown, property: string): string {
  const value: unknown = typeof answer === "object" && answer ? Reflect.get(answer, property) : undefined;
  if (typeof value === "string") return value;
  throw new Error(`The answer has no string "${property}".`);
}
