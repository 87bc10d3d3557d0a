// The public keys of a client that authenticates with private_key_jwt, as the official provider handles them: a set, of which
// Auth0 shows no key itself (terraform-provider-auth0 1.53.0, internal/auth0/client/resource_credentials.go and flatten.go).
import { createHash, createPublicKey, X509Certificate } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Properties } from "../../engine/provider";
import { encodeSegment, type ManagementApi } from "../management-api";
import { readString } from "../resource";

/** As many as each plan of Auth0 lets a client have, so that this many never exceed a limit. */
const mostKeys = 2;

export function credentialsPathOf(clientId: string): string {
  return `clients/${encodeSegment(clientId)}`;
}

/** The keys in inputs or in outputs. */
export function readDeclaredKeys({ privateKeyJwt }: Properties): Properties[] {
  const { credentials } = (privateKeyJwt ?? {}) as { credentials?: Properties[] };
  return credentials ?? [];
}

/** Creates the declared keys and attaches them. */
export async function createKeys(api: ManagementApi, clientId: string, inputs: Properties): Promise<void> {
  const ids: string[] = [];
  for (const key of readDeclaredKeys(inputs)) ids.push(await createKey(api, clientId, key));
  await attachKeys(api, clientId, ids);
}

/**
 * Makes the client's keys those that the inputs declare. If there is room, a new key is attached before an old one goes, so that
 * the client is never without one. The provider doesn't notice that a key only got another name, and changes nothing then.
 * @param old outputs
 */
export async function replaceKeys(
  api: ManagementApi,
  clientId: string,
  old: Properties,
  inputs: Properties,
): Promise<void> {
  const { added, removed, expiring } = changesOf(readDeclaredKeys(old), readDeclaredKeys(inputs));
  const credentials = `${credentialsPathOf(clientId)}/credentials`;
  if (added.length > 0 || removed.length > 0) {
    let attached = (await listKeys(api, clientId)).map((one) => readString(one, "id"));
    const add = async (key: Properties | undefined) => {
      if (!key) return;
      attached = [...attached, await createKey(api, clientId, key)];
      await attachKeys(api, clientId, attached);
    };
    const drop = async ({ id }: Properties = {}) => {
      if (typeof id !== "string") return;
      attached = attached.filter((other) => other !== id);
      await attachKeys(api, clientId, attached);
      await api.remove(`${credentials}/${id}`);
    };
    const pairs = Math.min(added.length, removed.length);
    for (let at = 0; at < pairs; at += 1) {
      const isRoom = attached.length < mostKeys;
      if (isRoom) await add(added[at]);
      await drop(removed[at]);
      if (!isRoom) await add(added[at]);
    }
    for (const key of removed.slice(pairs)) await drop(key);
    for (const key of added.slice(pairs)) await add(key);
  }
  for (const { id, expiresAt } of expiring) {
    await api.send("PATCH", `${credentials}/${id}`, { expires_at: expiresAt });
  }
}

/** Every key of the client, also those that nobody attached and that another program made. */
export async function listKeys(api: ManagementApi, clientId: string): Promise<Properties[]> {
  const { list } = await api.send(
    "GET",
    `${credentialsPathOf(clientId)}/credentials?include_totals=true&per_page=50`,
  );
  return Array.isArray(list) ? list : [];
}

/**
 * The attached keys as outputs; undefined if the client doesn't authenticate by keys. Auth0 doesn't show a key itself: it comes
 * from what is known of the keys, by id, and else by name. If that is another key than Auth0's, the key is empty, which is a change
 * in each following deployment: two keys of one name are found by it, and the first one is taken.
 * @param known outputs; or the keys that were declared, of which those that are new have no id
 */
export async function shownKeys(
  api: ManagementApi,
  clientId: string,
  client: Properties,
  known: readonly Properties[],
): Promise<Properties | undefined> {
  const ids = attachedIds(client);
  if (!ids) return undefined;
  const candidates = sorted(known);
  const shown: Properties[] = [];
  for (const id of ids) {
    const found = await api.send("GET", `${credentialsPathOf(clientId)}/credentials/${id}`);
    const byId = candidates.find((key) => key.id === id);
    const key = byId?.pem ? byId : candidates.find(({ name }) => name === found.name);
    const pem = key && thumbprintOf(key.pem) === found.kid ? key.pem : "";
    shown.push({
      ...{ id, name: found.name, keyId: found.kid, credentialType: found.credential_type, pem },
      ...{ algorithm: found.alg, createdAt: found.created_at, updatedAt: found.updated_at },
      ...(found.expires_at !== undefined && { expiresAt: found.expires_at }),
    });
  }
  return { credentials: sorted(shown) };
}

/** The declared keys, with the ids of those among them that haven't changed. @param old outputs */
export function withIds(old: Properties, inputs: Properties): Properties[] {
  return readDeclaredKeys(inputs).map((key) => {
    const same = readDeclaredKeys(old).find((one) => codeOf(one) === codeOf(key));
    return { ...key, ...(same && { id: same.id }) };
  });
}

/** Whether both are the same keys, in whatever order. */
export function areSameKeys(some: Properties, others: Properties): boolean {
  const codes = (keys: Properties) => readDeclaredKeys(keys).map(codeOf).sort().join();
  return codes(some) === codes(others);
}

/** A key as a program declares it, without what only Auth0 knows. */
export function declaredForm({ name, credentialType, pem, algorithm, expiresAt }: Properties): Properties {
  return {
    ...{ name, credentialType, algorithm },
    ...(pem !== "" && { pem }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

function changesOf(old: readonly Properties[], declared: readonly Properties[]) {
  const without = (keys: readonly Properties[], others: readonly Properties[]) =>
    sorted(keys.filter((key) => !others.some((other) => codeOf(other) === codeOf(key))));
  const added: Properties[] = [];
  const expiring: Properties[] = [];
  let removed = without(old, declared);
  for (const key of without(declared, old)) {
    const same = removed.find((one) => isSameKey(one, key));
    if (!same) added.push(key);
    else {
      removed = removed.filter((one) => one !== same);
      const { expiresAt } = key;
      if (expiresAt !== undefined && expiresAt !== same.expiresAt) expiring.push({ id: same.id, expiresAt });
    }
  }
  return { added, removed, expiring };
}

function isSameKey({ id, pem, keyId, algorithm }: Properties, key: Properties): boolean {
  const isOne = pem === key.pem || (pem === "" && keyId !== undefined && keyId === thumbprintOf(key.pem));
  return id !== undefined && isOne && algorithm === (key.algorithm ?? "RS256");
}

async function createKey(api: ManagementApi, clientId: string, key: Properties): Promise<string> {
  const { name, credentialType, pem, algorithm, expiresAt, parseExpiryFromCert } = key;
  const created = await api.send("POST", `${credentialsPathOf(clientId)}/credentials`, {
    ...{ name, credential_type: credentialType, pem, alg: algorithm },
    ...{ expires_at: expiresAt, parse_expiry_from_cert: parseExpiryFromCert },
  });
  return readString(created, "id");
}

async function attachKeys(api: ManagementApi, clientId: string, ids: string[]): Promise<void> {
  await api.send("GET", `${credentialsPathOf(clientId)}?fields=client_id%2Capp_type&include_fields=true`);
  await api.send("PATCH", credentialsPathOf(clientId), {
    client_authentication_methods: { private_key_jwt: { credentials: ids.map((id) => ({ id })) } },
    token_endpoint_auth_method: null,
  });
}

function attachedIds({ client_authentication_methods: methods }: Properties): string[] | undefined {
  const { private_key_jwt: keys } = (methods ?? {}) as {
    private_key_jwt?: { credentials?: { id: string }[] };
  };
  return keys?.credentials?.map(({ id }) => id);
}

/** In the order of Terraform's sets: by the codes as strings (terraform-plugin-sdk, helper/schema/set.go). */
function sorted(keys: readonly Properties[]): Properties[] {
  return [...keys].sort((a, b) => (codeOf(a) < codeOf(b) ? -1 : 1));
}

/** What makes a key another one in the set: `privateKeyJWTCredentialSetHash`. */
function codeOf({ credentialType, pem, algorithm = "RS256", name = "", expiresAt = "" }: Properties): string {
  return String(crc32([credentialType, pem ?? "", algorithm, name, expiresAt].join("")));
}

/** RFC 7638. @returns an empty string for what is no key */
function thumbprintOf(pem: unknown): string {
  try {
    const given = String(pem);
    const isCertificate = given.includes("BEGIN CERTIFICATE");
    const key = isCertificate ? new X509Certificate(given).publicKey : createPublicKey(given);
    const { e, kty, n } = key.export({ format: "jwk" });
    return createHash("sha256").update(JSON.stringify({ e, kty, n })).digest("base64url");
  } catch {
    return "";
  }
}
