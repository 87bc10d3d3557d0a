// What a client's public keys are called in Auth0. The provider finds a new key by its name: while two keys have one name, it
// takes one for the other and shows a change in every deployment (terraform-provider-auth0, internal/auth0/client/flatten.go,
// `findCredentialInStateByName`). It doesn't rename a key, so that each keeps the name that it has.
import type * as auth0 from "@pulumi/auth0";
import type { CustomerDeclaration } from "../customers/load-customers";
import { thumbprintOf } from "../customers/public-key";
import { getOwn } from "../problems/record";

/** By the key's thumbprint. */
export type KeyNames = Readonly<Record<string, string>>;

/** Of the oldest key. Until 2026-11, every key was called so. */
const oldestName = "customer";

/**
 * Names the keys, of which the oldest comes first: one that Auth0 has keeps its name, and a new one beside it is called by its
 * thumbprint.
 * @param known the names that the last deployment left
 */
export function nameKeys(pems: readonly string[], known: KeyNames = {}): string[] {
  if (pems.length === 1 && Object.keys(known).length === 0) return [oldestName];
  const thumbprints = pems.map(thumbprintOf);
  const kept = thumbprints.map((thumbprint) => getOwn(known, thumbprint));
  const isTaken = kept.includes(oldestName);
  return thumbprints.map((thumbprint, at) => kept[at] ?? (at === 0 && !isTaken ? oldestName : thumbprint));
}

/** The names of the client's keys as Auth0 has them. */
export function namesIn(
  privateKeyJwt: auth0.types.output.ClientCredentialsPrivateKeyJwt | undefined,
): KeyNames {
  const keys = privateKeyJwt?.credentials ?? [];
  return Object.fromEntries(
    keys.flatMap(({ keyId, pem, name }) => {
      const thumbprint = keyId || (pem ? thumbprintOf(pem) : undefined);
      return thumbprint !== undefined && name !== undefined ? [[thumbprint, name]] : [];
    }),
  );
}

/** By the client's name: what the last deployment left, also under an old name of the customer or the client. */
export function deployedKeyNames(
  { id, previously = id, clients }: Pick<CustomerDeclaration, "id" | "previously" | "clients">,
  deployed: Readonly<Record<string, { keys?: Readonly<Record<string, KeyNames>> }>>,
): Record<string, KeyNames> {
  const keys = (getOwn(deployed, id) ?? getOwn(deployed, previously))?.keys ?? {};
  return Object.fromEntries(
    clients.flatMap((client) => {
      const names = getOwn(keys, client.name) ?? getOwn(keys, client.previously ?? client.name);
      return names ? [[client.name, names]] : [];
    }),
  );
}
