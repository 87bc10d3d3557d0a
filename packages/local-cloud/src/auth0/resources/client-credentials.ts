import type { Properties } from "../../engine/provider";
import type { ManagementApi } from "../management-api";
import { type Found, type Resource, readString } from "../resource";
import {
  areSameKeys,
  createKeys,
  credentialsPathOf,
  declaredForm,
  listKeys,
  readDeclaredKeys,
  replaceKeys,
  shownKeys,
  withIds,
} from "./client-keys";

/** How a client authenticates; its id is the client's. Deleting it leaves the client. */
export const clientCredentialsResource: Resource = {
  required: ["clientId", "authenticationMethod"],
  inputs: ["clientId", "authenticationMethod", "clientSecret", "privateKeyJwt"],
  replaceOn: ["clientId"],
  optional: ["clientSecret"],
  secrets: ["clientSecret"],
  async create(api, inputs) {
    const clientId = readString(inputs, "clientId");
    await demandClient(api, clientId);
    if (inputs.authenticationMethod === byKeys) await createKeys(api, clientId, inputs);
    else await applySecret(api, clientId, {}, inputs);
    return findApplied(api, clientId, readDeclaredKeys(inputs));
  },
  read: (api, id, _inputs, outputs) => find(api, id, readDeclaredKeys(outputs)),
  async update(api, clientId, old, inputs) {
    await demandClient(api, clientId);
    const known = withIds(old, inputs);
    if (inputs.authenticationMethod === byKeys) await replaceKeys(api, clientId, old, inputs);
    else {
      if (old.authenticationMethod === byKeys) {
        const keys = await listKeys(api, clientId);
        if (keys.length > 0)
          await deleteKeys(api, clientId, keys, readString(inputs, "authenticationMethod"));
      }
      await applySecret(api, clientId, old, inputs);
    }
    return findApplied(api, clientId, known);
  },
  async delete(api, id) {
    const answer = await api.find(`${credentialsPathOf(id)}?fields=client_id%2Capp_type&include_fields=true`);
    if (!answer) return;
    const method = methodOf(answer.app_type);
    const keys = await listKeys(api, id);
    if (keys.length > 0) await deleteKeys(api, id, keys, method);
    else await api.send("PATCH", credentialsPathOf(id), { token_endpoint_auth_method: method });
  },
  differs: (outputs, inputs) =>
    inputs.authenticationMethod === byKeys && !areSameKeys(outputs, inputs) ? ["privateKeyJwt"] : [],
  declaredForm(outputs, inputs) {
    if (outputs.privateKeyJwt === undefined) return outputs;
    const isUnchanged = areSameKeys(outputs, inputs);
    const keys = isUnchanged ? readDeclaredKeys(inputs) : readDeclaredKeys(outputs).map(declaredForm);
    return { ...outputs, privateKeyJwt: { credentials: keys } };
  },
};

const byKeys = "private_key_jwt";

async function demandClient(api: ManagementApi, clientId: string): Promise<void> {
  await api.send("GET", `${credentialsPathOf(clientId)}?fields=client_id&include_fields=true`);
}

async function applySecret(
  api: ManagementApi,
  clientId: string,
  old: Properties,
  { authenticationMethod, clientSecret }: Properties,
): Promise<void> {
  if (authenticationMethod !== old.authenticationMethod) {
    await api.send("PATCH", credentialsPathOf(clientId), {
      token_endpoint_auth_method: authenticationMethod,
    });
  }
  if (clientSecret !== undefined && clientSecret !== old.clientSecret) {
    await api.send("PATCH", credentialsPathOf(clientId), { client_secret: clientSecret });
  }
}

async function findApplied(api: ManagementApi, clientId: string, known: Properties[]): Promise<Found> {
  const found = await find(api, clientId, known);
  if (!found) throw new Error(`client ${clientId} does not exist`);
  return found;
}

async function find(
  api: ManagementApi,
  clientId: string,
  known: readonly Properties[],
): Promise<Found | undefined> {
  const answer = await api.find(credentialsPathOf(clientId));
  if (!answer) return undefined;
  const { token_endpoint_auth_method: method, app_type, client_secret: clientSecret } = answer;
  const privateKeyJwt = await shownKeys(api, clientId, answer, known);
  // If nobody has set a method, Auth0 shows none.
  const authenticationMethod = method ?? methodOf(app_type);
  const outputs = privateKeyJwt
    ? { clientId, authenticationMethod: byKeys, privateKeyJwt }
    : { clientId, authenticationMethod, clientSecret };
  return { id: clientId, outputs };
}

/** Detaches and deletes the keys. The official provider does so with every key of the client, also those that it did not make. */
async function deleteKeys(api: ManagementApi, id: string, keys: Properties[], method: string): Promise<void> {
  await api.send("GET", `${credentialsPathOf(id)}?fields=client_id%2Capp_type&include_fields=true`);
  await api.send("PATCH", credentialsPathOf(id), {
    client_authentication_methods: null,
    signed_request_object: null,
    token_endpoint_auth_method: method,
  });
  for (const key of keys) await api.remove(`${credentialsPathOf(id)}/credentials/${readString(key, "id")}`);
}

function methodOf(appType: unknown): string {
  if (appType === "native" || appType === "spa") return "none";
  return appType === "regular_web" || appType === "non_interactive"
    ? "client_secret_post"
    : "client_secret_basic";
}
