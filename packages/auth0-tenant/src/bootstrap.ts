// What a new tenant has: the Management API, a database of users, and a client for Pulumi with every scope.
import { newClient } from "./entities/client";
import { newConnection } from "./entities/connection";
import { findResourceServerByIdentifier, newManagementApi } from "./entities/resource-server";
import { EventLog } from "./event-log";
import { managementScopes } from "./management-scopes";
import { randomAlphanumeric } from "./randomness";
import {
  type Client,
  type ClientGrant,
  clientGrants,
  clients,
  connections,
  resourceServers,
} from "./records";
import { runSeed, type SeedRequest } from "./seed";
import { SigningKeys } from "./signing-keys";
import type { View } from "./store";
import { managementAudience, type Tenant } from "./tenant";

interface Identity {
  port: number;
  audience: string;
  clientId: string;
}

export type TenantParts = Pick<Tenant, "store" | "clock" | "random" | "plan" | "domain">;

/** The tenant that the store holds, with what a new one has. */
export async function openTenant(parts: TenantParts, port: number, seed: readonly SeedRequest[] = []) {
  const { store, clock, random, domain } = parts;
  const keys = new SigningKeys(store, random, clock, domain);
  await keys.ensure();
  const tenant: Tenant = { ...parts, keys, events: new EventLog(store, clock) };
  return { tenant, ...(await ensureTenant(tenant, port, seed)) };
}

/** Makes the tenant, or follows a change of its port. @returns the credentials of Pulumi's client, and what the seed saved */
async function ensureTenant(tenant: Tenant, port: number, seed: readonly SeedRequest[]) {
  const audience = managementAudience(tenant);
  const { client, seeded } = await tenant.store.write((view) => {
    const known = view.getMeta<Identity>("identity");
    const pulumi = (known && view.get(clients, known.clientId)) ?? pulumiClient(view, tenant);
    if (known && known.audience !== audience) moveManagementApi(view, known.audience, audience);
    if (!findResourceServerByIdentifier(view, audience))
      view.put(resourceServers, newManagementApi(tenant, audience));
    grantEverything(view, tenant, pulumi.client_id, audience);
    if (!known) {
      const database = { name: "Username-Password-Authentication", strategy: "auth0" };
      view.put(connections, newConnection(tenant, database));
      view.putMeta("seeded", runSeed(view, tenant, seed));
    }
    view.putMeta("identity", { port, audience, clientId: pulumi.client_id } satisfies Identity);
    view.putMeta("port", port);
    return { client: pulumi, seeded: view.getMeta<Record<string, string>>("seeded") ?? {} };
  });
  return { clientId: client.client_id, clientSecret: client.client_secret, seeded };
}

function pulumiClient(view: View, tenant: Tenant): Client {
  const client = newClient(tenant, {
    name: "Pulumi",
    app_type: "non_interactive",
    grant_types: ["client_credentials"],
    token_endpoint_auth_method: "client_secret_post",
  });
  view.put(clients, client);
  return client;
}

function grantEverything(view: View, tenant: Tenant, clientId: string, audience: string): void {
  const own = view.list(clientGrants, "client", clientId).toArray();
  const known = own.find((grant) => grant.audience === audience);
  const grant: ClientGrant = {
    id: `cgr_${randomAlphanumeric(tenant.random, 16)}`,
    client_id: clientId,
    audience,
    subject_type: "client",
    ...known,
    scope: [...managementScopes],
  };
  view.put(clientGrants, grant);
}

/** The Management API's identifier holds the domain, and so the port. */
function moveManagementApi(view: View, from: string, to: string): void {
  const server = findResourceServerByIdentifier(view, from);
  if (server) view.put(resourceServers, { ...server, identifier: to });
  for (const grant of view.list(clientGrants, "audience", from).toArray()) {
    view.put(clientGrants, { ...grant, audience: to });
  }
}
