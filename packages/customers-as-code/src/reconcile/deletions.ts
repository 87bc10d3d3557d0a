// Which of the clients that are there twice may be deleted: a pure function from what is found and what is asked for.

import { groupBy } from "../tenant/match-customers";
import type { TenantClient } from "../tenant/tenant";
import type { Repair } from "./plan-repair";

export interface Deletions {
  clients: TenantClient[];
  /** Why an id that is asked for is not deleted. */
  problems: string[];
}

/**
 * Without its id, only what can get no token for anything. By its id, either of the two, but never both.
 * @param ids that are asked for
 */
export function planDeletions(
  { duplicates }: Pick<Repair, "duplicates">,
  { unused, ids }: { unused: boolean; ids: readonly string[] },
): Deletions {
  const problems: string[] = [];
  const chosen = new Map<string, TenantClient>();
  for (const { client, isUnused } of duplicates) {
    if (ids.includes(client.id) || (unused && isUnused)) chosen.set(client.id, client);
  }
  for (const { kept } of duplicates) if (ids.includes(kept.id)) chosen.set(kept.id, kept);
  for (const id of new Set(ids)) {
    if (!chosen.has(id))
      problems.push(`--delete-client ${id}: it is not one of the clients that exist twice.`);
  }
  for (const [name, all] of groupBy(duplicates, (one) => one.name)) {
    const group = [...all.map(({ client }) => client), ...all.map(({ kept }) => kept)];
    if (group.every(({ id }) => chosen.has(id))) {
      problems.push(`--delete-client: ${name} would have no client left. Leave out the one that is in use.`);
    }
  }
  return { clients: problems.length > 0 ? [] : [...chosen.values()], problems };
}
