// Refuses a change after which no customer reaches the API, or no token of theirs is accepted, unless the setting `approvedChanges`
// names it with its new value: an entry that was deployed approves nothing more.

import { setCommand } from "../problems/config-command";
import type { Problem } from "../problems/problem";
import { getOwn } from "../problems/record";
import { pluralize } from "../problems/words";
import { type AddressChange, addressChanges } from "./address";
import { isProtected } from "./protection";
import { listFirstIds, type Removals } from "./removal-limit";

/** Customers that are closing do not count: their calls are denied already. */
export function checkAddress(args: Removals): Problem[] {
  const { deployed, last, address, approvedChanges = [], file } = args;
  const ids = Object.keys(deployed).filter((id) => getOwn(deployed, id)?.status !== "closing");
  if (!last?.address || !address || ids.length === 0) return [];
  const clients = ids.flatMap((id) => Object.keys(getOwn(deployed, id)?.clients ?? {}));
  const who = `${listFirstIds(ids)} (${pluralize(clients.length, "client")})`;
  return addressChanges(last.address, address)
    .filter((change) => !approvedChanges.includes("all") && !approvedChanges.includes(approvalOf(change)))
    .map((change, at): Problem => {
      // The engine replaces every grant: https://www.pulumi.com/registry/packages/auth0/api-docs/clientgrant/
      const replacesGrants = change.setting === "audience" && ids.some((id) => isProtected(args, id));
      const approve = setCommand(["approvedChanges", approvedChanges.length + at], approvalOf(change));
      return {
        file,
        code: replacesGrants ? "audience-protected" : "address-changed",
        message: `${explainChange(change, who)} ${explainWaysOut(change, approve)}`,
      };
    });
}

function approvalOf({ setting, after }: AddressChange): string {
  return `${setting}=${after}`;
}

function explainChange({ setting, before, after }: AddressChange, who: string): string {
  const change = `${setting}: "${after}" instead of "${before}"`;
  const refused = `changes the tokens of every customer: the API refuses the calls of ${who} until they request tokens`;
  if (setting === "auth0:domain") return `${change} ${refused} from the new domain.`;
  if (setting === "audience") return `${change} ${refused} with the new audience.`;
  if (setting === "customDomain.mutualTls") {
    return `${change} cuts off every customer: ${who} cannot call the API until they send a certificate.`;
  }
  return `${change} changes the API's URL for every customer: ${who} cannot call it until they use the new URL.`;
}

function explainWaysOut({ setting, before, after }: AddressChange, approve: string): string {
  const undo = setting.startsWith("customDomain")
    ? `Undo the change of customDomain.`
    : `Undo it: ${setCommand([setting], before)}.`;
  if (setting === "auth0:domain") {
    return `${undo} A different tenant needs a stack of its own: pulumi stack init NAME. If ${after} is the same tenant under a new name: ${approve}`;
  }
  return `${undo} Or, if you intend it: ${approve}`;
}
