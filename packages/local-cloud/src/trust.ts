// fetch() that trusts a certificate authority of its own: Node takes one for its built-in fetch only as it starts.
import { readFileSync } from "node:fs";
import { Agent } from "undici";

/** A `fetch` for https URLs whose servers' certificates come from the authority in `caFile` (PEM). */
export function trustingFetch(caFile: string): typeof fetch {
  const dispatcher = new Agent({ connect: { ca: readFileSync(caFile) }, connections: 64 });
  // @types/node describes the dispatcher of another version of undici: an object literal would be compared with that.
  return (input, options) => fetch(input, Object.assign({}, options, { dispatcher }));
}
