// The organizations whose calls the gateway must deny, and those that the next deployment must remember.
import * as auth0 from "@pulumi/auth0";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import {
  type FormerOrganizations,
  findFormerOrganizations,
  forgetExpired,
  isDenied,
  lastOrganization,
  successorOf,
} from "../customers/former-organizations";
import type { TenantImports } from "../customers/imports";
import type { CustomerDeclaration } from "../customers/load";
import type { CustomerOrganization, Deployed } from "./placement";

/**
 * Those that no file declares any more, although Auth0 may have them still. A deployment deletes what no file declares when all
 * else is done, and not at all if that is refused or fails; until then the customer's credentials are good for new tokens.
 */
export function formerOrganizations(
  declared: readonly CustomerDeclaration[],
  imports: TenantImports,
  { everywhere, last }: Deployed,
  { tokenLifetime }: Pick<Settings, "tokenLifetime">,
  now = new Date(),
): Promise<FormerOrganizations> {
  const imported = Object.values(imports.customers).map(({ organization }) => organization.id);
  const remembered = { former: last.formerOrganizations, deployed: everywhere, declared, imported };
  const former = findFormerOrganizations(remembered, now);
  return forgetExpired(former, { lifetime: tokenLifetime, now, exists });
}

/** Only Auth0's word that it is gone counts. The client may lack the scope for something else that the function reads. */
async function exists(organizationId: string): Promise<boolean> {
  try {
    await auth0.getOrganization({ organizationId });
    return true;
  } catch (error) {
    // As go-auth0 has it, `STATUS ERROR: MESSAGE` (auth0/go-auth0, management/management_error.go).
    return !/\b404 Not Found\b/.test(String(error));
  }
}

export interface Organizations {
  former: FormerOrganizations;
  /** Of the declared customers. */
  current: readonly CustomerOrganization[];
  declared: readonly CustomerDeclaration[];
  deployed: Deployed["everywhere"];
}

/** Ids of the organizations of all customers who are not active, and of those without a file. */
export function deniedOrganizations({
  former,
  current,
  declared,
  deployed,
}: Organizations): pulumi.Output<string[]> {
  const byId = new Map(current.map((one) => [one.id, one.organizationId]));
  const suspended = declared.flatMap((customer) =>
    customer.status === "active"
      ? []
      : [byId.get(customer.id) ?? [], lastOrganization(customer, deployed) ?? []].flat(),
  );
  const others = Object.entries(former).flatMap(([id, one]) => {
    const successor = successorOf(one, declared);
    if (!isDenied(one, successor)) return [];
    return successor?.status === "active" ? [unlessCurrent(id, byId.get(successor.id))] : [id];
  });
  return pulumi.all([...suspended, ...others]).apply((ids) => [...new Set(ids)].filter((id) => id !== ""));
}

/** Nothing if the customer, whose file is back, has the organization still. */
function unlessCurrent(id: string, current: pulumi.Input<string> | undefined): pulumi.Input<string> {
  return current === undefined ? id : pulumi.output(current).apply((now) => (now === id ? "" : id));
}

/** What the next deployment must know of, too: those that this one has replaced. */
export function rememberOrganizations(
  { former, current, declared, deployed }: Organizations,
  now = new Date(),
): pulumi.Output<FormerOrganizations> {
  const byId = new Map(declared.map((customer) => [customer.id, customer]));
  // Only of those who have had one: of a new organization a preview does not know the id.
  const known = current.flatMap(({ id, organizationId }) => {
    const customer = byId.get(id);
    const last = customer && lastOrganization(customer, deployed);
    const isBack = Object.values(former).some((one) => customer && successorOf(one, [customer]));
    return last !== undefined || isBack
      ? [pulumi.output(organizationId).apply((is) => ({ id, last, is }))]
      : [];
  });
  return pulumi.all(known).apply((all) => {
    const remembered = new Map(Object.entries(former));
    for (const { id, last, is } of all) {
      if (last !== undefined && last !== is) {
        remembered.set(last, { customer: id, since: now.toISOString(), replaced: true });
      }
      remembered.delete(is);
    }
    return Object.fromEntries(remembered);
  });
}
