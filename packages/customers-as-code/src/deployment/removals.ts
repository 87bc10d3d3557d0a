// Refuses what one deployment must not do to many customers: a pure function from what is deployed and what is declared.

import type { Problem } from "../problems/problem";
import { getOwn } from "../problems/record";
import { checkAddress } from "./check-address";
import type { DatedLoss } from "./last-deployment";
import { type Losses, lossesOf, recentLosses } from "./losses";
import { refuseOwnClient } from "./own-client";
import {
  checkProtected,
  checkProtectedClients,
  explainRemovals,
  isProtected,
  refuseNoCustomers,
} from "./protection";
import type { Removals } from "./removal-limit";
import { findExcess } from "./removal-limit";

export function checkRemovals(args: Removals): Problem[] {
  const { last, deployed, declared, now = new Date() } = args;
  const losses = lossesOf({ deployed, declared, clients: last?.clients ?? {} });
  const recent = recentLosses(last?.losses ?? [], declared, now);
  return [
    ...checkCustomers(args, losses, recent),
    ...checkProtectedClients(args),
    ...checkAddress(args),
    ...checkRenames(args),
    ...checkOwnClient(args),
  ];
}

/** If customers are too many and protected too, one problem names both. */
function checkCustomers(args: Removals, losses: Losses, recent: readonly DatedLoss[]): Problem[] {
  const { file } = args;
  const excess = findExcess(args, losses, recent);
  const kept = losses.removed.filter((id) => isProtected(args, id));
  if (args.declared.length === 0 && kept.length > 0) return [refuseNoCustomers(args, kept)];
  const isOver = excess.some(({ of }) => of === "customers");
  const problems = excess.map(({ of, message }): Problem => {
    const isKept = of === "customers" && kept.length > 0;
    const protectedToo = isKept ? `. They are protected, too. ${explainRemovals(args, kept)}` : "";
    return { file, code: "removal-limit-exceeded", message: `${message}${protectedToo}` };
  });
  return [...(isOver ? [] : checkProtected(args, kept)), ...problems];
}

/** The engine knows a thing by its own name before it looks for an old one: what has that one is deleted. */
function checkRenames({ deployed, declared, file }: Removals): Problem[] {
  const problem = (who: string, previously: string): Problem[] => {
    const message = `"previously: ${previously}" of ${who} renames nothing: both are deployed, and this deployment would delete ${previously}. Remove the line; close what you want to delete first.`;
    return [{ file, code: "previously-still-exists", message }];
  };
  return declared.flatMap(({ id, previously, clients }) => {
    const before = getOwn(deployed, id) ?? getOwn(deployed, previously ?? id);
    const names = before?.clients ?? {};
    return [
      ...(isAnother(deployed, id, previously) ? problem(`the customer ${id}`, previously) : []),
      ...clients.flatMap((client) =>
        isAnother(names, client.name, client.previously)
          ? problem(`the client ${id}/${client.name}`, client.previously)
          : [],
      ),
    ];
  });
}

/** Whether what is called an old name is there beside the new one. */
function isAnother(there: object, name: string, previously: string | undefined): previously is string {
  return previously !== undefined && Object.hasOwn(there, name) && Object.hasOwn(there, previously);
}

function checkOwnClient({ deployed, declared, ownClientId, file }: Removals): Problem[] {
  const deleted = Object.entries(deployed).flatMap(([id, { clients, retiring = {} }]) => {
    const customer = declared.find((one) => one.id === id || one.previously === id);
    const find = (name: string) =>
      customer?.clients.find((one) => one.name === name || one.previously === name);
    return [
      ...Object.entries(retiring).filter(([name]) => find(name)?.retiring === undefined),
      ...Object.entries(clients).filter(([name]) => find(name) === undefined),
    ].map(([name, clientId]) => ({ id: clientId, name: `"${name}" of ${id}` }));
  });
  const refused = refuseOwnClient(deleted, ownClientId);
  if (!refused) return [];
  const message = `auth0:clientId: this deployment deletes the client ${refused.client}, ${refused.reason}`;
  return [{ file, code: "own-client-deleted", message }];
}
