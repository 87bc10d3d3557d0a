import type { Properties } from "../../engine/provider";
import type { ManagementApi } from "../management-api";
import { type Found, type Resource, readString } from "../resource";

/** A client grant that an organization may use; its id is `ORGANIZATION::GRANT`. */
export const organizationClientGrantResource: Resource = {
  required: ["organizationId", "grantId"],
  inputs: ["organizationId", "grantId"],
  replaceOn: ["organizationId", "grantId"],
  async create(api, inputs) {
    const organizationId = readString(inputs, "organizationId");
    const grantId = readString(inputs, "grantId");
    await api.send("POST", `organizations/${organizationId}/client-grants`, { grant_id: grantId });
    const found = await find(api, organizationId, grantId);
    if (!found)
      throw new Error(`organization ${organizationId} does not list its new client grant ${grantId}`);
    return found;
  },
  read(api, id) {
    const [organizationId = "", grantId = ""] = id.split("::");
    return find(api, organizationId, grantId);
  },
  async update() {
    throw new Error("an organization's client grant cannot be changed in place");
  },
  delete(api, id) {
    const [organizationId, grantId] = id.split("::");
    return api.remove(`organizations/${organizationId}/client-grants/${grantId}`);
  },
};

/** Reads the first page only, as the official provider does; Auth0 allows twice as many grants. */
async function find(api: ManagementApi, organizationId: string, grantId: string): Promise<Found | undefined> {
  const path = `organizations/${organizationId}/client-grants?include_totals=true&per_page=50`;
  const grants = (await api.find(path))?.client_grants;
  const listed = Array.isArray(grants) && grants.some(({ id }: Properties) => id === grantId);
  return listed ? { id: `${organizationId}::${grantId}`, outputs: { organizationId, grantId } } : undefined;
}
