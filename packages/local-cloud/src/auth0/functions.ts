// Functions of the auth0 provider: what the program asks of a tenant without declaring it.
import type { Properties } from "../engine/provider";
import { encodeSegment, type ManagementApi } from "./management-api";
import { type Fields, fromWire, readString, sameNames, verbatimTranslation } from "./resource";

/** @throws for a function that the local provider does not know, and if the official one finds nothing */
export async function answerAuth0Function(
  api: ManagementApi,
  token: string,
  args: Properties,
): Promise<Properties> {
  const answer = functions[token];
  if (!answer) throw new Error(`the local auth0 provider does not know the function ${token}`);
  return { ...args, ...(await answer(api, args)) };
}

type Answer = (api: ManagementApi, args: Properties) => Promise<Properties>;

const functions: Record<string, Answer> = {
  "auth0:index/getUser:getUser": getUser,
  "auth0:index/getClient:getClient": getClient,
  "auth0:index/getClientGrants:getClientGrants": getClientGrants,
  "auth0:index/getOrganization:getOrganization": getOrganization,
  "auth0:index/getResourceServer:getResourceServer": getResourceServer,
};

async function getUser(api: ManagementApi, { query }: Properties): Promise<Properties> {
  if (typeof query !== "string") throw new Error("getUser: the local auth0 provider knows queries only");
  const found = await api.send("GET", `users?include_totals=true&per_page=50&q=${encodeURIComponent(query)}`);
  // The official provider goes by the answer's `length`, and not by how many users it holds.
  const { users, length } = found;
  const [user]: Properties[] = Array.isArray(users) ? users : [];
  if (!length || !user) {
    throw new Error(
      "No users found. Note: if a user was just created/deleted, it takes some time for it to be indexed.",
    );
  }
  if (Number(length) > 1) throw new Error("Further refine the query to retrieve a single user");
  const { user_id: userId, email, name } = user;
  return { id: userId, userId, email, name };
}

const clientFields: Fields = {
  ...sameNames("name", "description", "appType", "grantTypes", "isFirstParty", "organizationUsage"),
  ...sameNames("callbacks", "webOrigins", "allowedOrigins", "allowedLogoutUrls", "tokenEndpointAuthMethod"),
  clientMetadata: { wire: "client_metadata", translation: verbatimTranslation },
};

/** The client's secret, which the official provider returns, too, is left out: nothing here asks for it. */
async function getClient(api: ManagementApi, args: Properties): Promise<Properties> {
  const id = readString(args, "clientId");
  const found = await api.send("GET", `clients/${encodeSegment(id)}`);
  const { default_organization: standard, ...rest } = found;
  const { organization_id: organizationId, flows }: Properties = Object(standard);
  const defaultOrganizations = organizationId ? [{ organizationId, flows, disable: false }] : [];
  return { id, clientId: id, ...fromWire(clientFields, rest), defaultOrganizations };
}

async function getClientGrants(api: ManagementApi, { clientId, audience }: Properties): Promise<Properties> {
  const clientGrants: Properties[] = [];
  let from: unknown;
  do {
    const query = new URLSearchParams({
      take: "100",
      ...(typeof clientId === "string" && { client_id: clientId }),
      ...(typeof audience === "string" && { audience }),
      ...(typeof from === "string" && { from }),
    });
    const { client_grants: found, next } = await api.send("GET", `client-grants?${query}`);
    clientGrants.push(...(Array.isArray(found) ? found.map(toGrant) : []));
    from = next;
  } while (from);
  return { id: "client_grants_list", clientGrants };
}

function toGrant(grant: Properties): Properties {
  return {
    id: grant.id,
    clientId: grant.client_id ?? "",
    audience: grant.audience,
    scopes: grant.scope ?? [],
    subjectType: grant.subject_type ?? "",
    allowAllScopes: grant.allow_all_scopes ?? false,
    defaultFor: grant.default_for ?? "",
  };
}

/** Only the first page of its grants, as the official provider (terraform-provider-auth0, internal/auth0/organization/data_source.go). */
async function getOrganization(api: ManagementApi, args: Properties): Promise<Properties> {
  if (!args.skipConnections || !args.skipMembers) {
    throw new Error("getOrganization: the local auth0 provider reads no connections and members");
  }
  const id = readString(args, "organizationId");
  const path = `organizations/${encodeSegment(id)}`;
  const { name, display_name: displayName, metadata = {} } = await api.send("GET", path);
  const { client_grants: grants } = await api.send(
    "GET",
    `${path}/client-grants?include_totals=true&per_page=50`,
  );
  const clientGrants = Array.isArray(grants) ? grants.map((grant: Properties) => grant.id) : [];
  return { id, name, displayName, metadata, clientGrants };
}

async function getResourceServer(api: ManagementApi, args: Properties): Promise<Properties> {
  const path = `resource-servers/${encodeSegment(readString(args, "resourceServerId"))}`;
  const { id, name, identifier } = await api.send("GET", path);
  return { id, resourceServerId: id, name, identifier };
}
