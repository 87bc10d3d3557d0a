// Takes customers out of a stack's state, of which another stack has them: pure, from one state to the next.
import { z } from "zod";

const urns = z.array(z.string()).nullish();
/** Of a resource, what names others (pulumi/pulumi, sdk/go/common/apitype, ResourceV3). */
const resource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  parent: z.string().optional(),
  viewOf: z.string().optional(),
  dependencies: urns,
  propertyDependencies: z.record(z.string(), urns).nullish(),
  deletedWith: z.string().optional(),
  replaceWith: urns,
  outputs: z.record(z.string(), z.unknown()).optional(),
});
const operation = z.looseObject({ resource: z.looseObject({ urn: z.string() }) });

/** What `pulumi stack export` gives and `pulumi stack import` takes, with all that is in it. */
export const checkpointSchema = z.looseObject({
  deployment: z.looseObject({
    resources: z.array(resource).nullish(),
    pending_operations: z.array(operation).nullish(),
  }),
});
export type Checkpoint = z.output<typeof checkpointSchema>;
type Resource = z.output<typeof resource>;

/** The components that are named after a customer's id. */
const ofCustomer = ["customers-as-code:auth0:Customer", "customers-as-code:delivery:Delivery"];

/** URNs of the components of customers. */
export function urnsOf(resources: readonly { urn: string; type: string }[], customers: readonly string[]) {
  return resources
    .filter(({ urn, type }) => ofCustomer.includes(type) && customers.includes(nameOf(urn)))
    .map(({ urn }) => urn);
}

/**
 * The state without the customers and what is theirs. What stays names them no longer, and stays: `pulumi state delete
 * --target-dependents` would take the authorizer too, which knows the organizations of the suspended, and with it the API.
 */
export function withoutCustomers(
  { deployment, ...rest }: Checkpoint,
  customers: readonly string[],
): Checkpoint {
  const resources = deployment.resources ?? [];
  const gone = treesOf(resources, customers);
  const stays = (urn: string) => !gone.has(urn);
  const { pending_operations: operations } = deployment;
  return {
    ...rest,
    deployment: {
      ...deployment,
      resources: resources.filter(({ urn }) => stays(urn)).map((one) => unlinked(one, stays)),
      ...(operations && { pending_operations: operations.filter((one) => stays(one.resource.urn)) }),
    },
  };
}

/**
 * Those of the customers whose organization the other state lacks. A deployment that came before the move makes such ones, and to
 * forget them here would be to lose them.
 */
export function notArrived(from: Checkpoint, to: Checkpoint, customers: readonly string[]): string[] {
  const organizations = ({ deployment }: Checkpoint) =>
    (deployment.resources ?? []).filter(({ type }) => type === "auth0:index/organization:Organization");
  const there = new Set(organizations(to).map(({ id }) => id));
  return customers.filter((customer) => {
    const tree = treesOf(from.deployment.resources ?? [], [customer]);
    return organizations(from).some(({ urn, id }) => tree.has(urn) && !there.has(id));
  });
}

/** URNs of the customers' components and of all below them. */
function treesOf(resources: readonly Resource[], customers: readonly string[]): Set<string> {
  const trees = new Set(urnsOf(resources, customers));
  // A state has parents before their children.
  for (const { urn, parent = "", viewOf = "" } of resources) {
    if (trees.has(parent) || trees.has(viewOf)) trees.add(urn);
  }
  return trees;
}

function unlinked(one: Resource, stays: (urn: string) => boolean): Resource {
  const { dependencies, propertyDependencies, deletedWith, replaceWith, ...rest } = one;
  const byProperty = Object.entries(propertyDependencies ?? {}).map(([key, all]) => [
    key,
    all?.filter(stays),
  ]);
  return {
    ...rest,
    ...(dependencies && { dependencies: dependencies.filter(stays) }),
    ...(propertyDependencies && { propertyDependencies: Object.fromEntries(byProperty) }),
    ...(deletedWith !== undefined && stays(deletedWith) && { deletedWith }),
    ...(replaceWith && { replaceWith: replaceWith.filter(stays) }),
  };
}

/** The resource's name in the program. */
function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
