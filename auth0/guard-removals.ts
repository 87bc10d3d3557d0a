// Holds each deployment, from wherever it is made, against the last one.
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import type { CustomerDeclaration } from "../customers/load";
import { checkRemovals } from "../customers/removals";
import { formatProblem } from "../diagnostics/problem";
import type { Deployed } from "./placement";

/**
 * Ends the program where too many customers would go at once, or the client that Pulumi uses. The engine deletes nothing
 * before the program has ended well; a preview, which `pulumi up` begins with, ends before anything is created either.
 * @param declared in all stacks that share the customers
 */
export function guardRemovals(
  declared: readonly CustomerDeclaration[],
  { file, removalLimit }: Pick<Settings, "file" | "removalLimit">,
  deployed: Promise<Deployed>,
): void {
  const ownClientId = new pulumi.Config("auth0").get("clientId") ?? process.env.AUTH0_CLIENT_ID;
  const guard = async () => {
    const { everywhere } = await deployed;
    const problems = checkRemovals({
      deployed: everywhere,
      declared,
      limit: removalLimit,
      ownClientId,
      file,
    });
    if (problems.length > 0) throw new pulumi.RunError(problems.map(formatProblem).join("\n"));
  };
  // Nobody waits for it: the program ends with its error, as with any that nobody catches.
  void guard();
}
