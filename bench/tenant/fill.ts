// Fills a tenant's directory with a seed, which is quicker than its API.
import { type SeedRequest, startTenant } from "../../packages/auth0-tenant/src";

export interface Filled {
  url: string;
  caFile: string;
  clientId: string;
  clientSecret: string;
  /** Ids of organizations. */
  organizationIds: string[];
}

const audience = "https://api.example";
const scopes = ["read:orders", "write:orders"];

/** Makes customers with an organization, a client and a grant each. */
export async function fill(directory: string, customers: number): Promise<Filled> {
  const api = { name: "Orders", identifier: audience, scopes: scopes.map((value) => ({ value })) };
  const numbers = Array.from({ length: customers }, (_, n) => n);
  const seed = [{ request: "POST /resource-servers", body: api }, ...numbers.flatMap(customerRequests)];
  const tenant = await startTenant({ directory, seed });
  await tenant.close();
  const { url, caFile, clientId, clientSecret, seeded } = tenant;
  const organizationIds = numbers.map((n) => seeded.saved[`organization_${n}`] ?? "");
  return { url, caFile, clientId, clientSecret, organizationIds };
}

function customerRequests(n: number): SeedRequest[] {
  const organization = `organization_${n}`;
  return [
    {
      request: "POST /organizations",
      body: { name: `customer-${n}`, display_name: `Customer ${n}` },
      save: { [organization]: "id" },
    },
    {
      request: "POST /clients",
      body: { name: `Customer ${n}`, app_type: "non_interactive" },
      save: { client: "client_id" },
    },
    {
      request: "POST /client-grants",
      body: { client_id: "{client}", audience, scope: scopes, organization_usage: "require" },
      save: { grant: "id" },
    },
    { request: `POST /organizations/{${organization}}/client-grants`, body: { grant_id: "{grant}" } },
  ];
}
