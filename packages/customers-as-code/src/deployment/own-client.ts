// Pulumi must not delete the client with which it signs in to the tenant: it could not even undo that. The program knows what it
// deletes from the files and the last deployment; a plan also knows the clients that belong to no customer, and what the engine
// replaces. Both list what goes and ask here.

export interface DeletedClient {
  /** Auth0's id. */
  id: string | undefined;
  /** As a sentence names it. */
  name: string;
}

/** The sentence's second half and the way out, with the client before it; undefined if the client stays or nobody knows which it is. */
export function refuseOwnClient(
  deleted: readonly DeletedClient[],
  ownClientId: string | undefined,
): { client: string; reason: string } | undefined {
  if (ownClientId === undefined || ownClientId === "") return undefined;
  const own = deleted.find(({ id }) => id === ownClientId);
  return own && { client: own.name, reason };
}

const reason =
  "with which Pulumi itself signs in to Auth0. Give Pulumi another client first (auth0:clientId or AUTH0_CLIENT_ID).";

/** @param configured the setting auth0:clientId, which comes before the environment */
export function ownClientIdOf(configured: string | undefined): string | undefined {
  return configured ?? process.env.AUTH0_CLIENT_ID;
}
