// What a tenant has of the program's own, by the marks that the program leaves in metadata: the state may know none of it, or have
// other ids for it.

import type { ApiDeclaration } from "../auth0/declaration";
import { portalMark } from "../auth0/declaration";
import type { Generation } from "../customers/generations";
import type { TenantImports } from "../customers/import-data";
import type { CustomerDeclaration } from "../customers/load-customers";
import type { Placement } from "../customers/shard-placement";
import { isHere } from "../customers/shard-placement";
import type { StateIds } from "../stacks/stack-state";
import { type Grants, groupBy, markOf } from "../tenant/match-customers";
import type { Tenant, TenantClient, TenantGrant, TenantOrganization } from "../tenant/tenant";
import { isManagementApi, whyNotMachine } from "../tenant/unmappable";

export interface RepairRequest {
  tenant: Tenant;
  declared: readonly CustomerDeclaration[];
  /** Of the stack. */
  state: StateIds;
  /** Id of the client that reads the tenant: it is never imported. */
  reader: string;
  /** By client id, when it last got a token; absent for those that Auth0's logs do not have. */
  lastTokens?: ReadonlyMap<string, string>;
  /** Which stack that is: what others have is none of its business. */
  placement: Placement;
  imports: TenantImports;
  /** Without `tokenLifetime`, where it is not known: then the API is left alone. */
  api: Omit<ApiDeclaration, "tokenLifetime"> & { tokenLifetime?: number };
}

/** A client beside the one that stays. */
export interface Duplicate {
  /** Of the resource that both are made for, such as `acme/default`. */
  name: string;
  client: TenantClient;
  /** Of the client, on any API. */
  grants: TenantGrant[];
  /** The client that the state has, or that the next deployment imports. */
  kept: TenantClient;
  /** Whether it can get no token for anything: nobody can have it in use. */
  isUnused: boolean;
}

export class FoundInTenant {
  private readonly organizations: ReadonlyMap<string | undefined, TenantOrganization[]>;
  private readonly clients: ReadonlyMap<string | undefined, TenantClient[]>;
  private readonly byId: ReadonlyMap<string, TenantClient>;

  constructor(
    private readonly request: RepairRequest,
    private readonly grants: Grants,
  ) {
    const { tenant } = request;
    this.organizations = groupBy(tenant.organizations, ({ metadata }) => metadata?.customer);
    this.clients = groupBy(tenant.clients, ({ clientMetadata: mark }) => mark?.client && markOf(mark));
    this.byId = new Map(tenant.clients.map((client) => [client.id, client]));
  }

  /** The state's, unless the tenant has it no more: then the state is older than what is marked there. */
  organizationOf(customer: CustomerDeclaration): { organization?: TenantOrganization; known?: string } {
    const ids = idsOf(customer);
    const known = this.request.state.of("organization", ids);
    const marked = ids.flatMap((id) => this.organizations.get(id) ?? []);
    const organization =
      this.request.tenant.organizations.find(({ id }) => id === known) ??
      marked.find(({ name }) => name === customer.organization) ??
      marked[0];
    return { ...(organization && { organization }), ...(known !== undefined && { known }) };
  }

  clientOf(customer: CustomerDeclaration, generation: Generation, organization: TenantOrganization) {
    const { state } = this.request;
    const keys = [generation.key, ...generation.previousKeys];
    const names = idsOf(customer).flatMap((id) => keys.map((key) => `${id}/${key}`));
    const known = state.of("client", names);
    const strangers = names
      .flatMap((name) => this.clients.get(name) ?? [])
      .filter((client) => client.defaultOrganization?.organizationId === organization.id)
      .filter(({ id }) => !state.has("client", id));
    const client = this.byId.get(known ?? "") ?? this.likeliest(strangers);
    return { client, known, others: strangers.filter((one) => one !== client), names };
  }

  /** Of clients that are there twice, the one that was used last; if that is unknown, the one that lacks least. */
  private likeliest(clients: readonly TenantClient[]): TenantClient | undefined {
    const { lastTokens } = this.request;
    const parts = (client: TenantClient) => {
      const grant = this.grants.onApi(client);
      return grant ? 1 + this.grants.organizationsOf(grant).length : 0;
    };
    const lastUse = ({ id }: TenantClient) => Date.parse(lastTokens?.get(id) ?? "") || 0;
    return [...clients].sort((a, b) => lastUse(b) - lastUse(a) || parts(b) - parts(a))[0];
  }

  duplicate(name: string, client: TenantClient, kept: TenantClient): Duplicate {
    const grants = this.grants.of(client);
    const isUnused = grants.length === 0 && !this.request.lastTokens?.has(client.id);
    return { name, client, grants, kept, isUnused };
  }

  portals(audience: string): Duplicate[] {
    const all = this.request.tenant.clients.filter(
      ({ clientMetadata }) => clientMetadata?.[portalMark] === audience,
    );
    const kept = all.find(({ id }) => this.request.state.has("client", id)) ?? this.likeliest(all);
    return all.flatMap((client) =>
      kept === undefined || client === kept || this.request.state.has("client", client.id)
        ? []
        : [this.duplicate(client.name, client, kept)],
    );
  }

  /** What the program refuses to import (packages/customers-as-code/src/deployment/check-imports.ts), beside what the marks have sorted out. */
  whyNotImported(client: TenantClient): string[] {
    if (this.request.state.has("client", client.id)) return [];
    const { id, name } = client;
    const reasons = [
      ...(id === this.request.reader ? ["is the one with which this command reads the tenant"] : []),
      ...whyNotMachine(client).map(({ message }) => message),
      ...this.grants
        .of(client)
        .flatMap(({ audience }) =>
          isManagementApi(audience) ? ["has a grant on the Auth0 Management API"] : [],
        ),
    ];
    return reasons.map((reason) => `client "${name}" (${id}) ${reason}`);
  }

  undeclared(declared: readonly CustomerDeclaration[]): TenantOrganization[] {
    const { tenant, placement, state } = this.request;
    const files = new Set<string | undefined>(declared.flatMap(idsOf));
    return tenant.organizations.filter(
      ({ id, metadata }) =>
        metadata?.customer !== undefined &&
        !files.has(metadata.customer) &&
        isHere({ id: metadata.customer }, placement) &&
        !state.has("organization", id),
    );
  }
}

function idsOf({ id, previously }: CustomerDeclaration): string[] {
  return previously === undefined ? [id] : [id, previously];
}
