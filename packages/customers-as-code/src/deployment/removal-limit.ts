// The setting `removalLimit`: how many may be cut off in one deployment, and in all deployments of 24 hours.

import type { CustomerDeclaration } from "../customers/load-customers";
import { getOwn } from "../problems/record";
import type { Address } from "./address";
import type { DatedLoss, DeployedCustomer, LastDeployment, Loss } from "./last-deployment";
import type { Losses } from "./losses";

/** What the check of removals compares. */
export interface Removals {
  /** By id. */
  deployed: Readonly<Record<string, DeployedCustomer>>;
  declared: readonly Pick<CustomerDeclaration, "id" | "status" | "previously" | "clients">[];
  /** What the last deployment left; what it does not say refuses nothing. */
  last?: Pick<LastDeployment, "unprotected" | "clients" | "address" | "losses"> | undefined;
  /** As the settings have it now. */
  address?: Address | undefined;
  /** Most customers that may go at once: a number, or a share such as `25%`, of which one is always allowed. */
  limit: string;
  /** Changes of the address that are intended, as the setting `approvedChanges` has them. */
  approvedChanges?: readonly string[];
  /** Id of the client with which Pulumi itself signs in to the tenant. */
  ownClientId: string | undefined;
  /** The stack's file, in which the limit is set. */
  file: string;
  /** Folder of the customer files. */
  folder?: string;
  now?: Date;
}

/** What is over the limit. */
export interface Excess {
  of: "customers" | "clients" | "scopes";
  message: string;
}

/** One kind of loss: who is concerned now, and who was in the last 24 hours. */
interface Measure {
  of: Excess["of"];
  /** Such as `removes c2 and closes c3`. */
  does: string;
  /** Names of those who lose it now. */
  now: readonly string[];
  /** Of those who lost it in the last 24 hours. */
  before: readonly string[];
  /** How many there are. */
  total: number;
}

/**
 * A customer counts when its file is deleted, and when it is closed or suspended: from then on its calls are denied. Clients and
 * scopes of customers who stay count separately, each against the same limit.
 */
export function findExcess(args: Removals, losses: Losses, recent: readonly DatedLoss[]): Excess[] {
  const { limit } = args;
  const refused = measuresOf(args, losses, recent).flatMap((measure) => {
    const together = new Set([...measure.now, ...measure.before]).size;
    const allowed = countAllowed(limit, measure.total);
    const isMore = measure.now.some((name) => !measure.before.includes(name));
    const gone = isMore ? together : new Set(measure.now).size;
    return gone > allowed ? [{ ...measure, gone, allowed }] : [];
  });
  // All messages name the same number: the last of several commands must not undo the others.
  const needed = Math.max(0, ...refused.map(({ gone }) => gone));
  return refused.map(({ of, does, before, now, gone, total, allowed }) => {
    const earlier = gone > now.length ? before.filter((name) => !now.includes(name)) : [];
    const after = earlier.length > 0 ? `, after ${listFirstIds(earlier)} within 24 hours` : "";
    const counted = `${gone} of ${total} ${of === "clients" ? "clients" : "customers"}`;
    const remedy = `Deploy it in steps${earlier.length > 0 ? ", a day apart" : ""}`;
    const message = `removalLimit: this deployment ${does}${after}: ${counted}, and at most ${allowed} may go at once (${limit}). ${remedy}; or, if you intend it: pulumi config set removalLimit ${needed}`;
    return { of, message };
  });
}

function measuresOf({ deployed }: Removals, losses: Losses, recent: readonly DatedLoss[]): Measure[] {
  const { removed, closed, suspended, clients, scopes } = losses;
  const ids = Object.keys(deployed);
  const gone = recent.filter(({ client }) => client === undefined).map(({ customer }) => customer);
  const does = [
    ...(removed.length > 0 ? [`removes ${listFirstIds(removed)}`] : []),
    ...(closed.length > 0 ? [`closes ${listFirstIds(closed)}`] : []),
    ...(suspended.length > 0 ? [`suspends ${listFirstIds(suspended)}`] : []),
  ];
  const nameOf = ({ customer, client }: Loss) => `${customer}/${client}`;
  const names = [...new Set(clients.map(nameOf))];
  const taken = clients.filter(({ credentials }) => !credentials).map(nameOf);
  const ended = clients.filter(({ credentials }) => credentials).map(nameOf);
  const losesClients = [
    ...(taken.length > 0 ? [`takes away the clients ${listFirstIds(taken)}`] : []),
    ...(ended.length > 0 ? [`ends the secrets or keys of the clients ${listFirstIds(ended)} at once`] : []),
  ];
  const goneNames = recent.flatMap(({ customer, client, scope }) =>
    client !== undefined && scope === undefined ? [`${customer}/${client}`] : [],
  );
  const there = ids.flatMap((id) =>
    Object.keys(getOwn(deployed, id)?.clients ?? {}).map((name) => `${id}/${name}`),
  );
  const losers = [...new Set(scopes.map(({ customer }) => customer))];
  const lost = recent.filter(({ scope }) => scope !== undefined).map(({ customer }) => customer);
  return [
    {
      of: "customers",
      does: does.join(" and "),
      now: [...removed, ...closed, ...suspended],
      before: gone,
      total: new Set([...ids, ...gone]).size,
    },
    {
      of: "clients",
      does: losesClients.join(" and "),
      now: names,
      before: goneNames,
      total: new Set([...there, ...goneNames]).size,
    },
    {
      of: "scopes",
      does: `takes scopes from clients of ${listFirstIds(losers)}`,
      now: losers,
      before: lost,
      total: new Set([...ids, ...lost]).size,
    },
  ];
}

/** @param limit a number, or a share such as `25%` @param customers how many there are */
export function countAllowed(limit: string, customers: number): number {
  if (!limit.endsWith("%")) return Number(limit);
  return Math.max(1, Math.floor((Number.parseInt(limit, 10) / 100) * customers));
}

/** Of many, the first ten. */
export function listFirstIds(ids: readonly string[]): string {
  const shown = ids.slice(0, 10).join(", ");
  return ids.length > 10 ? `${shown} and ${ids.length - 10} more` : shown;
}
