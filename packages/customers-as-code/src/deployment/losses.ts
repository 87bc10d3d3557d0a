// Who loses what in a deployment, and who has lost it in the last 24 hours: pure, from what is deployed and declared.
import { generationsOf } from "../customers/generations";
import type { CustomerClient, CustomerDeclaration } from "../customers/load-customers";
import { thumbprintsOf } from "../customers/public-key";
import { getOwn } from "../problems/record";
import type { DatedLoss, DeployedClient, DeployedCustomer, Loss } from "./last-deployment";

type Declared = Pick<CustomerDeclaration, "id" | "status" | "previously" | "clients">;

export interface Losses {
  /** Ids of customers whose file has gone. */
  removed: string[];
  closed: string[];
  suspended: string[];
  /** Clients that go, or whose secret or key ends with no time to change it, while their customer stays. */
  clients: Loss[];
  /** Scopes that go while their client stays. */
  scopes: Loss[];
}

export interface LossesArgs {
  /** By id. */
  deployed: Readonly<Record<string, DeployedCustomer>>;
  declared: readonly Declared[];
  /** By customer and key; empty if the last deployment did not leave it. */
  clients: Readonly<Record<string, Record<string, DeployedClient>>>;
}

export function lossesOf({ deployed, declared, clients }: LossesArgs): Losses {
  const kept = new Set(declared.flatMap(({ id, previously }) => [id, ...(previously ? [previously] : [])]));
  const losses: Losses = {
    removed: Object.keys(deployed).filter((id) => !kept.has(id)),
    closed: [],
    suspended: [],
    clients: [],
    scopes: [],
  };
  for (const customer of declared) {
    const { id, status, previously = id } = customer;
    const last = getOwn(deployed, id) ?? getOwn(deployed, previously);
    if (!last) continue;
    const loss = lossByStatus(last.status, status);
    if (loss !== undefined) losses[loss].push(id);
    if (status === "active") {
      const known = getOwn(clients, id) ?? getOwn(clients, previously) ?? {};
      losses.clients.push(...lostClients(customer, last, known), ...lostCredentials(customer, last, known));
      losses.scopes.push(...lostScopes(customer, known));
    }
  }
  return losses;
}

/**
 * How a change of its status cuts a customer off: for the program here, and for a plan (review/guards).
 * @param before undefined if the customer is new
 * @param after undefined if no file declares it any more
 */
export function lossByStatus(
  before: string | undefined,
  after: string | undefined,
): "removed" | "closed" | "suspended" | undefined {
  if (before === undefined) return undefined;
  if (after === undefined) return "removed";
  if (after === "closing" && before !== "closing") return "closed";
  // A customer that is closing is denied already.
  return after === "suspended" && before === "active" ? "suspended" : undefined;
}

/** A client counts when its lines are deleted, and when it is closed: from then on the next deployment may delete it. */
function lostClients(
  { id, clients }: Declared,
  last: DeployedCustomer,
  known: Readonly<Record<string, DeployedClient>>,
): Loss[] {
  return Object.keys(last.clients).flatMap((name) => {
    const client = findClient(clients, name);
    const isClosed =
      client?.closing && Object.keys(known).some((key) => isOf(key, name) && !mayGo(known, key));
    return client && !isClosed ? [] : [{ customer: id, client: name }];
  });
}

/**
 * A client of Auth0 has a secret or keys, and what it no longer has ends at once. It is cut off if nothing of what it had stays.
 */
function lostCredentials(
  { id, clients }: Declared,
  last: DeployedCustomer,
  known: Readonly<Record<string, DeployedClient>>,
): Loss[] {
  return clients.flatMap((client) => {
    if (client.closing) return [];
    const names = [client.name, client.previously ?? client.name];
    const generations = generationsOf(client);
    const isLost = Object.entries(known).some(([key, before]) => {
      if (before.mayGo || !names.some((name) => isOf(key, name))) return false;
      const kept = generations.find((one) => one.key === key || one.previousKeys.includes(key));
      if (!kept) return true;
      // A key that stays is the overlap; a rotation that is called off keeps the old one.
      const { keys = [] } = before;
      if (keys.length > 0) return !thumbprintsOf(kept).some((one) => keys.includes(one));
      // If it had keys that the last deployment did not leave, which of them is in use is unknown.
      const hadSecret = names.every((name) => getOwn(last.keys ?? {}, name) === undefined);
      return hadSecret && kept.publicKey !== undefined;
    });
    return isLost ? [{ customer: id, client: client.name, credentials: true as const }] : [];
  });
}

function lostScopes({ id, clients }: Declared, known: Readonly<Record<string, DeployedClient>>): Loss[] {
  return clients.flatMap((client) => {
    const names = [client.name, client.previously ?? client.name];
    const before = Object.keys(known).filter((key) => names.some((name) => isOf(key, name)));
    const scopes = new Set(before.flatMap((key) => getOwn(known, key)?.scopes ?? []));
    return [...scopes]
      .filter((scope) => !client.scopes.includes(scope))
      .map((scope) => ({ customer: id, client: client.name, scope }));
  });
}

function mayGo(known: Readonly<Record<string, DeployedClient>>, key: string): boolean {
  return getOwn(known, key)?.mayGo === true;
}

/** Keys are `CLIENT`, or `CLIENT/ROTATION`. */
function isOf(key: string, client: string): boolean {
  return key === client || key.startsWith(`${client}/`);
}

function findClient(clients: readonly CustomerClient[], name: string): CustomerClient | undefined {
  return clients.find((one) => one.name === name) ?? clients.find((one) => one.previously === name);
}

function flattenLosses({ removed, closed, suspended, clients, scopes }: Losses): Loss[] {
  const customers = [...removed, ...closed, ...suspended].map((customer) => ({ customer }));
  return [...customers, ...clients, ...scopes];
}

const day = 24 * 60 * 60 * 1000;

/** The losses of the last 24 hours, but those that the files give back. */
export function recentLosses(
  losses: readonly DatedLoss[],
  declared: readonly Declared[],
  now: Date,
): DatedLoss[] {
  const byId = new Map(declared.map((customer) => [customer.id, customer]));
  return losses.filter(
    (loss) =>
      now.getTime() - new Date(loss.at).getTime() < day && !isGivenBack(loss, byId.get(loss.customer)),
  );
}

function isGivenBack({ client, scope, credentials }: Loss, customer: Declared | undefined): boolean {
  // With the old key back, somebody has lost the new one.
  if (customer?.status !== "active" || credentials) return false;
  if (client === undefined) return true;
  const found = findClient(customer.clients, client);
  return !!found && !found.closing && (scope === undefined || found.scopes.includes(scope));
}

/** What the next deployments must know: the losses of the last 24 hours, with those of this deployment. */
export function datedLosses(recent: readonly DatedLoss[], losses: Losses, now: Date): DatedLoss[] {
  const fresh = flattenLosses(losses).map((loss) => ({ at: now.toISOString(), ...loss }));
  const names = new Set(fresh.map(nameOf));
  return [...recent.filter((loss) => !names.has(nameOf(loss))), ...fresh];
}

function nameOf({ customer, client = "", scope = "", credentials }: Loss): string {
  return [customer, client, scope, credentials ? "credentials" : ""].join(" ");
}
