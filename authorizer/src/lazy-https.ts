// Stands in for node:https wherever the bundle imports it, that of aws-jwt-verify too: loading TLS takes longer than all the
// rest of a cold start, and with the keys baked in, no request is made in it.
import type * as https from "node:https";

export function request(...args: Parameters<typeof https.request>): ReturnType<typeof https.request> {
  return process.getBuiltinModule("node:https").request(...args);
}
