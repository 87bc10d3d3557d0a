// An operation of the Management API as data: what it demands, and what it does once that is met.
import type { z } from "zod";
import type { AccessToken } from "./access-token";
import { noQuery } from "./query";
import type { View } from "./store";
import type { Tenant } from "./tenant";

export interface OperationCall<B, Q, P = undefined> {
  tenant: Tenant;
  view: View;
  token: AccessToken;
  params: Record<string, string>;
  query: Q;
  body: B;
  /** What `prepare` made. */
  prepared: P;
}

export interface Operation {
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Below /api/v2, such as `/clients/:id`. */
  path: string;
  /** The token needs any of them. */
  scopes: readonly string[];
  query: z.ZodType;
  /** None: the operation takes no body. */
  body?: z.ZodType;
  /** Of success; 204 has no body. */
  status: number;
  /** What takes its time, before the transaction. */
  prepare?(tenant: Tenant): Promise<unknown>;
  /** Runs in one transaction. Returns the answer's body; throws a Problem to refuse. */
  run(call: OperationCall<unknown, unknown, unknown>): unknown;
  /** Once the transaction is on the disk. */
  after?(tenant: Tenant): void;
}

interface Definition<B extends z.ZodType, Q extends z.ZodType, P>
  extends Omit<Operation, "body" | "query" | "run" | "prepare"> {
  body?: B;
  query?: Q;
  prepare?(tenant: Tenant): Promise<P>;
  run(call: OperationCall<z.output<B>, z.output<Q>, P>): unknown;
}

/** The result of an operation that found nothing to do: 204 without a body, instead of its usual status. */
export const noContent = Symbol("nothing");

/** Lets the types of body and query follow from their schemas. */
export function defineOperation<
  B extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = typeof noQuery,
  P = undefined,
>(definition: Definition<B, Q, P>): Operation {
  const { run } = definition;
  // Nobody calls `run` but with what the two schemas and `prepare` have made.
  return { query: noQuery, ...definition, run: (call) => run(call as Parameters<typeof run>[0]) };
}
