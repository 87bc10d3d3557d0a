// A customer's credentials from the stack's own outputs, and the tokens that they get.
import type { OutputMap } from "@pulumi/pulumi/automation";

export interface ClientCredentials extends Secret {
  tokenUrl: string;
  audience: string;
  scopes: string[];
  /** While the secret rotates: the old one. */
  retiring?: Secret;
}

interface Secret {
  rotation?: string;
  clientId: string;
  /** Absent where the client authenticates with a private key of its own. */
  clientSecret?: string;
}

/** By customer and client: the stack's output `credentials`. */
export type Credentials = Record<string, Record<string, ClientCredentials>>;

/** By customer: the stack's output `customers`. */
export type Customers = Record<
  string,
  {
    organizationId: string;
    status: string;
    clients: Record<string, string>;
    /** While a secret rotates: ids of the clients that have the old ones. */
    retiring?: Record<string, string>;
  }
>;

/** @throws where the stack has not been brought up. */
export function readOutput<T>(outputs: OutputMap, name: string): T {
  const found = outputs[name];
  if (!found) throw new Error(`the stack has no output "${name}"; bring it up with: npx customers local up`);
  return found.value as T;
}

/** @param who `CUSTOMER` or `CUSTOMER/CLIENT` @throws where there is none of that name, with those that exist. */
export function findCredentials(credentials: Credentials, who: string): ClientCredentials {
  const [customer = "", client] = who.split("/");
  const clients = credentials[customer];
  if (!clients)
    throw new Error(`there is no customer "${customer}"; known: ${Object.keys(credentials).join(", ")}`);
  const names = Object.keys(clients);
  const found = clients[client ?? (names.length === 1 ? (names[0] ?? "") : "")];
  if (!found)
    throw new Error(`name one of the clients: ${names.map((name) => `${customer}/${name}`).join(", ")}`);
  return found;
}

/** @throws with the tenant's own words where it refuses, and for a client without secret. */
export async function getToken(
  fetchFn: typeof fetch,
  credentials: ClientCredentials,
  scope?: string,
): Promise<string> {
  const { tokenUrl, clientId, clientSecret, audience } = credentials;
  if (clientSecret === undefined) {
    throw new Error(
      `client ${clientId} has no secret: only its owner, who has the private key, can get a token`,
    );
  }
  const response = await fetchFn(tokenUrl, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      audience,
      ...(scope !== undefined && { scope }),
    }),
  });
  const answer = (await response.json()) as Record<string, string>;
  if (!response.ok || answer.access_token === undefined) {
    throw new Error(`${tokenUrl} answered ${response.status} ${answer.error}: ${answer.error_description}`);
  }
  return answer.access_token;
}
