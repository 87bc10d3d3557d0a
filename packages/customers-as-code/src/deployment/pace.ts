// How fast new customers are made: Auth0 limits the requests of a minute, and the provider does not save them up.
import { setTimeout as delay } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings";
import type { Deployed } from "./placement";

/** The pace that the settings ask for, which a preview need not keep. */
export function paceOfNew(
  { newCustomersPerMinute, placement }: Pick<Settings, "newCustomersPerMinute" | "placement">,
  { here }: Pick<Deployed, "here">,
) {
  return paceCustomers({
    perMinute: pulumi.runtime.isDryRun() ? 0 : newCustomersPerMinute,
    stacks: placement.shards,
    number: placement.number ?? 1,
    known: new Set(Object.keys(here)),
  });
}

export interface PaceOptions {
  /** Of one tenant, however many stacks deploy at once; 0 is any number. */
  perMinute: number;
  /** How many stacks share that. */
  stacks: number;
  /** Which of them this is, from 1. */
  number: number;
  /** Ids of the customers that Auth0 has: they cost no request. */
  known: ReadonlySet<string>;
  /** Milliseconds of the clock that the machines of all stacks have. */
  now?: () => number;
  wait?: (milliseconds: number) => Promise<unknown>;
}

/**
 * Gives each new customer a turn of its own, evenly spaced. A customer takes some 13 requests; those that are made together
 * would use up the minute's requests at once, and then each of them ask again and again to be let in. The clock says whose turn it
 * is: the stacks know nothing of each other, and those that began together would stay together.
 * @returns a function that resolves when the customer may begin
 */
export function paceCustomers({
  perMinute,
  stacks,
  number,
  known,
  now = Date.now,
  wait = delay,
}: PaceOptions) {
  const apart = 60_000 / perMinute;
  const [first, spacing] = [apart * (number - 1), apart * stacks];
  let next = 0;
  return async ({ id, previously }: { id: string; previously?: string }): Promise<void> => {
    if (perMinute === 0) return;
    if (known.has(id) || (previously !== undefined && known.has(previously))) return;
    const time = now();
    const turn = Math.max(next, Math.ceil((time - first) / spacing));
    next = turn + 1;
    await wait(first + turn * spacing - time);
  };
}
