// Which users of the tenant belong to a customer's organization.
import * as auth0 from "@pulumi/auth0";
import * as pulumi from "@pulumi/pulumi";

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
    const userId = findUser(email, parent).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new pulumi.RunError(`${customer}: members: ${explainFailure(email, reason)}`);
    });
    const args = { organizationId, userId };
    // By the address as Auth0 has it: with each way to write it as a name, another way would end the membership that it makes.
    const name = email.toLowerCase();
    const aliases = email === name ? [] : [{ name: `${customer}/${email}` }];
    return new auth0.OrganizationMember(`${customer}/${name}`, args, { parent, protect: false, aliases });
  });
}

async function findUser(email: string, parent: pulumi.Resource): Promise<string> {
  // Auth0 keeps addresses in lower case.
  const query = `email:"${email.toLowerCase()}"`;
  const { id } = await auth0.getUser({ query, skipPermissions: true, skipRoles: true }, { parent });
  return id;
}

/** @param reason the provider's: `No users found.` where there is none, `Further refine the query …` where there are several */
export function explainFailure(email: string, reason: string): string {
  return /No users found|Further \w+ the query/.test(reason)
    ? `"${email}" is no one user of the tenant. ${reason}`
    : `"${email}" cannot be looked up, for which Pulumi's client must have the scope read:users. ${reason}`;
}
