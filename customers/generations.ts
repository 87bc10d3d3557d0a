// Which clients of Auth0 a client of a file is: one, and while its secret rotates, two. Auth0 gives a client one secret, and a
// new one ends the old one at once: https://auth0.com/docs/get-started/applications/rotate-client-secret
import type { CustomerClient } from "./load";

/** Of a client whose file names no rotation. */
export const firstRotation = "1";

export interface Generation extends CustomerClient {
  /** Name within the customer, of which no other generation of any client has the same: `ci`, then `ci/2`. */
  key: string;
  /** Key that it had until now. */
  previousKey?: string;
  /** Whether the next change may end it; another is there in its place already. */
  isRetiring: boolean;
}

/** The one that is handed out, then the one that it replaces. */
export function generationsOf(client: CustomerClient): Generation[] {
  // Two keys can be one client's: with a key pair, there is never a second client.
  if (client.publicKey !== undefined) return [generation(client, firstRotation, false)];
  const current = generation(client, client.rotation, false);
  return client.retiring === undefined ? [current] : [current, generation(client, client.retiring, true)];
}

function generation(client: CustomerClient, rotation: string, isRetiring: boolean): Generation {
  const suffix = rotation === firstRotation ? "" : `/${rotation}`;
  return {
    ...client,
    rotation,
    isRetiring,
    key: client.name + suffix,
    ...(client.previously !== undefined && { previousKey: client.previously + suffix }),
  };
}
