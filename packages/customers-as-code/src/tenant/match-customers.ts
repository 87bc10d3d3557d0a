// Which organization, client and grant of a tenant is which customer's: by the ids of an import, by the marks that the program
// leaves in metadata, and by names.

import { firstRotation } from "../customers/customer-schema";
import { type Generation, generationsOf } from "../customers/generations";
import type { TenantImports } from "../customers/import-data";
import type { CustomerDeclaration } from "../customers/load-customers";
import { getOwn } from "../problems/record";
import type { Tenant, TenantClient, TenantGrant, TenantOrganization } from "./tenant";

export interface Match {
  customers: CustomerMatch[];
  /** What is no customer's. */
  organizations: TenantOrganization[];
  clients: TenantClient[];
}

export interface CustomerMatch {
  customer: CustomerDeclaration;
  organization?: TenantOrganization;
  clients: { client: Generation; found?: TenantClient }[];
}

export function matchTenant(
  tenant: Tenant,
  customers: readonly CustomerDeclaration[],
  imports: TenantImports,
): Match {
  const organizations = new Unclaimed(tenant.organizations, [
    ({ id }) => id,
    ({ metadata }) => metadata?.customer,
    ({ name }) => name,
  ]);
  const clients = new Unclaimed(tenant.clients, [
    ({ id }) => id,
    ({ clientMetadata: mark }) => mark?.client && markOf(mark),
    ({ name }) => name,
  ]);
  const matched = customers.map((customer) => {
    const { id, previously } = customer;
    const imported = getOwn(imports.customers, id);
    const organization = organizations.claim([
      [imported?.organization.id],
      [id, previously],
      [customer.organization],
    ]);
    const matchedClients = customer.clients.flatMap(generationsOf).map((client) => {
      const names = [id, previously].flatMap((one) =>
        one === undefined ? [] : [client.key, ...client.previousKeys].map((key) => `${one}/${key}`),
      );
      const found = clients.claim([[getOwn(imported?.clients, client.key)?.id], names, names]);
      return { client, found };
    });
    return { customer, organization, clients: matchedClients };
  });
  return { customers: matched, organizations: organizations.rest, clients: clients.rest };
}

/** As the program names the client that it has marked so. */
export function markOf({ customer, client, rotation = firstRotation }: Record<string, string>): string {
  return [customer, client, ...(rotation === firstRotation ? [] : [rotation])].join("/");
}

/** Things of which each is somebody's once, found by any of several keys. */
class Unclaimed<T> {
  private readonly left: Set<T>;
  private readonly indexes: Map<string | undefined, T[]>[];

  constructor(things: readonly T[], keys: readonly ((thing: T) => string | undefined)[]) {
    this.left = new Set(things);
    this.indexes = keys.map((key) => groupBy(things, key));
  }

  /** The first that has one of the values of the first key, or else of the second, and so on. */
  claim(values: readonly (readonly (string | undefined)[])[]): T | undefined {
    const candidates = values.flatMap((ofKey, at) =>
      ofKey.flatMap((value) => (value === undefined ? [] : (this.indexes[at]?.get(value) ?? []))),
    );
    const found = candidates.find((thing) => this.left.has(thing));
    if (found !== undefined) this.left.delete(found);
    return found;
  }

  get rest(): T[] {
    return [...this.left];
  }
}

/** What has the same key, in the order in which it comes. */
export function groupBy<T>(
  things: readonly T[],
  key: (thing: T) => string | undefined,
): Map<string | undefined, T[]> {
  const groups = new Map<string | undefined, T[]>();
  for (const thing of things) {
    const group = groups.get(key(thing));
    if (group) group.push(thing);
    else groups.set(key(thing), [thing]);
  }
  return groups;
}

/** What a tenant's grants and organizations say of a client. */
export class Grants {
  private readonly byClient: Map<string | undefined, TenantGrant[]>;
  private readonly byGrant = new Map<string, TenantOrganization[]>();

  constructor(
    private readonly tenant: Tenant,
    readonly audience: string,
  ) {
    this.byClient = groupBy(tenant.grants, ({ clientId }) => clientId);
    for (const organization of tenant.organizations) {
      for (const id of organization.grants) {
        this.byGrant.set(id, [...(this.byGrant.get(id) ?? []), organization]);
      }
    }
  }

  /** Of the client, on any API. */
  of({ id }: TenantClient): TenantGrant[] {
    return this.byClient.get(id) ?? [];
  }

  /** The one by which the client itself calls the API. */
  onApi(client: TenantClient): TenantGrant | undefined {
    return this.of(client).find((grant) => this.isOnApi(grant));
  }

  isOnApi({ audience, subjectType }: TenantGrant): boolean {
    return audience === this.audience && subjectType === "client";
  }

  organizationsOf({ id }: TenantGrant): TenantOrganization[] {
    return this.byGrant.get(id) ?? [];
  }

  /** On the API, of no client in particular. */
  get ofNobody(): TenantGrant[] {
    return this.tenant.grants.filter(
      ({ audience, clientId }) => audience === this.audience && clientId === undefined,
    );
  }
}

/** The portal names a client by its user's e-mail address, and the organization by what is left of that without `@+.-`. */
export function isPortalMade(
  client: Pick<TenantClient, "name">,
  organization: TenantOrganization | undefined,
): boolean {
  return (
    client.name.includes("@") && client.name.replaceAll(/[@+.-]/g, "").toLowerCase() === organization?.name
  );
}
