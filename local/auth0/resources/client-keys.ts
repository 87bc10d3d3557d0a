// The public keys of a client that authenticates with private_key_jwt.
import { createHash, createPublicKey } from "node:crypto";
import type { Properties } from "../../engine/provider";
import { type ManagementApi, segment } from "../management-api";
import { text } from "../resource";

/** Auth0 lets a client have two. */
const mostKeys = 2;

export function pathOf(clientId: string): string {
  return `clients/${segment(clientId)}`;
}

export async function attachedIds(api: ManagementApi, clientId: string): Promise<string[]> {
  return idsIn(await api.send("GET", pathOf(clientId)));
}

/**
 * Makes the client's keys those that the inputs declare. Where there is room, a new key is attached before an old one goes,
 * so that the client is never without one.
 */
export async function replaceKeys(
  api: ManagementApi,
  clientId: string,
  before: string[],
  inputs: Properties,
): Promise<void> {
  const credentials = `${pathOf(clientId)}/credentials`;
  const existing: Properties[] = [];
  for (const id of before) existing.push(await api.send("GET", `${credentials}/${id}`));
  const declared = declaredKeys(inputs);
  const kept = declared.filter((key) => existing.some((one) => isSame(one, key)));
  const added = declared.filter((key) => !kept.includes(key));
  const removed = existing.filter((one) => !kept.some((key) => isSame(one, key)));

  for (const key of kept) {
    const one = existing.find((other) => isSame(other, key));
    if (one && time(key.expiresAt) !== time(one.expires_at)) {
      await api.send("PATCH", `${credentials}/${text(one, "id")}`, { expires_at: key.expiresAt ?? null });
    }
  }
  let attached = before;
  const add = async (key: Properties | undefined) => {
    if (!key) return;
    attached = [...attached, text(await api.send("POST", credentials, toWire(key)), "id")];
    await attachKeys(api, clientId, attached);
  };
  const drop = async (one: Properties | undefined) => {
    if (!one) return;
    const id = text(one, "id");
    attached = attached.filter((other) => other !== id);
    await attachKeys(api, clientId, attached);
    await api.remove(`${credentials}/${id}`);
  };
  for (const { key, one, same } of pairs(added, removed)) {
    const room = attached.length < mostKeys && !same;
    if (room) await add(key);
    await drop(one);
    if (!room) await add(key);
  }
}

/** Which new key goes with which old one: with itself where only its name or algorithm differs, for Auth0 takes no key twice. */
function pairs(added: Properties[], removed: Properties[]) {
  const left = [...removed];
  const take = (found: Properties | undefined) => found && left.splice(left.indexOf(found), 1)[0];
  const own = added.map((key) => take(left.find(({ kid }) => kid === thumbprint(key))));
  const replaced = added.map((key, at) => {
    const same = own[at];
    return { key, one: same ?? left.shift(), same: same !== undefined };
  });
  return [...replaced, ...left.map((one) => ({ key: undefined, one, same: false }))];
}

async function attachKeys(api: ManagementApi, clientId: string, ids: string[]): Promise<void> {
  await api.send("GET", `${pathOf(clientId)}?fields=client_id%2Capp_type&include_fields=true`);
  const credentials = ids.map((id) => ({ id }));
  await api.send(
    "PATCH",
    pathOf(clientId),
    ids.length > 0
      ? {
          client_authentication_methods: { private_key_jwt: { credentials } },
          token_endpoint_auth_method: null,
        }
      : { client_authentication_methods: null, token_endpoint_auth_method: "client_secret_post" },
  );
}

/** The keys as outputs: as declared, but for those that Auth0 has not, or has beside them. None: the client has no keys. */
export async function shownKeys(
  api: ManagementApi,
  clientId: string,
  client: Properties,
  inputs: Properties,
): Promise<Properties | undefined> {
  const ids = idsIn(client);
  if (ids.length === 0) return undefined;
  const existing: Properties[] = [];
  for (const id of ids) existing.push(await api.send("GET", `${pathOf(clientId)}/credentials/${id}`));
  const declared = declaredKeys(inputs);
  const there = declared.filter((key) => existing.some((one) => isSame(one, key)));
  const others = existing.filter((one) => !declared.some((key) => isSame(one, key)));
  const shown = others.map(({ name, credential_type, alg }) => ({
    name,
    credentialType: credential_type,
    algorithm: alg,
  }));
  return { credentials: [...there, ...shown] };
}

function idsIn({ client_authentication_methods: methods }: Properties): string[] {
  const { private_key_jwt: keys } = (methods ?? {}) as {
    private_key_jwt?: { credentials?: { id: string }[] };
  };
  return (keys?.credentials ?? []).map(({ id }) => id);
}

function declaredKeys(inputs: Properties): Properties[] {
  const { credentials } = (inputs.privateKeyJwt ?? {}) as { credentials?: Properties[] };
  return credentials ?? [];
}

function toWire({ name, credentialType, pem, algorithm, expiresAt, parseExpiryFromCert }: Properties) {
  return {
    ...{ name, credential_type: credentialType, pem, alg: algorithm },
    ...{ expires_at: expiresAt, parse_expiry_from_cert: parseExpiryFromCert },
  };
}

/** Auth0 shows no key, but its thumbprint. */
function isSame(existing: Properties, declared: Properties): boolean {
  const { name, algorithm = "RS256" } = declared;
  return existing.kid === thumbprint(declared) && existing.name === name && existing.alg === algorithm;
}

/** RFC 7638. */
function thumbprint(declared: Properties): string {
  const { e, kty, n } = createPublicKey(text(declared, "pem")).export({ format: "jwk" });
  return createHash("sha256").update(JSON.stringify({ e, kty, n })).digest("base64url");
}

const time = (value: unknown) => (typeof value === "string" ? Date.parse(value) : undefined);
