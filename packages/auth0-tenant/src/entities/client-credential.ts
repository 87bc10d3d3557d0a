// Public keys of clients that authenticate with private_key_jwt.
import { z } from "zod";
import { defineOperation } from "../operation";
import { badRequest, notFound } from "../problem";
import { pagingQuery } from "../query";
import { type ClientCredential, clientCredentials } from "../records";
import type { View } from "../store";
import { currentTimestamp } from "../tenant";
import { attachedCredentialIds, findClient } from "./client";
import { createCredential, newCredential, shownCredential } from "./new-credential";

const readScopes = ["read:client_credentials"];

export const clientCredentialOperations = [
  defineOperation({
    method: "GET",
    path: "/clients/:id/credentials",
    scopes: readScopes,
    status: 200,
    query: pagingQuery,
    run({ view, params, query }) {
      const { client_id } = findClient(view, params.id);
      // The newest first, as a bare array even if totals are asked for (terraform-provider-auth0's recordings).
      const { page = 0, per_page = 50 } = query;
      const newest = view.list(clientCredentials, "client", client_id).toArray().reverse();
      return newest.slice(page * per_page, (page + 1) * per_page).map(shownCredential);
    },
  }),
  defineOperation({
    method: "POST",
    path: "/clients/:id/credentials",
    scopes: ["create:client_credentials"],
    status: 201,
    body: newCredential,
    run: ({ view, params, body, tenant }) =>
      shownCredential(createCredential(view, tenant, findClient(view, params.id).client_id, body)),
  }),
  defineOperation({
    method: "GET",
    path: "/clients/:id/credentials/:credential",
    scopes: readScopes,
    status: 200,
    run: ({ view, params }) => shownCredential(findCredential(view, params)),
  }),
  defineOperation({
    method: "PATCH",
    path: "/clients/:id/credentials/:credential",
    scopes: ["update:client_credentials"],
    status: 200,
    body: z.strictObject({ expires_at: z.iso.datetime({ offset: true }).nullable() }),
    run({ view, params, body, tenant }) {
      const { expires_at: _, ...credential } = findCredential(view, params);
      const { expires_at } = body;
      const changed = {
        ...credential,
        updated_at: currentTimestamp(tenant),
        ...(expires_at && { expires_at: new Date(expires_at).toISOString() }),
      };
      view.put(clientCredentials, changed);
      return shownCredential(changed);
    },
  }),
  defineOperation({
    method: "DELETE",
    path: "/clients/:id/credentials/:credential",
    scopes: ["delete:client_credentials"],
    status: 204,
    // Of a credential that is gone as well: go-auth0's recordings, TestClient_DeleteCredential.yaml.
    run({ view, params }) {
      const id = params.credential ?? "";
      if (attachedCredentialIds(findClient(view, params.id)).includes(id)) {
        throw badRequest("Cannot delete credential still associated with a client");
      }
      if (view.get(clientCredentials, id)?.client_id === params.id) view.delete(clientCredentials, id);
    },
  }),
];

function findCredential(view: View, params: Record<string, string>): ClientCredential {
  const { client_id } = findClient(view, params.id);
  const credential = view.get(clientCredentials, params.credential ?? "");
  if (credential?.client_id !== client_id)
    throw notFound("The credential does not exist", "inexistent_credential");
  return credential;
}
