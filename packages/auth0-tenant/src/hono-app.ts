// Hono's application as the tenant uses it, with what its middleware knows of a request.
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";

/** Facts of one request for the request log and the status page. */
interface RequestVariables {
  /** The scope that the request used. */
  scope: string | undefined;
  clientId: string | undefined;
  /** The kind of the fault that the request met. */
  fault: string | undefined;
}

export interface TenantEnvironment {
  Variables: RequestVariables;
  /** Absent in-process. */
  Bindings: Partial<HttpBindings>;
}

export type TenantApp = Hono<TenantEnvironment>;

export const newHono = (): TenantApp => new Hono<TenantEnvironment>();
