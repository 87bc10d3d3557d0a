// Functions of the auth0 provider: what the program asks of a tenant without declaring it.
import type { Properties } from "../engine/provider";
import { type ManagementApi, segment } from "./management-api";

/** @throws for a function that the local provider does not know, and if the official one finds nothing */
export async function answerFunction(
  api: ManagementApi,
  token: string,
  args: Properties,
): Promise<Properties> {
  switch (token) {
    case "auth0:index/getUser:getUser":
      return getUser(api, args);
    case "auth0:index/getOrganization:getOrganization":
      return getOrganization(api, args);
    default:
      throw new Error(`the local auth0 provider does not know the function ${token}`);
  }
}

async function getUser(api: ManagementApi, args: Properties): Promise<Properties> {
  const { query } = args;
  if (typeof query !== "string") throw new Error("getUser: the local auth0 provider knows queries only");
  const found = await api.send("GET", `users?include_totals=true&per_page=50&q=${encodeURIComponent(query)}`);
  const users: Properties[] = Array.isArray(found.users) ? found.users : [];
  const [user, ...others] = users;
  if (!user) {
    throw new Error(
      "No users found. Note: if a user was just created/deleted, it takes some time for it to be indexed.",
    );
  }
  if (others.length > 0) throw new Error("Further refine the query to retrieve a single user");
  const { user_id: userId, email, name } = user;
  return { ...args, id: userId, userId, email, name };
}

/** The official one reads connections, members and grants too, which nobody here asks for. */
async function getOrganization(api: ManagementApi, args: Properties): Promise<Properties> {
  const { organizationId } = args;
  if (typeof organizationId !== "string") {
    throw new Error("getOrganization: the local auth0 provider knows ids only");
  }
  const {
    id,
    name,
    display_name: displayName,
    metadata = {},
  } = await api.send("GET", `organizations/${segment(organizationId)}`);
  return { ...args, id, organizationId, name, displayName, metadata };
}
