import type { Properties } from "../../engine/provider";
import type { ManagementApi } from "../management-api";
import { type Found, type Resource, text } from "../resource";
import { attachedIds, pathOf, replaceKeys, shownKeys } from "./client-keys";

/** How a client authenticates; its id is the client's. Deleting it leaves the client. */
export const clientCredentials: Resource = {
  required: ["clientId", "authenticationMethod"],
  inputs: ["clientId", "authenticationMethod", "clientSecret", "privateKeyJwt"],
  replaceOn: ["clientId"],
  optional: ["clientSecret"],
  secrets: ["clientSecret"],
  create: (api, inputs) => apply(api, text(inputs, "clientId"), {}, inputs),
  read: find,
  update: apply,
  async delete(api, id) {
    const answer = await api.find(`${pathOf(id)}?fields=client_id%2Capp_type&include_fields=true`);
    if (answer) await giveUpKeys(api, id, methodOf(answer.app_type));
  },
};

async function apply(
  api: ManagementApi,
  clientId: string,
  old: Properties,
  inputs: Properties,
): Promise<Found> {
  const { authenticationMethod, clientSecret } = inputs;
  await api.send("GET", `${pathOf(clientId)}?fields=client_id&include_fields=true`);
  if (authenticationMethod === "private_key_jwt") {
    const before = old.authenticationMethod === "private_key_jwt" ? await attachedIds(api, clientId) : [];
    await replaceKeys(api, clientId, before, inputs);
  } else {
    if (old.authenticationMethod === "private_key_jwt") {
      await giveUpKeys(api, clientId, text(inputs, "authenticationMethod"));
    } else if (authenticationMethod !== old.authenticationMethod) {
      await api.send("PATCH", pathOf(clientId), { token_endpoint_auth_method: authenticationMethod });
    }
    if (clientSecret !== undefined && clientSecret !== old.clientSecret) {
      await api.send("PATCH", pathOf(clientId), { client_secret: clientSecret });
    }
  }
  const found = await find(api, clientId, inputs);
  if (!found) throw new Error(`client ${clientId} does not exist`);
  return found;
}

async function find(api: ManagementApi, clientId: string, inputs: Properties): Promise<Found | undefined> {
  const answer = await api.find(pathOf(clientId));
  if (!answer) return undefined;
  const { token_endpoint_auth_method: method, app_type, client_secret: clientSecret } = answer;
  // Where nobody has set it, Auth0 shows none.
  const authenticationMethod = method ?? methodOf(app_type);
  const privateKeyJwt = await shownKeys(api, clientId, answer, inputs);
  const outputs = privateKeyJwt
    ? { clientId, authenticationMethod: "private_key_jwt", privateKeyJwt }
    : { clientId, authenticationMethod, clientSecret };
  return { id: clientId, outputs };
}

/** Detaches and deletes every key of the client, as the official provider does, also those that it did not make. */
async function giveUpKeys(api: ManagementApi, id: string, method: string): Promise<void> {
  const { list } = await api.send("GET", `${pathOf(id)}/credentials?include_totals=true&per_page=50`);
  const keys: Properties[] = Array.isArray(list) ? list : [];
  const nulls = { client_authentication_methods: null, signed_request_object: null };
  if (keys.length > 0) {
    await api.send("GET", `${pathOf(id)}?fields=client_id%2Capp_type&include_fields=true`);
  }
  await api.send("PATCH", pathOf(id), { ...(keys.length > 0 && nulls), token_endpoint_auth_method: method });
  for (const key of keys) await api.remove(`${pathOf(id)}/credentials/${text(key, "id")}`);
}

function methodOf(appType: unknown): string {
  if (appType === "native" || appType === "spa") return "none";
  return appType === "regular_web" || appType === "non_interactive"
    ? "client_secret_post"
    : "client_secret_basic";
}
