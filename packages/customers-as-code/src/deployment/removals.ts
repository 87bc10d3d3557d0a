// Refuses what one deployment must not do to many customers: a pure function from what is deployed and what is declared.

import type { CustomerDeclaration } from "../customers/load-customers";
import type { Problem } from "../problems/problem";
import { isRecord, own, record } from "../problems/record";
import type { Address } from "./address";
import type { LastDeployment } from "./last-deployment";
import { type DatedLoss, type Losses, lossesOf, recentLosses } from "./losses";
import {
  checkAudience,
  checkProtected,
  checkProtectedClients,
  explainRemovals,
  isProtected,
} from "./protection";
import { findExcess } from "./removal-limit";

/** What the stack knows of a customer since its last deployment: of its output `customers`. */
export interface DeployedCustomer {
  status: string;
  organizationId?: string;
  /** Name of its organization; absent if the deployment was made before outputs had it. */
  organization?: string;
  /** Client id by name. */
  clients: Record<string, string>;
  /** Client id by name, of clients whose old secrets still work. */
  retiring?: Record<string, string>;
  /** By the name of a client that has a key pair: what its keys are called in Auth0, by their thumbprints. */
  keys?: Record<string, Record<string, string>>;
}

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
  /** Id of the client with which Pulumi itself signs in to the tenant. */
  ownClientId: string | undefined;
  /** The stack's file, in which the limit is set. */
  file: string;
  /** Folder of the customer files. */
  folder?: string;
  now?: Date;
}

export function checkRemovals(args: Removals): Problem[] {
  const { last, deployed, declared, now = new Date() } = args;
  const losses = lossesOf({ deployed, declared, clients: last?.clients ?? {} });
  const recent = recentLosses(last?.losses ?? [], declared, now);
  return [
    ...checkCustomers(args, losses, recent),
    ...checkProtectedClients(args),
    ...checkAudience(args),
    ...checkRenames(args),
    ...checkOwnClient(args),
  ];
}

/** If customers are too many and protected too, one problem names both. */
function checkCustomers(args: Removals, losses: Losses, recent: readonly DatedLoss[]): Problem[] {
  const { file } = args;
  const excess = findExcess(args, losses, recent);
  const kept = losses.removed.filter((id) => isProtected(args, id));
  const isOver = excess.some(({ of }) => of === "customers");
  const problems = excess.map(({ of, message }): Problem => {
    const isKept = of === "customers" && kept.length > 0;
    const protectedToo = isKept ? `. They are protected, too. ${explainRemovals(kept)}` : "";
    return { file, code: "removal-limit-exceeded", message: `${message}${protectedToo}` };
  });
  return [...(isOver ? [] : checkProtected(args, kept)), ...problems];
}

/** The engine knows a thing by its own name before it looks for an old one: what has that one is deleted. */
function checkRenames({ deployed, declared, file }: Removals): Problem[] {
  const problem = (who: string, previously: string): Problem[] => {
    const message = `"previously: ${previously}" of ${who} renames nothing: both are deployed, and this deployment would delete ${previously}. Drop the line; what is to go must be closing first.`;
    return [{ file, code: "previously-still-exists", message }];
  };
  return declared.flatMap(({ id, previously, clients }) => {
    const before = own(deployed, id) ?? own(deployed, previously ?? id);
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

/** Without it, Pulumi could not even undo its deletion. */
function checkOwnClient({ deployed, declared, ownClientId, file }: Removals): Problem[] {
  const nameIn = (clients: Record<string, string> = {}) =>
    Object.keys(clients).find((name) => clients[name] === ownClientId);
  for (const [id, { clients, retiring }] of Object.entries(deployed)) {
    const old = nameIn(retiring);
    const name = old ?? nameIn(clients);
    if (ownClientId === undefined || name === undefined) continue;
    const customer = declared.find((one) => one.id === id || one.previously === id);
    const client = customer?.clients.find((one) => one.name === name || one.previously === name);
    if (client && (old === undefined || client.retiring !== undefined)) continue;
    const message = `auth0:clientId: this deployment deletes the client "${name}" of ${id}, with which Pulumi itself signs in to Auth0. Give Pulumi another client first (auth0:clientId or AUTH0_CLIENT_ID).`;
    return [{ file, code: "own-client-deleted", message }];
  }
  return [];
}

/** The customers in the stack's outputs of its last deployment; none before the first one. */
export function readDeployed(outputs: unknown): Record<string, DeployedCustomer> {
  const customers = Object.entries(record(record(outputs).customers));
  return Object.fromEntries(
    customers.map(([id, customer]) => {
      const { status, organizationId, organization, clients, retiring, keys } = record(customer);
      const deployed = {
        status: String(status),
        ...(typeof organizationId === "string" && { organizationId }),
        ...(typeof organization === "string" && { organization }),
        clients: isRecord(clients) ? texts(clients) : {},
        ...(isRecord(retiring) && { retiring: texts(retiring) }),
        ...(isRecord(keys) && { keys: keyNames(keys) }),
      };
      return [id, deployed];
    }),
  );
}

function keyNames(keys: Record<string, unknown>): Record<string, Record<string, string>> {
  return Object.fromEntries(
    Object.entries(keys).flatMap(([client, names]) => (isRecord(names) ? [[client, texts(names)]] : [])),
  );
}

function texts(map: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, String(value)]));
}
