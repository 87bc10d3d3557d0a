// What the Moesif Developer Portal's auth0-m2m plugin does, call by call, with the SDK that it has locked (auth0 4.14.0).
import type { ManagementClient } from "auth0-v4";

/** What Moesif's guide grants the plugin's management application. */
export const guideScopes = [
  "create:client_grants",
  "read:users",
  "create:users",
  "update:users",
  "create:clients",
  "create:organizations",
  "read:organizations",
  "update:organizations",
  "create:organization_members",
  "create:organization_client_grants",
] as const;

export interface Subscription {
  email: string;
  customerId: string;
  subId: string;
}

/** @returns the organization's id */
export async function provisionUser(
  management: ManagementClient,
  { email, customerId, subId }: Subscription,
) {
  const id = await userIdOf(management, email);
  const name = email.replaceAll(/[@+.-]/g, "").toLowerCase();
  const { data: organization } = await management.organizations.create({ name });
  await management.organizations.addMembers({ id: organization.id }, { members: [id] });
  await management.users.update({ id }, { app_metadata: { customerId, subscriptionId: subId } });
  return organization.id;
}

/** The API for which keys are made: PLUGIN_AUTH0_M2M_API_AUDIENCE and PLUGIN_AUTH0_M2M_API_SCOPE. */
export interface PortalApi {
  audience: string;
  scope: string[];
}

export async function createApiKey(
  management: ManagementClient,
  email: string,
  { audience, scope }: PortalApi,
) {
  const id = await userIdOf(management, email);
  const { data: organizations } = await management.users.getUserOrganizations({ id });
  const [organization, ...more] = organizations;
  if (!organization || more.length > 0) throw new Error(`${email} has ${organizations.length} organizations`);
  // A variable, as the types of 4.14.0 lack default_organization.
  const machine = {
    name: email,
    app_type: "non_interactive",
    is_first_party: true,
    default_organization: { organization_id: organization.id, flows: ["client_credentials"] },
    organization_usage: "require",
  } as const;
  const { data: client } = await management.clients.create(machine);
  const { client_id, client_secret } = client;
  const { data: grant } = await management.clientGrants.create({
    client_id,
    audience,
    scope,
    organization_usage: "require",
    allow_any_organization: false,
  });
  await management.organizations.postOrganizationClientGrants(
    { id: organization.id },
    { grant_id: grant.id },
  );
  return { clientId: client_id, clientSecret: client_secret };
}

async function userIdOf(management: ManagementClient, email: string): Promise<string> {
  const { data } = await management.usersByEmail.getByEmail({ email });
  const [user] = data;
  if (!user) throw new Error(`no user has ${email}`);
  return user.user_id;
}
