import { entity } from "../entity";
import { sameNames, verbatim } from "../resource";

export const client = entity({
  path: "clients",
  id: "client_id",
  fields: {
    ...sameNames("name", "description", "appType", "grantTypes", "isFirstParty", "oidcConformant"),
    ...sameNames("organizationUsage", "defaultOrganization", "tokenQuota"),
    clientMetadata: { wire: "client_metadata", translation: verbatim },
  },
  required: ["name"],
  defaults: { description: "Managed by Pulumi" },
  computed: { clientId: "client_id" },
  // Of the official provider: later it is the business of ClientCredentials.
  onCreate: (body) => ({
    ...body,
    token_endpoint_auth_method: ["native", "spa"].includes(String(body.app_type))
      ? "none"
      : "client_secret_post",
  }),
});
