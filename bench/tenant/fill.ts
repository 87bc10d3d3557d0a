// Fills a tenant's directory through its store, which is quicker than its API.

import { join } from "node:path";
import { startTenant } from "../../local/tenant";
import { openTenant } from "../../local/tenant/bootstrap";
import { newClient } from "../../local/tenant/entities/client";
import { randomAlphanumeric, seededRandomness } from "../../local/tenant/randomness";
import {
  type ClientGrant,
  clientGrants,
  clients,
  organizationGrants,
  organizations,
} from "../../local/tenant/records";
import { Store } from "../../local/tenant/store";

export interface Filled {
  url: string;
  caFile: string;
  clientId: string;
  clientSecret: string;
  /** Ids of organizations. */
  organizationIds: string[];
}

/** Customers with an organization, a client and a grant each. */
export async function fill(directory: string, customers: number): Promise<Filled> {
  // Once through the front door: for keys, certificates and a port.
  const started = await startTenant({ directory });
  await started.close();
  const { url, domain, caFile, clientId, clientSecret } = started;
  const store = Store.open(join(directory, "store"));
  const random = seededRandomness("bench");
  const parts = { store, random, clock: Date.now, plan: "enterprise", domain } as const;
  const { tenant } = await openTenant(parts, Number(new URL(url).port));
  const organizationIds: string[] = [];
  const batch = 1000;
  for (let first = 0; first < customers; first += batch) {
    await store.write((view) => {
      for (let n = first; n < Math.min(first + batch, customers); n += 1) {
        const id = `org_${randomAlphanumeric(random, 16)}`;
        organizationIds.push(id);
        view.put(organizations, { id, name: `customer-${n}`, display_name: `Customer ${n}` });
        const client = newClient(tenant, { name: `Customer ${n}`, app_type: "non_interactive" });
        view.put(clients, client);
        const grant: ClientGrant = {
          id: `cgr_${randomAlphanumeric(random, 16)}`,
          client_id: client.client_id,
          audience: "https://api.example",
          scope: ["read:orders", "write:orders"],
          organization_usage: "require",
          allow_any_organization: false,
          subject_type: "client",
        };
        view.put(clientGrants, grant);
        view.put(organizationGrants, { organization_id: id, grant_id: grant.id });
      }
    });
  }
  await store.close();
  return { url, caFile, clientId, clientSecret, organizationIds };
}
