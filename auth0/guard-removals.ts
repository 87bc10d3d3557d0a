// Holds each deployment, from wherever it is made, against the last one.
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import type { CustomerDeclaration } from "../customers/load";
import { checkRemovals } from "../customers/removals";
import { formatProblem } from "../diagnostics/problem";
import type { Deployed } from "./placement";

/**
 * Ends the program where too many customers would go at once, or the client that Pulumi uses. The engine deletes nothing before the
 * program has ended well; but it updates and creates what is declared until then. So whoever declares customers, or tells the gateway
 * of them, waits for this: a preview ends before anything is done, but a deployment may come without one.
 * @param declared in all stacks that share the customers
 * @returns what was deployed last
 * @throws {pulumi.RunError} with what is refused, and the ways out
 */
export async function guardRemovals(
  declared: readonly CustomerDeclaration[],
  { file, removalLimit }: Pick<Settings, "file" | "removalLimit">,
  last: Promise<Deployed>,
): Promise<Deployed> {
  const deployed = await last;
  const problems = checkRemovals({
    deployed: deployed.everywhere,
    declared,
    limit: removalLimit,
    ownClientId: new pulumi.Config("auth0").get("clientId") ?? process.env.AUTH0_CLIENT_ID,
    file,
  });
  if (problems.length > 0) throw new pulumi.RunError(problems.map(formatProblem).join("\n"));
  return deployed;
}
