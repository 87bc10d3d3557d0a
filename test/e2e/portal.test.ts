// The Developer Portal with what the stack gives it: from a user who signs up to a call that the gateway lets through.

import { parseEnv } from "node:util";
import { ManagementClient } from "auth0-v4";
import { createApiKey, provisionUser } from "../../packages/auth0-tenant/testing/portal-plugin";
import { getToken, readOutput } from "../../packages/local-cloud/src/credentials";
import { openTestCloud, type TestCloud } from "./local-cloud";

let system: TestCloud;
beforeAll(async () => {
  system = await openTestCloud();
  await system.stack.up();
});
afterAll(() => system?.close());

test("a user of the portal gets an organization, a key and answers from the API", async () => {
  const { cloud, stack } = system;
  const outputs = await stack.outputs();
  const env = parseEnv(readOutput<string>(outputs, "portalEnv"));
  expect(env.PLUGIN_APIM_PROVIDER).toBe("auth0-m2m");
  const domain = env.PLUGIN_AUTH0_M2M_DOMAIN ?? "";
  const audience = env.PLUGIN_AUTH0_M2M_API_AUDIENCE ?? "";
  // The portal's own credentials, so the ten scopes and no other.
  const management = new ManagementClient({
    domain,
    clientId: env.PLUGIN_AUTH0_M2M_CLIENT_ID ?? "",
    clientSecret: env.PLUGIN_AUTH0_M2M_CLIENT_SECRET ?? "",
    fetch: cloud.fetch,
  });
  const email = "jane@customer.example";
  await management.users.create({
    connection: "Username-Password-Authentication",
    email,
    password: "correct horse",
  });

  const organization = await provisionUser(management, { email, customerId: "cus_1", subId: "sub_1" });
  const scope = (env.PLUGIN_AUTH0_M2M_API_SCOPE ?? "").split(" ");
  const key = await createApiKey(management, email, { audience, scope });
  const token = await getToken(cloud.fetch, {
    ...key,
    tokenUrl: `https://${domain}/oauth/token`,
    audience,
    scopes: scope,
  });
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${readOutput<string>(outputs, "url")}/orders`, { headers });

  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ organization, client: key.clientId, scopes: scope });
  await cloud.aws.flushLogs();
  expect(cloud.moesif.events().map(({ company_id, user_id }) => ({ company_id, user_id }))).toContainEqual({
    company_id: organization,
    user_id: key.clientId,
  });
});
