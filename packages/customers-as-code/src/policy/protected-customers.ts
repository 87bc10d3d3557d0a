// What must hold for every customer. Policies see what will be, not what was: that a customer is deleted or replaced, the
// engine itself refuses where it is protected; packages/customers-as-code/src/deployment/guard-removals.ts and packages/customers-as-code/src/review/guards/guards.ts see it.
import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";

/** Of the outputs of the component `Customer`. */
interface Customer {
  status: string;
  /** Clients, by their names without the customer's, that may be deleted by the next change. */
  closing: readonly string[];
}

export const protectedCustomers: StackValidationPolicy = {
  name: "protected-customers",
  description:
    "Organizations and clients are protected, so that the engine refuses to delete or replace them. Set the stack's config protect to true; a customer or client that shall go is closed first.",
  enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => {
    for (const { resource, customer } of ofCustomers(resources)) {
      const isOrganization = resource.type === "auth0:index/organization:Organization";
      const isClient = resource.type === "auth0:index/client:Client";
      const mayGo = customer.status === "closing" || customer.closing.some((name) => isOf(resource, name));
      if ((isOrganization || isClient) && !resource.opts.protect && !mayGo) {
        const what = isClient ? "client" : "organization of customer";
        report(`The ${what} ${resource.name} is not protected.`, resource.urn);
      }
    }
  },
};

export const grantedScopes: StackValidationPolicy = {
  name: "granted-scopes",
  description:
    "A client that has no scope can do nothing. Only a customer that is closing has its scopes taken away: set its status to closing or suspended, or give the client its scopes back.",
  enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => {
    for (const { resource, customer } of ofCustomers(resources)) {
      if (resource.type !== "auth0:index/clientGrant:ClientGrant" || customer.status === "closing") continue;
      const scopes: unknown = resource.props.scopes;
      if (Array.isArray(scopes) && scopes.length > 0) continue;
      report(`The client ${resource.name} has no scope.`, resource.urn);
    }
  },
};

/** Only what is known in a preview may be read: the policy ends at anything else. */
function ofCustomers(
  resources: readonly PolicyResource[],
): { resource: PolicyResource; customer: Customer }[] {
  return resources.flatMap((resource) => {
    const { parent } = resource;
    if (parent?.type !== "customers-as-code:auth0:Customer") return [];
    const { status, closing }: Partial<Customer> = parent.props;
    // Of a customer that could not be registered in full, the worst is supposed.
    return [{ resource, customer: { status: status ?? "active", closing: closing ?? [] } }];
  });
}

/** Names of clients are `CUSTOMER/CLIENT`, and where a secret has been rotated `CUSTOMER/CLIENT/ROTATION`. */
function isOf({ name }: PolicyResource, key: string): boolean {
  return name.slice(name.indexOf("/") + 1) === key;
}
