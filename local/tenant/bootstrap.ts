// What a new tenant has: the Management API, a database of users, and a client for Pulumi with every scope.
import { newClient } from "./entities/client";
import { newConnection } from "./entities/connection";
import { findByIdentifier, managementApi } from "./entities/resource-server";
import { EventLog } from "./event-log";
import { managementScopes } from "./management-scopes";
import { alphanumeric } from "./randomness";
import {
  type Client,
  type ClientGrant,
  clientGrants,
  clients,
  connections,
  resourceServers,
} from "./records";
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
export async function openTenant(parts: TenantParts, port: number) {
  const { store, clock, random, domain } = parts;
  const keys = new SigningKeys(store, random, clock, domain);
  await keys.ensure();
  const tenant: Tenant = { ...parts, keys, events: new EventLog(store, clock) };
  return { tenant, ...(await ensureTenant(tenant, port)) };
}

/** Makes the tenant, or follows a change of its port. @returns the credentials of Pulumi's client */
async function ensureTenant(tenant: Tenant, port: number) {
  const audience = managementAudience(tenant);
  const client = await tenant.store.write((view) => {
    const known = view.getMeta<Identity>("identity");
    const pulumi = (known && view.get(clients, known.clientId)) ?? pulumiClient(view, tenant);
    if (known && known.audience !== audience) moveManagementApi(view, known.audience, audience);
    if (!findByIdentifier(view, audience)) view.put(resourceServers, managementApi(tenant, audience));
    grantEverything(view, tenant, pulumi.client_id, audience);
    if (!known) {
      const database = { name: "Username-Password-Authentication", strategy: "auth0" };
      view.put(connections, newConnection(tenant, database));
    }
    view.putMeta("identity", { port, audience, clientId: pulumi.client_id } satisfies Identity);
    view.putMeta("port", port);
    return pulumi;
  });
  return { clientId: client.client_id, clientSecret: client.client_secret };
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
  const own = view.list(clientGrants, "client", clientId).all();
  const known = own.find((grant) => grant.audience === audience);
  const grant: ClientGrant = {
    id: `cgr_${alphanumeric(tenant.random, 16)}`,
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
  const server = findByIdentifier(view, from);
  if (server) view.put(resourceServers, { ...server, identifier: to });
  for (const grant of view.list(clientGrants, "audience", from).all()) {
    view.put(clientGrants, { ...grant, audience: to });
  }
}
