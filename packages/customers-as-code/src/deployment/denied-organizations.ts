// The organizations whose calls the gateway must deny, and those that the next deployment must remember.
import * as auth0 from "@pulumi/auth0";
import * as pulumi from "@pulumi/pulumi";
import type { TenantImports } from "../customers/import-data";
import type { CustomerDeclaration } from "../customers/load-customers";
import type { CustomerOrganization } from "../gateway/rest/api-keys";
import { getOwn } from "../problems/record";
import type { Settings } from "../settings/settings";
import {
  type FormerOrganizations,
  findFormerOrganizations,
  forgetExpired,
  isDenied,
  lastOrganization,
  successorOf,
} from "./former-organizations";
import type { Deployed } from "./placement";

/**
 * Finds those that no file declares any more, although Auth0 may still have them. A deployment deletes what no file declares after
 * everything else, and not at all if that is refused or fails. Until then the customer's credentials get new tokens.
 */
export function formerOrganizations(
  declared: readonly CustomerDeclaration[],
  { everywhere: deployed, last }: Deployed,
  { tokenLifetime }: Pick<Settings, "tokenLifetime">,
  now = new Date(),
): Promise<FormerOrganizations> {
  const former = findFormerOrganizations({ former: last.formerOrganizations, deployed, declared }, now);
  return forgetExpired(former, { lifetime: tokenLifetime, now, exists });
}

/** Any failure but 404 says nothing: the function also reads connections, for which the client may lack the scope. */
async function exists(organizationId: string): Promise<boolean> {
  try {
    await auth0.getOrganization({ organizationId, skipConnections: true, skipMembers: true });
    return true;
  } catch (error) {
    // The format of auth0/go-auth0, management/management_error.go: `STATUS ERROR: MESSAGE`.
    return !/\b404 Not Found\b/.test(String(error));
  }
}

export interface Organizations {
  former: FormerOrganizations;
  /** Of the declared customers. */
  current: readonly CustomerOrganization[];
  declared: readonly CustomerDeclaration[];
  deployed: Deployed["everywhere"];
  imports: TenantImports;
}

/** Ids of the organizations of customers who are not active, and of former ones. */
export function deniedOrganizations(organizations: Organizations): pulumi.Output<string[]> {
  const { former, current, declared, deployed } = organizations;
  const byId = new Map(current.map((one) => [one.id, one.organizationId]));
  const suspended = declared.flatMap((customer) =>
    customer.status === "active"
      ? []
      : [byId.get(customer.id) ?? [], lastOrganization(customer, deployed) ?? []].flat(),
  );
  const others = Object.entries(former).flatMap(([id, one]): pulumi.Input<string>[] => {
    if (!isDenied(one, successorOf(one, declared))) return [];
    const active = claimantsOf(organizations, id).filter(({ status }) => status === "active");
    const ids = active.flatMap((customer) => byId.get(customer.id) ?? []);
    return ids.length === 0 ? [id] : [pulumi.all(ids).apply((now) => (now.includes(id) ? "" : id))];
  });
  return pulumi.all([...suspended, ...others]).apply((ids) => [...new Set(ids)].filter((id) => id !== ""));
}

/** Customers who may have the organization again, because their file is back or imports it. */
function claimantsOf(
  { former, declared, imports }: Organizations,
  organizationId: string,
): CustomerDeclaration[] {
  const one = getOwn(former, organizationId);
  const successor = one && successorOf(one, declared);
  return declared.filter(
    (customer) =>
      customer === successor || getOwn(imports.customers, customer.id)?.organization.id === organizationId,
  );
}

/** The former organizations that the next deployment must know of, with those that this one replaces. */
export function rememberOrganizations(
  organizations: Organizations,
  now = new Date(),
): pulumi.Output<FormerOrganizations> {
  const { former, current, declared, deployed } = organizations;
  const last = new Map(declared.map((one) => [one.id, lastOrganization(one, deployed)]));
  const back = new Set(
    Object.keys(former).flatMap((id) => claimantsOf(organizations, id).map((customer) => customer.id)),
  );
  // Only customers who may have had one: a preview does not know the id of a new organization.
  const known = current.filter(({ id }) => last.get(id) !== undefined || back.has(id));
  return pulumi.all(known.map(({ organizationId }) => organizationId)).apply((ids) => {
    const remembered = new Map(Object.entries(former));
    known.forEach(({ id }, index) => {
      const [before, after] = [last.get(id), ids[index]];
      if (before !== undefined && before !== after) {
        remembered.set(before, { customer: id, since: now.toISOString(), replaced: true });
      }
    });
    for (const id of ids) remembered.delete(id);
    return Object.fromEntries(remembered);
  });
}
