// Which clients of Auth0 a client of a file is: one, and while its secret rotates, two. Auth0 gives a client one secret, and a
// new one ends the old one at once: https://auth0.com/docs/get-started/applications/rotate-client-secret

import { firstRotation } from "./customer-schema";
import type { CustomerClient } from "./load-customers";

export interface Generation extends CustomerClient {
  /** Name within the customer, of which no other generation of any client has the same: `ci`, then `ci/2`. */
  key: string;
  /** Keys that it may have had until now. */
  previousKeys: string[];
  /** Whether the next change may end it; another is there in its place already. */
  isRetiring: boolean;
}

/** The one that is handed out, then the one that it replaces. */
export function generationsOf(client: CustomerClient): Generation[] {
  const { rotation, retiring, publicKey } = client;
  // Two keys can be one client's: with a key pair, there is never a second client. It may have had a secret that was rotated.
  if (publicKey !== undefined) return [generation(client, firstRotation, false, [firstRotation, rotation])];
  const current = generation(client, rotation, false);
  return retiring === undefined ? [current] : [current, generation(client, retiring, true)];
}

/** Whether the next deployment may delete it. */
export function mayGo({ closing, isRetiring }: Pick<Generation, "closing" | "isRetiring">): boolean {
  return closing || isRetiring;
}

function generation(
  client: CustomerClient,
  rotation: string,
  isRetiring: boolean,
  previously = [rotation],
): Generation {
  const { name } = client;
  const key = keyOf(name, rotation);
  const names = [name, ...(client.previously === undefined ? [] : [client.previously])];
  const keys = names.flatMap((one) => previously.map((before) => keyOf(one, before)));
  const previousKeys = [...new Set(keys)].filter((one) => one !== key);
  return { ...client, rotation, isRetiring, key, previousKeys };
}

function keyOf(name: string, rotation: string): string {
  return rotation === firstRotation ? name : `${name}/${rotation}`;
}
