// Which users of the tenant belong to a customer's organization.
import { join } from "node:path";
import * as auth0 from "@pulumi/auth0";
import type * as pulumi from "@pulumi/pulumi";
import type { CustomerDeclaration } from "../customers/load-customers";
import type { Problem } from "../problems/problem";
import { sideBySide } from "../pulumi/side-by-side";

/**
 * The users must be there: they have signed up, in the Developer Portal for example. The provider can invite nobody, and to choose a
 * password is not the program's business. A member may always go; the user stays.
 */
export function createMembers(
  customer: string,
  emails: readonly string[],
  organizationId: pulumi.Input<string>,
  parent: pulumi.Resource,
): auth0.OrganizationMember[] {
  return emails.map((email) => {
    const args = { organizationId, userId: findUser(email) };
    // By the address as Auth0 has it: with each way to write it as a name, another way would end the membership that it makes.
    const name = email.toLowerCase();
    const aliases = email === name ? [] : [{ name: `${customer}/${email}` }];
    return new auth0.OrganizationMember(`${customer}/${name}`, args, { parent, protect: false, aliases });
  });
}

/**
 * Looks up every member before anything is declared. Otherwise an unknown address ends a deployment in its middle.
 * @param folder of the customer files
 */
export async function findMissingMembers(
  customers: readonly Pick<CustomerDeclaration, "id" | "members">[],
  folder: string,
): Promise<Problem[]> {
  const wanted = customers.flatMap(({ id, members = [] }) => members.map((email) => ({ id, email })));
  const problems = await sideBySide(wanted, lookupsAtOnce, async ({ id, email }) => {
    try {
      await findUser(email);
      return [];
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `${id}: members: ${explainFailure(email, reason)}`;
      return [{ file: join(folder, `${id}.yaml`), code: "member-not-found" as const, message }];
    }
  });
  return problems.flat();
}

const lookupsAtOnce = 10;

/** By query, so that a deployment looks up each user once. */
const users = new Map<string, Promise<string>>();

function findUser(email: string): Promise<string> {
  // Auth0 keeps addresses in lower case.
  const query = `email:"${email.toLowerCase()}"`;
  const known = users.get(query);
  if (known) return known;
  const user = auth0.getUser({ query, skipPermissions: true, skipRoles: true }).then(({ id }) => id);
  users.set(query, user);
  return user;
}

/** @param reason the provider's: `No users found.` where there is none, `Further refine the query …` where there are several */
export function explainFailure(email: string, reason: string): string {
  return /No users found|Further \w+ the query/.test(reason)
    ? `"${email}" is not exactly one user of the tenant. ${reason}`
    : `"${email}" cannot be looked up, for which Pulumi's client must have the scope read:users. ${reason}`;
}
