import type { Properties } from "../../engine/provider";
import { type ManagementApi, segment } from "../management-api";
import { type Found, type Resource, text } from "../resource";

/** How a client authenticates; its id is the client's. Deleting it leaves the client. */
export const clientCredentials: Resource = {
  required: ["clientId", "authenticationMethod"],
  inputs: ["clientId", "authenticationMethod", "clientSecret", "privateKeyJwt"],
  replaceOn: ["clientId"],
  async create(api, inputs) {
    const clientId = text(inputs, "clientId");
    await api.send("GET", `${pathOf(clientId)}?fields=client_id&include_fields=true`);
    return apply(api, clientId, {}, inputs);
  },
  read: (api, id, inputs) => find(api, id, inputs),
  update: (api, id, old, inputs) => apply(api, id, old, inputs),
  async delete(api, id) {
    const answer = await api.find(`${pathOf(id)}?fields=client_id%2Capp_type&include_fields=true`);
    if (!answer) return;
    const { list } = await api.send("GET", `${pathOf(id)}/credentials?include_totals=true&per_page=50`);
    const keys: Properties[] = Array.isArray(list) ? list : [];
    await api.send("PATCH", pathOf(id), {
      ...(keys.length > 0 && { client_authentication_methods: null, signed_request_object: null }),
      token_endpoint_auth_method: methodOf(answer.app_type),
    });
    for (const key of keys) await api.remove(`${pathOf(id)}/credentials/${text(key, "id")}`);
  },
};

async function apply(
  api: ManagementApi,
  clientId: string,
  old: Properties,
  inputs: Properties,
): Promise<Found> {
  if (inputs.authenticationMethod === "private_key_jwt") {
    await applyKeys(api, clientId, inputs);
  } else {
    if (inputs.authenticationMethod !== old.authenticationMethod) {
      await api.send("PATCH", pathOf(clientId), { token_endpoint_auth_method: inputs.authenticationMethod });
    }
    if (inputs.clientSecret !== undefined && inputs.clientSecret !== old.clientSecret) {
      await api.send("PATCH", pathOf(clientId), { client_secret: inputs.clientSecret });
    }
  }
  const found = await find(api, clientId, inputs);
  if (!found) throw new Error(`client ${clientId} does not exist`);
  return found;
}

/** Adds the keys that are new, attaches the declared ones, then deletes the rest: the client is never without one. */
async function applyKeys(api: ManagementApi, clientId: string, inputs: Properties): Promise<void> {
  const { client_authentication_methods: before } = await api.send("GET", pathOf(clientId));
  const existing = await Promise.all(
    attached(before).map((id) => api.send("GET", `${pathOf(clientId)}/credentials/${id}`)),
  );
  const ids: string[] = [];
  for (const { name, pem, algorithm, credentialType, expiresAt } of declaredKeys(inputs)) {
    const known = existing.find((key) => key.name === name && key.pem === pem);
    const added =
      known ??
      (await api.send("POST", `${pathOf(clientId)}/credentials`, {
        name,
        credential_type: credentialType,
        pem,
        alg: algorithm,
        expires_at: expiresAt,
      }));
    ids.push(text(added, "id"));
  }
  await api.send("PATCH", pathOf(clientId), {
    client_authentication_methods: { private_key_jwt: { credentials: ids.map((id) => ({ id })) } },
    token_endpoint_auth_method: null,
  });
  for (const id of attached(before)) {
    if (!ids.includes(id)) await api.remove(`${pathOf(clientId)}/credentials/${id}`);
  }
}

async function find(api: ManagementApi, clientId: string, inputs: Properties): Promise<Found | undefined> {
  const answer = await api.find(pathOf(clientId));
  if (!answer) return undefined;
  const ids = attached(answer.client_authentication_methods);
  if (ids.length === 0) {
    const { token_endpoint_auth_method: authenticationMethod, client_secret: clientSecret } = answer;
    return { id: clientId, outputs: { clientId, authenticationMethod, clientSecret } };
  }
  for (const id of ids) await api.send("GET", `${pathOf(clientId)}/credentials/${id}`);
  const { privateKeyJwt } = inputs;
  return { id: clientId, outputs: { clientId, authenticationMethod: "private_key_jwt", privateKeyJwt } };
}

function attached(methods: unknown): string[] {
  const { private_key_jwt: keys } = (methods ?? {}) as {
    private_key_jwt?: { credentials?: { id: string }[] };
  };
  return (keys?.credentials ?? []).map(({ id }) => id);
}

function declaredKeys(inputs: Properties): Properties[] {
  const { credentials } = (inputs.privateKeyJwt ?? {}) as { credentials?: Properties[] };
  return credentials ?? [];
}

function methodOf(appType: unknown): string {
  return appType === "native" || appType === "spa" ? "none" : "client_secret_post";
}

function pathOf(clientId: string): string {
  return `clients/${segment(clientId)}`;
}
