// Refuses a deployment in which an organization gets a name that another one still has: a pure function from what is deployed and
// what is declared.

import type { CustomerDeclaration } from "../customers/load-customers";
import type { Problem } from "../problems/problem";
import { getOwn } from "../problems/record";
import type { Place } from "../problems/source";
import type { DeployedCustomer } from "./last-deployment";

type Declared = Pick<CustomerDeclaration, "id" | "organization" | "previously">;

export interface OrganizationNames {
  declared: readonly Declared[];
  /** By customer id, in all stacks that share the customers. */
  deployed: Readonly<Record<string, Pick<DeployedCustomer, "organization">>>;
  /** Of the name in the file of the customer with this id. */
  placeOf(id: string): Place;
}

/**
 * Auth0 answers 409 for a name that is taken, in the middle of the deployment: the engine updates organizations side by side, and
 * deletes last. Two names can be swapped only by way of a third one.
 */
export function checkOrganizationNames({ declared, deployed, placeOf }: OrganizationNames): Problem[] {
  const customers = new Map(declared.map((customer) => [lastIdOf(customer, deployed), customer]));
  const holders = new Map(
    Object.entries(deployed).flatMap(([id, { organization }]): [string, string][] =>
      organization === undefined ? [] : [[organization, id]],
    ),
  );
  /** Id, at the last deployment, of the other customer that has the name. */
  const holderOf = (customer: Declared): string | undefined => {
    const holder = holders.get(customer.organization);
    return holder === lastIdOf(customer, deployed) ? undefined : holder;
  };
  const isInCircle = (customer: Declared): boolean => {
    const seen = new Set<Declared>();
    for (let next: Declared | undefined = customer; next && !seen.has(next); ) {
      seen.add(next);
      const holder = holderOf(next);
      next = holder === undefined ? undefined : customers.get(holder);
      if (next === customer) return true;
    }
    return false;
  };
  return declared.flatMap((customer) => {
    const { id, organization } = customer;
    const holder = holderOf(customer);
    if (holder === undefined) return [];
    const other = customers.get(holder);
    const taken = `organization name "${organization}" is that of customer ${other?.id ?? holder} until this deployment has ended, and Auth0 refuses a name that is taken.`;
    const message = `${taken} ${remedyOf(customer, holder, other, isInCircle(customer))}`;
    return [{ ...placeOf(id), code: "organization-name-taken", message }];
  });
}

function remedyOf(
  { id, organization }: Declared,
  holder: string,
  other: Declared | undefined,
  isInCircle: boolean,
): string {
  if (!other) {
    return `Deploy the removal of ${holder} first, and ${id} after it; if they are one customer, write "previously: ${holder}" in the file of ${id}.`;
  }
  if (isInCircle) {
    return `Deploy a third name of ${id} first, such as "${thirdName(organization)}", and the names that you want after it.`;
  }
  return `Deploy the new name of ${other.id} first ("${other.organization}"), and that of ${id} after it.`;
}

/** A name has 50 characters at most: https://auth0.com/docs/api/management/v2/organizations/post-organizations */
function thirdName(name: string): string {
  return `${name.slice(0, 46)}-new`;
}

/** Under which the last deployment knows it. */
function lastIdOf({ id, previously }: Declared, deployed: OrganizationNames["deployed"]): string {
  return getOwn(deployed, id) === undefined && previously !== undefined ? previously : id;
}
