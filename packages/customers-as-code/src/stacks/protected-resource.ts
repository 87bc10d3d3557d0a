// The engine's refusal to delete or replace a protected resource, in the words of customers: a pure function of its message. The
// engine advises to unprotect the resource in the state, which would let the deployment cut the customer off.

const customerType = "customers-as-code:auth0:Customer";

/** What pulumi/pulumi says in pkg/resource/deploy: deleteProtectedError in step.go, and twice in step_generator.go. */
const refusal =
  /^(?:(?:preview|update) failed: )?(?:unable to (?<replace>replace) )?resource "(?<urn>urn:pulumi:[^"]+)"(?: as part of replacing "[^"]+")?\s+(?:as it is currently marked for protection|cannot be deleted\s+because it is protected)\b/i;

/** @returns the message unchanged if it says anything else */
export function explainProtectedResource(message: string): string {
  const { replace, urn } = refusal.exec(message)?.groups ?? {};
  if (urn === undefined) return message;
  const [, , types = "", name = ""] = urn.split("::");
  const noun = types.split(":").at(-1) ?? types;
  const verb = replace ?? "delete";
  const [customer] = name.split("/");
  if (!types.startsWith(customerType)) {
    return `protect: this deployment would ${verb} the ${noun} ${name}, which is protected. Undo what causes that; or set "protect: false" in its options in the program, and deploy that first.`;
  }
  // The same words for each resource of a customer, so that they are reported once.
  const what = `protect: this deployment would ${verb} protected resources of customer ${customer}: its credentials or its access would end. Undo what causes that.`;
  if (replace !== undefined) return what;
  return `${what} To remove the customer, put its file back, run "npx customers remove ${customer}", merge and deploy that; then run it again, which deletes the file.`;
}
