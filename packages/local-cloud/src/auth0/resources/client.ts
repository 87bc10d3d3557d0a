import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../../engine/provider";
import { defineEntity } from "../entity";
import { sameNames, toWire, verbatimTranslation } from "../resource";

/** Null takes these away; what else is no longer set stays as it is, as with the official provider. */
const nullable = sameNames("organizationUsage", "defaultOrganization", "tokenQuota");
/** Where users and their browsers may come from and go to, which only applications with users have. */
const urls = ["callbacks", "webOrigins", "allowedLogoutUrls"];
const fields = {
  ...sameNames("name", "description", "appType", "grantTypes", "isFirstParty", "oidcConformant", ...urls),
  ...nullable,
  clientMetadata: { wire: "client_metadata", translation: verbatimTranslation },
};

export const clientResource = defineEntity({
  path: "clients",
  id: "client_id",
  fields,
  required: ["name"],
  defaults: { description: "Managed by Pulumi" },
  optional: ["grantTypes", "isFirstParty", "oidcConformant", ...urls],
  computed: { clientId: "client_id" },
  // Of the official provider: later it is the business of ClientCredentials.
  onCreate: (body) => ({
    ...body,
    token_endpoint_auth_method: ["native", "spa"].includes(String(body.app_type))
      ? "none"
      : "client_secret_post",
  }),
  onUpdate: (old, inputs) => {
    const gone = Object.entries(nullable).filter(
      ([input]) => old[input] !== undefined && inputs[input] === undefined,
    );
    const { clientMetadata, defaultOrganization, ...others } = inputs;
    const isChanged = !isDeepStrictEqual(defaultOrganization, old.defaultOrganization);
    return [
      Object.fromEntries(gone.map(([, { wire }]) => [wire, null])),
      {
        ...toWire(fields, { ...others, ...(isChanged && { defaultOrganization }) }),
        ...changedMetadata(Object(old.clientMetadata), Object(clientMetadata)),
      },
    ];
  },
});

/** Auth0 merges a client's metadata: null for each entry that is gone. */
function changedMetadata(before: Properties, after: Properties): Properties {
  if (isDeepStrictEqual(before, after)) return {};
  const gone = Object.keys(before).filter((name) => !(name in after));
  return { client_metadata: { ...after, ...Object.fromEntries(gone.map((name) => [name, null])) } };
}
