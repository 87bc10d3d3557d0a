// Holds each deployment, from wherever it is made, against the last one.
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import type { CustomerDeclaration } from "../customers/load";
import { checkRemovals, readDeployed } from "../customers/removals";
import { formatProblem } from "../diagnostics/problem";

/**
 * Ends the program where too many customers would go at once, or the client that Pulumi uses. The engine deletes nothing
 * before the program has ended well; a preview, which `pulumi up` begins with, ends before anything is created either.
 */
export function guardRemovals(
  declared: readonly CustomerDeclaration[],
  { file, removalLimit }: Pick<Settings, "file" | "removalLimit">,
): void {
  const ownClientId = new pulumi.Config("auth0").get("clientId") ?? process.env.AUTH0_CLIENT_ID;
  const guard = async () => {
    const deployed = readDeployed(await lastOutputs());
    const problems = checkRemovals({ deployed, declared, limit: removalLimit, ownClientId, file });
    if (problems.length > 0) throw new pulumi.RunError(problems.map(formatProblem).join("\n"));
  };
  // Nobody waits for it: the program ends with its error, as with any that nobody catches.
  void guard();
}

/** Of this stack. Read by a function, and not by a StackReference, which would keep a copy of all secrets in the state. */
async function lastOutputs(): Promise<unknown> {
  const name = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
  const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
  return outputs;
}
