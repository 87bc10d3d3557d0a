// Holds each deployment, from wherever it is made, against the last one.
import * as pulumi from "@pulumi/pulumi";
import type { CustomerDeclaration } from "../customers/load-customers";
import type { Problem } from "../problems/problem";
import type { Settings } from "../settings/settings";
import type { Address } from "./address";
import type { DatedLoss } from "./last-deployment";
import { datedLosses, lossesOf, recentLosses } from "./losses";
import { ownClientIdOf } from "./own-client";
import type { Deployed } from "./placement";
import { checkRemovals } from "./removals";

/**
 * What cuts off too many customers at once, or deletes something protected or the client that Pulumi uses. The engine deletes nothing before the program has ended well, but it creates and updates what is declared until then, and
 * it can be asked to ignore protection. So this comes before anything is declared.
 * @param declared in all stacks that share the customers
 */
export function findForbiddenRemovals(
  declared: readonly CustomerDeclaration[],
  {
    file,
    removalLimit,
    customers,
    approvedChanges,
  }: Pick<Settings, "file" | "removalLimit"> & Partial<Settings>,
  { everywhere, last }: Pick<Deployed, "everywhere"> & Partial<Deployed>,
  address?: Address,
): Problem[] {
  return checkRemovals({
    deployed: everywhere,
    declared,
    last,
    address,
    limit: removalLimit,
    ownClientId: ownClientIdOf(new pulumi.Config("auth0").get("clientId")),
    file,
    ...(approvedChanges && { approvedChanges }),
    ...(customers !== undefined && { folder: customers }),
  });
}

/** The losses that the deployments of the next 24 hours count together with their own. */
export function rememberLosses(
  declared: readonly CustomerDeclaration[],
  { everywhere: deployed, last }: Deployed,
  now = new Date(),
): DatedLoss[] {
  const losses = lossesOf({ deployed, declared, clients: last.clients });
  return datedLosses(recentLosses(last.losses, declared, now), losses, now);
}
