// What a new tenant has: the Management API, a database of users, and a client for Pulumi with every scope.
import { newClient } from "./entities/client";
import { newConnection } from "./entities/connection";
import { globalClients, newGlobalClient } from "./entities/global-client";
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
import { fillTenant, noIds, type SeededIds } from "./seed/fill-tenant";
import type { ReadSeed } from "./seed/read-seed";
import { defaultConnection } from "./seed/seed-schema";
import { SigningKeys, signingKeys } from "./signing-keys";
import type { View } from "./store";
import { managementAudience, type Tenant } from "./tenant";

interface Identity {
  port: number;
  audience: string;
  clientId: string;
}

export type TenantParts = Pick<Tenant, "store" | "clock" | "random" | "plan" | "domain">;

export interface Filling {
  /** Fills a new tenant. */
  seed?: ReadSeed;
  /** Whether the tenant loses what it has, and is a new one again. */
  reset?: boolean;
  /** As error messages call the tenant's place. */
  directory?: string;
}

/**
 * A seed would be ignored, since the tenant's directory is not new, and another seed or none has filled it.
 *
 * @example
 * if (error instanceof SeedChanged) await startTenant({ directory, seed, reset: true });
 */
export class SeedChanged extends Error {
  override readonly name = "SeedChanged";
}

/**
 * The tenant that the store holds, with what a new one has.
 * @throws {SeedError} if the seed is refused; the store is as before then
 * @throws {SeedChanged}
 */
export async function openTenant(parts: TenantParts, port: number, filling: Filling = {}) {
  const { store, clock, random, domain } = parts;
  const keys = new SigningKeys(store, random, clock, domain);
  await keys.ensure();
  const tenant: Tenant = { ...parts, keys, events: new EventLog(store, clock) };
  return { tenant, ...(await ensureTenant(tenant, port, filling)) };
}

/** Makes the tenant, or follows a change of its port. @returns the credentials of Pulumi's client, and what the seed saved */
async function ensureTenant(tenant: Tenant, port: number, { seed, reset = false, directory = "" }: Filling) {
  const audience = managementAudience(tenant);
  const { client, seeded } = await tenant.store.write((view) => {
    // The keys are no part of what a seed fills, and are in use already.
    if (reset) view.clear([signingKeys]);
    const known = view.getMeta<Identity>("identity");
    if (known && seed && view.getMeta<string>("seed") !== seed.digest) {
      throw new SeedChanged(
        `The tenant in ${directory} has data of another seed or none, and a seed runs only in a new tenant. Start with --reset to delete its state and run the seed, or without a seed to keep its state.`,
      );
    }
    const pulumi = (known && view.get(clients, known.clientId)) ?? pulumiClient(view, tenant);
    if (known && known.audience !== audience) moveManagementApi(view, known.audience, audience);
    if (!findResourceServerByIdentifier(view, audience))
      view.put(resourceServers, newManagementApi(tenant, audience));
    grantEverything(view, tenant, pulumi.client_id, audience);
    if (!known) {
      view.put(connections, newConnection(tenant, { name: defaultConnection, strategy: "auth0" }));
      if (seed) {
        view.putMeta("seeded", fillTenant(view, tenant, seed));
        view.putMeta("seed", seed.digest);
      }
    }
    if (view.list(globalClients).count() === 0) view.put(globalClients, newGlobalClient(tenant));
    view.putMeta("identity", { port, audience, clientId: pulumi.client_id } satisfies Identity);
    view.putMeta("port", port);
    return { client: pulumi, seeded: view.getMeta<SeededIds>("seeded") ?? noIds };
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
