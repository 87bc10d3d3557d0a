// The official Node SDKs behind one interface, so that one table of flows drives both.
import * as v7 from "auth0";
import * as v4 from "auth0-v4";

/** How a client reaches the tenant; `fetch` trusts the tenant's authority. */
export interface Access {
  domain: string;
  clientId: string;
  clientSecret: string;
  fetch: typeof fetch;
}

interface Grant {
  client_id: string;
  audience: string;
  scope: string[];
  organization_usage: "allow" | "require";
}

/** Answers are what the SDK made of them. `list` reads every page, with pages of two. */
export interface Sdk {
  organizations: {
    create(body: {
      name: string;
      display_name?: string;
      metadata?: Record<string, string>;
    }): Promise<unknown>;
    get(id: string): Promise<unknown>;
    getByName(name: string): Promise<unknown>;
    update(id: string, body: { display_name: string }): Promise<unknown>;
    delete(id: string): Promise<unknown>;
    list(): Promise<unknown[]>;
    addMember(id: string, user: string): Promise<unknown>;
    removeMember(id: string, user: string): Promise<unknown>;
    members(id: string): Promise<unknown[]>;
    addGrant(id: string, grant: string): Promise<unknown>;
    removeGrant(id: string, grant: string): Promise<unknown>;
    grants(id: string): Promise<unknown[]>;
  };
  clients: {
    create(body: { name: string }): Promise<unknown>;
    get(id: string): Promise<unknown>;
    update(id: string, body: { description: string }): Promise<unknown>;
    delete(id: string): Promise<unknown>;
    list(): Promise<unknown[]>;
  };
  grants: {
    create(body: Grant): Promise<unknown>;
    update(id: string, body: { scope: string[] }): Promise<unknown>;
    delete(id: string): Promise<unknown>;
    list(client: string): Promise<unknown[]>;
  };
  users: {
    create(body: { connection: string; email: string; password: string }): Promise<unknown>;
    get(id: string): Promise<unknown>;
    byEmail(email: string): Promise<unknown>;
    update(id: string, body: { app_metadata: Record<string, string> }): Promise<unknown>;
    delete(id: string): Promise<unknown>;
    organizations(id: string): Promise<unknown[]>;
  };
  apis: {
    create(body: { name: string; identifier: string; scopes: { value: string }[] }): Promise<unknown>;
    delete(id: string): Promise<unknown>;
  };
}

/** auth0 4.14.0, which the Moesif portal's plugin has locked. */
export function sdk4(access: Access): Sdk {
  const { organizations, clients, clientGrants, users, usersByEmail, resourceServers } =
    new v4.ManagementClient({ ...access, retry: { enabled: false } });
  return {
    organizations: {
      create: (body) => data(organizations.create(body)),
      get: (id) => data(organizations.get({ id })),
      getByName: (name) => data(organizations.getByName({ name })),
      update: (id, body) => data(organizations.update({ id }, body)),
      delete: (id) => data(organizations.delete({ id })),
      list: () => pages((paging) => organizations.getAll(paging), "organizations"),
      addMember: (id, user) => data(organizations.addMembers({ id }, { members: [user] })),
      removeMember: (id, user) => data(organizations.deleteMembers({ id }, { members: [user] })),
      members: (id) => pages((paging) => organizations.getMembers({ id, ...paging }), "members"),
      addGrant: (id, grant_id) => data(organizations.postOrganizationClientGrants({ id }, { grant_id })),
      removeGrant: (id, grant_id) => data(organizations.deleteClientGrantsByGrantId({ id, grant_id })),
      grants: (id) =>
        pages((paging) => organizations.getOrganizationClientGrants({ id, ...paging }), "client_grants"),
    },
    clients: {
      create: (body) => data(clients.create({ ...body, app_type: "non_interactive" })),
      get: (client_id) => data(clients.get({ client_id })),
      update: (client_id, body) => data(clients.update({ client_id }, body)),
      delete: (client_id) => data(clients.delete({ client_id })),
      list: () => pages((paging) => clients.getAll(paging), "clients"),
    },
    grants: {
      create: (body) => data(clientGrants.create(body)),
      update: (id, body) => data(clientGrants.update({ id }, body)),
      delete: (id) => data(clientGrants.delete({ id })),
      list: (client_id) => pages((paging) => clientGrants.getAll({ client_id, ...paging }), "client_grants"),
    },
    users: {
      create: (body) => data(users.create(body)),
      get: (id) => data(users.get({ id })),
      byEmail: (email) => data(usersByEmail.getByEmail({ email })),
      update: (id, body) => data(users.update({ id }, body)),
      delete: (id) => data(users.delete({ id })),
      organizations: (id) =>
        pages((paging) => users.getUserOrganizations({ id, ...paging }), "organizations"),
    },
    apis: {
      create: (body) => data(resourceServers.create(body)),
      delete: (id) => data(resourceServers.delete({ id })),
    },
  };
}

/** auth0 7, the newest. */
export function sdk7(access: Access): Sdk {
  const { organizations, clients, clientGrants, users, resourceServers } = new v7.ManagementClient({
    ...access,
    maxRetries: 0,
  });
  return {
    organizations: {
      create: (body) => organizations.create(body),
      get: (id) => organizations.get(id),
      getByName: (name) => organizations.getByName(name),
      update: (id, body) => organizations.update(id, body),
      delete: (id) => organizations.delete(id),
      list: async () => all(await organizations.list({ take: 2 })),
      addMember: (id, user) => organizations.members.create(id, { members: [user] }),
      removeMember: (id, user) => organizations.members.delete(id, { members: [user] }),
      members: async (id) => all(await organizations.members.list(id, { take: 2 })),
      addGrant: (id, grant_id) => organizations.clientGrants.create(id, { grant_id }),
      removeGrant: (id, grant_id) => organizations.clientGrants.delete(id, grant_id),
      grants: async (id) => all(await organizations.clientGrants.list(id, { per_page: 2 })),
    },
    clients: {
      create: (body) => clients.create({ ...body, app_type: "non_interactive" }),
      get: (id) => clients.get(id),
      update: (id, body) => clients.update(id, body),
      delete: (id) => clients.delete(id),
      list: async () => all(await clients.list({ per_page: 2 })),
    },
    grants: {
      create: (body) => clientGrants.create(body),
      update: (id, body) => clientGrants.update(id, body),
      delete: (id) => clientGrants.delete(id),
      list: async (client_id) => all(await clientGrants.list({ client_id, take: 2 })),
    },
    users: {
      create: (body) => users.create(body),
      get: (id) => users.get(id),
      byEmail: (email) => users.listUsersByEmail({ email }),
      update: (id, body) => users.update(id, body),
      delete: (id) => users.delete(id),
      organizations: async (id) => all(await users.organizations.list(id, { per_page: 2 })),
    },
    apis: {
      create: (body) => resourceServers.create(body),
      delete: (id) => resourceServers.delete(id),
    },
  };
}

async function data(answer: Promise<{ data: unknown }>): Promise<unknown> {
  return (await answer).data;
}

interface PageOfTwo {
  page: number;
  per_page: number;
  include_totals: true;
}

/** Pages with totals, as 4.14.0 asks for them, until the total is reached; of a user's organizations Auth0 counts none. */
async function pages<K extends string>(
  get: (paging: PageOfTwo) => Promise<{ data: { total?: number } & Record<K, unknown[]> }>,
  name: K,
): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let page = 0; ; page += 1) {
    const { data } = await get({ page, per_page: 2, include_totals: true });
    found.push(...data[name]);
    if (data.total ? found.length >= data.total : data[name].length < 2) return found;
  }
}

async function all(page: AsyncIterable<unknown>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const one of page) found.push(one);
  return found;
}
