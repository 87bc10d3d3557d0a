// fetch() for the API at its own domain name, which no DNS leads to: it connects to the local gateway.
import type { Agent } from "undici";

/**
 * @param gatewayUrl where the local gateway listens, without TLS
 * @returns a `fetch` that reaches every host there, with the host's name in the request
 */
export function gatewayFetch(gatewayUrl: string): typeof fetch {
  let dispatcher: Agent | undefined;
  return (input, options) => {
    const { url } = new Request(input);
    if (new URL(url).origin === new URL(gatewayUrl).origin) return fetch(input, options);
    dispatcher ??= createAgent(gatewayUrl);
    // @types/node describes the dispatcher of another version of undici: an object literal would be compared with that.
    return fetch(withoutTls(url), Object.assign({}, options, { dispatcher }));
  };
}

/** The library loads only for an API that has such a name. */
function createAgent(gatewayUrl: string): Agent {
  const { Agent, buildConnector }: typeof import("undici") = require("undici");
  const { hostname, port } = new URL(gatewayUrl);
  const connect = buildConnector({});
  return new Agent({
    connect: (options, callback) => connect({ ...options, hostname, port }, callback),
  });
}

/** The name's certificate is in ACM, so the local gateway doesn't have one. */
export function withoutTls(url: string): string {
  return url.replace(/^https:/, "http:");
}
