import type { Properties } from "../../engine/provider";
import type { ManagementApi } from "../management-api";
import { type Found, type Resource, readString } from "../resource";

/** A user in an organization; its id is `ORGANIZATION::USER`. */
export const organizationMemberResource: Resource = {
  required: ["organizationId", "userId"],
  inputs: ["organizationId", "userId"],
  replaceOn: ["organizationId", "userId"],
  async create(api, inputs) {
    const organizationId = readString(inputs, "organizationId");
    const userId = readString(inputs, "userId");
    await api.send("POST", `organizations/${organizationId}/members`, { members: [userId] });
    const found = await find(api, organizationId, userId);
    if (!found) throw new Error(`organization ${organizationId} does not list its new member ${userId}`);
    return found;
  },
  read(api, id) {
    const [organizationId = "", userId = ""] = id.split("::");
    return find(api, organizationId, userId);
  },
  async update() {
    throw new Error("an organization's member cannot be changed in place");
  },
  async delete(api, id) {
    const [organizationId = "", userId = ""] = id.split("::");
    if (!(await find(api, organizationId, userId))) return;
    await api.send("DELETE", `organizations/${organizationId}/members`, { members: [userId] });
  },
};

/** Page by page, as the official provider does. */
async function find(api: ManagementApi, organizationId: string, userId: string): Promise<Found | undefined> {
  const fields = "fields=user_id&include_fields=true&include_totals=true&per_page=50&take=100";
  let from: unknown = "";
  do {
    const next: string = from === "" ? "" : `&from=${encodeURIComponent(String(from))}`;
    const page: Properties | undefined = await api.find(
      `organizations/${organizationId}/members?${fields}${next}`,
    );
    const members: Properties[] = Array.isArray(page?.members) ? page.members : [];
    if (members.some(({ user_id }) => user_id === userId)) {
      return { id: `${organizationId}::${userId}`, outputs: { organizationId, userId } };
    }
    // Auth0 has a `next` on each page that is not empty.
    from = members.length > 0 ? page?.next : undefined;
  } while (from !== undefined);
  return undefined;
}
