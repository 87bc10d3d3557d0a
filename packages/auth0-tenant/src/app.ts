// The tenant's HTTP interface as a function from requests to answers; nothing in here knows of sockets or TLS.
import type { Context } from "hono";
import { demandScope, TokenVerifier } from "./access-token";
import { serveDiscovery } from "./discovery";
import { newHono, type TenantApp } from "./hono-app";
import { noContent, type Operation, type OperationCall } from "./operation";
import { operations } from "./operations";
import { badRequest, notFound, Problem } from "./problem";
import { nestParameters } from "./query";
import type { View } from "./store";
import type { Tenant } from "./tenant";
import { tokenEndpoint } from "./token-endpoint";
import { managementMessages } from "./unverified";
import { validateInput } from "./validation";

export function createApp(tenant: Tenant, app = newHono()): TenantApp {
  const verifier = new TokenVerifier(tenant);
  app.onError((error, c) => {
    const problem =
      error instanceof Problem
        ? error
        : new Problem(500, `The local tenant failed: ${error.message}`, "internal");
    if (problem !== error) console.error(error);
    return c.json(problem.body, { status: problem.statusCode as 500, headers: problem.headers });
  });
  app.notFound((c) => c.json(notFound(managementMessages.notFound).body, 404));
  serveDiscovery(app, tenant);
  app.post("/oauth/token", tokenEndpoint(tenant));
  for (const operation of operations) {
    app.on(operation.method, `/api/v2${operation.path}`, async (c) => {
      const token = await verifier.verify(c.req.header("authorization"));
      c.set("clientId", token.clientId);
      c.set("scope", demandScope(token, operation.scopes));
      return answer(c, operation, {
        tenant,
        token,
        params: c.req.param() as Record<string, string>,
        query: validateInput(operation.query, nestParameters(c.req.queries()), "query"),
        body: await bodyOf(c, operation),
      });
    });
  }
  // What has no operation still wants a token first, as Auth0 does.
  app.all("/api/v2/*", async (c) => {
    await verifier.verify(c.req.header("authorization"));
    throw notFound(managementMessages.notFound);
  });
  return app;
}

async function answer(
  c: Context,
  { method, status, prepare, run, after }: Operation,
  call: Omit<OperationCall<unknown, unknown, unknown>, "view" | "prepared">,
): Promise<Response> {
  const { tenant } = call;
  const prepared = await prepare?.(tenant);
  const action = (view: View) => run({ ...call, view, prepared });
  const result = method === "GET" ? tenant.store.read(action) : await tenant.store.write(action);
  after?.(tenant);
  if (status === 204 || result === noContent) return c.body(null, 204);
  return c.json(result ?? {}, status as 200);
}

async function bodyOf(c: Context, { body }: Operation): Promise<unknown> {
  if (!body) return undefined;
  const text = await c.req.text();
  let value: unknown = null;
  try {
    if (text !== "") value = JSON.parse(text);
  } catch {
    throw badRequest(managementMessages.invalidJson, "invalid_body");
  }
  return validateInput(body, value, "body");
}
