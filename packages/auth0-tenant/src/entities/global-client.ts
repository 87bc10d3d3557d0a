// The global client, "All Applications": every tenant has one, which holds the page of the classic login. It is in no list of clients but
// its own, and gets no tokens. As recorded: auth0/auth0-deploy-cli, test/e2e/recordings/should-dump-without-throwing-an-error.json.
import { randomAlphanumeric } from "../randomness";
import type { Client } from "../records";
import type { Table } from "../store";
import type { Tenant } from "../tenant";

export const globalClients: Table<Client> = {
  name: "global-clients",
  id: ({ client_id }) => client_id,
  indexes: {},
};

export function newGlobalClient({ random }: Tenant): Client {
  return {
    global: true,
    callbacks: [],
    is_first_party: true,
    name: "All Applications",
    refresh_token: {
      ...{ expiration_type: "non-expiring", leeway: 0, infinite_token_lifetime: true },
      ...{ infinite_idle_token_lifetime: true, token_lifetime: 2_592_000, idle_token_lifetime: 1_296_000 },
      rotation_type: "non-rotating",
    },
    cross_origin_authentication: true,
    client_id: randomAlphanumeric(random, 32),
    client_secret: randomAlphanumeric(random, 64),
    custom_login_page_on: true,
    // Not shown.
    grant_types: [],
  };
}
