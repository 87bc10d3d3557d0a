// Holds each deployment, from wherever it is made, against the last one.
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import type { CustomerDeclaration } from "../customers/load";
import { checkRemovals } from "../customers/removals";
import { refuse } from "../diagnostics/fail";
import type { Deployed } from "./placement";

/**
 * Refuses a deployment where too many customers would go at once, or the client that Pulumi uses. The engine deletes nothing before
 * the program has ended well; but it updates and creates what is declared until then. So this comes before anything is declared.
 * @param declared in all stacks that share the customers
 * @throws {pulumi.RunError} with what is refused, and the ways out
 */
export function guardRemovals(
  declared: readonly CustomerDeclaration[],
  { file, removalLimit }: Pick<Settings, "file" | "removalLimit">,
  { everywhere }: Pick<Deployed, "everywhere">,
): void {
  refuse(
    checkRemovals({
      deployed: everywhere,
      declared,
      limit: removalLimit,
      ownClientId: new pulumi.Config("auth0").get("clientId") ?? process.env.AUTH0_CLIENT_ID,
      file,
    }),
  );
}
