// How fast new customers are made: Auth0 limits the requests of a minute, and the provider does not save them up.
import { setTimeout as delay } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import type { Deployed } from "./placement";

/** The pace that the settings ask for, which a preview need not keep. */
export function paceOfNew(
  { newCustomersPerMinute, placement }: Pick<Settings, "newCustomersPerMinute" | "placement">,
  { here }: Pick<Deployed, "here">,
) {
  return pace({
    perMinute: pulumi.runtime.isDryRun() ? 0 : newCustomersPerMinute,
    stacks: placement.shards,
    known: new Set(Object.keys(here)),
  });
}

export interface PaceOptions {
  /** Of one tenant, however many stacks deploy at once; 0 is any number. */
  perMinute: number;
  /** How many stacks share that. */
  stacks: number;
  /** Ids of the customers that Auth0 has: they cost no request. */
  known: ReadonlySet<string>;
  clock?: () => number;
}

/**
 * Gives each new customer a turn of its own, evenly spaced. A customer takes some 13 requests; those that are made together
 * would use up the minute's requests at once, and then each of them ask again and again to be let in.
 * @returns a function that resolves when the customer may begin
 */
export function pace({ perMinute, stacks, known, clock = Date.now }: PaceOptions) {
  const spacing = perMinute === 0 ? 0 : (60_000 * stacks) / perMinute;
  let next = 0;
  return async ({ id, previously }: { id: string; previously?: string }): Promise<void> => {
    if (spacing === 0) return;
    if (known.has(id) || (previously !== undefined && known.has(previously))) return;
    const now = clock();
    const turn = Math.max(now, next);
    next = turn + spacing;
    if (turn > now) await delay(turn - now);
  };
}
