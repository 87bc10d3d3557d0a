// Fills a new tenant with what a seed says. Everything but a chosen id goes the way of a request, so that the same rules hold.
import { createClient } from "../entities/client";
import { createOrganization } from "../entities/organization";
import { findResourceServerByIdentifier } from "../entities/resource-server";
import { Problem } from "../problem";
import { randomAlphanumeric } from "../randomness";
import { connections } from "../records";
import type { View } from "../store";
import type { Tenant } from "../tenant";
import type { ReadSeed } from "./read-seed";
import { type Path, renderPath, SeedError, type SeedFault } from "./seed-problem";
import { RequestFailure, replaceNames, runRequest, runSeedRequests, stringIn } from "./seed-requests";
import { type CheckedSeed, defaultConnection } from "./seed-schema";

/**
 * Ids by name of what a seed made.
 *
 * @example
 * const { organizations, clients } = tenant.seeded;
 * console.log(organizations.acme, clients["Acme sync"]);
 */
export interface SeededIds {
  /** Organization ids by name. */
  organizations: Readonly<Record<string, string>>;
  /** Client ids by name. */
  clients: Readonly<Record<string, string>>;
  /** Resource server ids by identifier. */
  apis: Readonly<Record<string, string>>;
  /** Connection ids by name. */
  connections: Readonly<Record<string, string>>;
  /** Role ids by name. */
  roles: Readonly<Record<string, string>>;
  /** User ids by email, username or, without either, phone number. */
  users: Readonly<Record<string, string>>;
  /** What `save` of the seed's requests named. */
  saved: Readonly<Record<string, string>>;
}

export const noIds: SeededIds = {
  ...{ organizations: {}, clients: {}, apis: {}, connections: {}, roles: {}, users: {}, saved: {} },
};

/** @throws {SeedError} with everything that the tenant refuses, and the transaction must be undone */
export function fillTenant(view: View, tenant: Tenant, { seed, locate }: ReadSeed): SeededIds {
  const filler = new Filler(view, tenant);
  const ids = filler.fill(replaceNames(seed, new Map([["domain", tenant.domain]])), seed.requests ?? []);
  if (filler.faults.length > 0) throw new SeedError(filler.faults.map(locate));
  return ids;
}

type Entry<K extends "apis" | "clients" | "connections" | "organizations" | "roles" | "users"> = NonNullable<
  CheckedSeed[K]
>[number];

class Filler {
  readonly faults: SeedFault[] = [];
  private readonly organizations = new Map<string, string>();
  private readonly clients = new Map<string, string>();
  private readonly apis = new Map<string, string>();
  private readonly connections = new Map<string, string>();
  private readonly roles = new Map<string, string>();
  private readonly users = new Map<string, string>();
  /** Users by each of their names, in lower case. */
  private readonly userIds = new Map<string, string>();
  /** Of the seed itself, by name and by id. */
  private readonly clientIds = new Map<string, string>();

  constructor(
    private readonly view: View,
    private readonly tenant: Tenant,
  ) {}

  fill(seed: CheckedSeed, requests: NonNullable<CheckedSeed["requests"]>): SeededIds {
    if (seed.tenant) this.request(["tenant"], "PATCH /tenants/settings", seed.tenant);
    each(seed.apis, (api, at) => this.addApi(["apis", at], api));
    each(seed.connections, (one, at) => this.addConnection(["connections", at], one));
    each(seed.organizations, (one, at) => this.addOrganization(["organizations", at], one));
    each(seed.clients, (client, at) => this.addClient(["clients", at], client));
    each(seed.connections, (one, at) => this.enableClients(["connections", at, "enabled_clients"], one));
    each(seed.roles, (role, at) => this.addRole(["roles", at], role));
    each(seed.users, (user, at) => this.addUser(["users", at], user));
    each(seed.organizations, (one, at) => this.addMembers(["organizations", at, "members"], one));
    // They build on all that is before: what they would be refused for then says nothing.
    const saved = this.faults.length === 0 ? this.runRequests(requests) : {};
    return {
      organizations: Object.fromEntries(this.organizations),
      clients: Object.fromEntries(this.clients),
      apis: Object.fromEntries(this.apis),
      connections: Object.fromEntries(this.connections),
      roles: Object.fromEntries(this.roles),
      users: Object.fromEntries(this.users),
      saved,
    };
  }

  private addApi(path: Path, { scopes, ...api }: Entry<"apis">): void {
    const described = scopes?.map((scope) => (typeof scope === "string" ? { value: scope } : scope));
    const body = { name: api.identifier, ...api, ...(described && { scopes: described }) };
    const id = this.request(path, "POST /resource-servers", body, "id");
    if (id !== undefined) this.apis.set(api.identifier, id);
  }

  /** A connection that the new tenant has already, as its database, is changed. */
  private addConnection(path: Path, { enabled_clients: _, ...connection }: Entry<"connections">): void {
    const { name, strategy, ...changes } = connection;
    const known = this.view.findByIndex(connections, "name", name);
    const id =
      known?.strategy === strategy
        ? this.request(path, `PATCH /connections/${known.id}`, changes, "id")
        : this.request(path, "POST /connections", connection, "id");
    if (id !== undefined) this.connections.set(name, id);
  }

  private enableClients(path: Path, { name, enabled_clients }: Entry<"connections">): void {
    const id = this.connections.get(name);
    if (id === undefined || !enabled_clients) return;
    this.request(path, `PATCH /connections/${id}`, {
      enabled_clients: idsOf(this.clientIds, enabled_clients),
    });
  }

  private addOrganization(path: Path, given: Entry<"organizations">): void {
    const { id: chosen, connections: enabled = [], members: _, ...body } = given;
    const id = this.attempt(
      path,
      () => createOrganization(this.view, this.tenant, body, chosen).organization.id,
    );
    if (id === undefined) return;
    this.organizations.set(given.name, id);
    each(enabled, (one, at) => {
      const { name, ...settings } = typeof one === "string" ? { name: one } : one;
      const connection_id = this.connectionId(name);
      if (connection_id === undefined) return;
      const body = { connection_id, ...settings };
      this.request([...path, "connections", at], `POST /organizations/${id}/enabled_connections`, body);
    });
  }

  private addClient(path: Path, given: Entry<"clients">): void {
    const { client_id, client_secret, grants = [], default_organization: name, ...body } = given;
    const organization_id = name === undefined ? undefined : this.organizations.get(name);
    const chosen = { ...(client_id && { client_id }), ...(client_secret && { client_secret }) };
    const id = this.attempt(path, () => {
      const full = {
        ...body,
        ...(organization_id !== undefined && {
          default_organization: { organization_id, flows: ["client_credentials" as const] },
        }),
      };
      return createClient(this.view, this.tenant, full, chosen).client.client_id;
    });
    if (id === undefined) return;
    this.clients.set(given.name, id);
    for (const key of [given.name, id]) this.clientIds.set(key, id);
    each(grants, (grant, at) => this.addGrant([...path, "grants", at], id, grant));
  }

  private addGrant(
    path: Path,
    client_id: string,
    given: NonNullable<Entry<"clients">["grants"]>[number],
  ): void {
    const { organizations: names, scope, organization_usage = names && "require", ...grant } = given;
    const everyScope = () =>
      findResourceServerByIdentifier(this.view, given.audience)?.scopes?.map(({ value }) => value) ?? [];
    const body = {
      ...{ client_id, ...grant },
      ...(scope !== undefined && { scope: scope === "all" ? everyScope() : scope }),
      ...(organization_usage && { organization_usage }),
    };
    const grant_id = this.request(path, "POST /client-grants", body, "id");
    if (grant_id === undefined) return;
    each(names, (name, at) => {
      const id = this.organizations.get(name);
      if (id === undefined) return;
      this.request([...path, "organizations", at], `POST /organizations/${id}/client-grants`, { grant_id });
    });
  }

  private addRole(path: Path, { permissions = [], ...body }: Entry<"roles">): void {
    const id = this.request(path, "POST /roles", body, "id");
    if (id === undefined) return;
    this.roles.set(body.name, id);
    each(permissions, ({ audience, scope }, at) => {
      const permissions = scope.map((permission_name) => ({
        permission_name,
        resource_server_identifier: audience,
      }));
      this.request([...path, "permissions", at], `POST /roles/${id}/permissions`, { permissions });
    });
  }

  private addUser(path: Path, { roles: names, ...user }: Entry<"users">): void {
    const password = randomAlphanumeric(this.tenant.random, 24);
    const { connection = defaultConnection } = user;
    const isInDatabase = this.view.findByIndex(connections, "name", connection)?.strategy === "auth0";
    const body = { ...(isInDatabase && { password }), ...user, connection };
    const id = this.request(path, "POST /users", body, "user_id");
    if (id === undefined) return;
    this.users.set(user.email ?? user.username ?? user.phone_number ?? id, id);
    for (const name of [user.email, user.username, user.user_id, id]) {
      if (name !== undefined) this.userIds.set(name.toLowerCase(), id);
    }
    if (!names || names.length === 0) return;
    const roles = idsOf(this.roles, names);
    this.request([...path, "roles"], `POST /users/${encodeURIComponent(id)}/roles`, { roles });
  }

  private addMembers(path: Path, { name, members }: Entry<"organizations">): void {
    const organization = this.organizations.get(name);
    if (organization === undefined) return;
    each(members, (member, at) => {
      const { user, roles: names = [] } = typeof member === "string" ? { user: member } : member;
      const id = this.userIds.get(user.toLowerCase());
      if (id === undefined) return;
      const list = `/organizations/${organization}/members`;
      this.request([...path, at], `POST ${list}`, { members: [id] });
      if (names.length === 0) return;
      const roles = idsOf(this.roles, names);
      this.request([...path, at, "roles"], `POST ${list}/${encodeURIComponent(id)}/roles`, { roles });
    });
  }

  private runRequests(requests: NonNullable<CheckedSeed["requests"]>): Record<string, string> {
    try {
      return runSeedRequests(this.view, this.tenant, requests);
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      const { index, message, cause } = error;
      this.faults.push({
        code: codeOf(cause),
        path: ["requests", index],
        message: message + this.remedyFor(cause),
      });
      return {};
    }
  }

  private connectionId(name: string): string | undefined {
    return this.connections.get(name) ?? this.view.findByIndex(connections, "name", name)?.id;
  }

  private request(path: Path, request: string, body: object, property?: string): string | undefined {
    return this.attempt(path, () => {
      const answer = runRequest(this.view, this.tenant, request, body);
      return property === undefined ? undefined : stringIn(answer, property);
    });
  }

  /** @returns nothing if the tenant refuses, which is kept as a fault: later entries may have faults of their own */
  private attempt<R>(path: Path, action: () => R): R | undefined {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const message = `${renderPath(path)} is refused: ${error.statusCode} ${error.message.replace(/\.?$/, ".")}`;
      this.faults.push({ code: codeOf(error), path, message: message + this.remedyFor(error) });
      return undefined;
    }
  }

  private remedyFor(error: Error): string {
    const { plan } = this.tenant;
    return codeOf(error) === "plan" && plan !== "enterprise"
      ? ` The plan is ${plan}: choose one with more, or remove it.`
      : "";
  }
}

function codeOf(error: Error): SeedFault["code"] {
  const isPlan =
    error instanceof Problem && /^(too_many_entities|insufficient_entitlement)$/.test(error.errorCode ?? "");
  return isPlan ? "plan" : "refused";
}

function each<T>(list: readonly T[] | undefined, action: (one: T, at: number) => void): void {
  for (const [at, one] of (list ?? []).entries()) action(one, at);
}

/** What was refused has no id, and a problem of its own. */
function idsOf(known: ReadonlyMap<string, string>, names: readonly string[]): string[] {
  return names.flatMap((name) => known.get(name) ?? []);
}
