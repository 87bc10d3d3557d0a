// Rotation of the keys that sign the tenant's tokens.
import { defineOperation } from "../operation";
import { conflict, notFound } from "../problem";
import { type SigningKey, signingKeys } from "../signing-keys";
import { currentTimestamp } from "../tenant";

const order = { current: 0, next: 1, previous: 2, revoked: 3 };

export const signingKeyOperations = [
  defineOperation({
    method: "GET",
    path: "/keys/signing",
    scopes: ["read:signing_keys"],
    status: 200,
    run: ({ view }) =>
      view
        .list(signingKeys)
        .toArray()
        .sort((a, b) => order[a.state] - order[b.state])
        .map(shown),
  }),
  defineOperation({
    method: "GET",
    path: "/keys/signing/:kid",
    scopes: ["read:signing_keys"],
    status: 200,
    run: ({ view, params }) => shown(view.get(signingKeys, params.kid ?? "") ?? missing()),
  }),
  defineOperation({
    method: "POST",
    path: "/keys/signing/rotate",
    scopes: ["create:signing_keys", "update:signing_keys"],
    status: 201,
    prepare: ({ keys }) => keys.make("next"),
    run({ view, tenant, prepared }) {
      const { kid, cert } = tenant.keys.rotate(view, prepared);
      return { kid, cert };
    },
    after: ({ keys }) => keys.reload(),
  }),
  defineOperation({
    method: "PUT",
    path: "/keys/signing/:kid/revoke",
    scopes: ["update:signing_keys"],
    status: 200,
    prepare: ({ keys }) => keys.make("next"),
    run({ view, params, tenant, prepared }) {
      const key = view.get(signingKeys, params.kid ?? "") ?? missing();
      if (key.state === "next") throw conflict("The next signing key cannot be revoked.");
      if (key.state === "revoked") throw conflict("The signing key is revoked already.");
      // The next one signs at once if the current one is revoked.
      if (key.state === "current") tenant.keys.rotate(view, prepared);
      const revoked = view.get(signingKeys, key.kid) ?? key;
      view.put(signingKeys, { ...revoked, state: "revoked", revoked_at: currentTimestamp(tenant) });
      return { kid: key.kid, cert: key.cert };
    },
    after: ({ keys }) => keys.reload(),
  }),
];

function shown({ state, privateKey: _key, ...key }: SigningKey): object {
  const is = (one: SigningKey["state"]) => ({ [one]: state === one });
  return { ...key, ...is("current"), ...is("next"), ...is("previous"), ...is("revoked") };
}

function missing(): never {
  throw notFound("The signing key does not exist");
}
