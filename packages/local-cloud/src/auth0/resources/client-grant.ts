import type { Properties } from "../../engine/provider";
import { defineEntity, selectChanges } from "../entity";
import { type Resource, readString, sameNames } from "../resource";

const fields = {
  ...sameNames("clientId", "audience"),
  scopes: { wire: "scope" },
  ...sameNames("subjectType", "allowAnyOrganization", "organizationUsage", "allowAllScopes"),
};

const grant = defineEntity({
  path: "client-grants",
  id: "id",
  fields,
  required: ["clientId", "audience"],
  optional: ["subjectType"],
  replaceOn: ["clientId", "audience", "subjectType"],
  onUpdate: (old, inputs) => [selectChanges(fields, old, inputs)],
});

/** A grant that exists for the client, the audience and the subject type is taken over as it is. */
export const clientGrantResource: Resource = {
  ...grant,
  async create(api, inputs) {
    const query = new URLSearchParams({
      audience: readString(inputs, "audience"),
      client_id: readString(inputs, "clientId"),
      include_totals: "true",
      per_page: "50",
    });
    const { client_grants: existing } = await api.send("GET", `client-grants?${query}`);
    const same = (Array.isArray(existing) ? existing : []).find(
      ({ subject_type = "client" }: Properties) => subject_type === (inputs.subjectType ?? "client"),
    );
    const taken = same && (await grant.read(api, readString(same, "id"), inputs, {}));
    return taken ?? grant.create(api, inputs);
  },
};
