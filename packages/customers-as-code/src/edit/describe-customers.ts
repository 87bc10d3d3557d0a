// Customers as people read them on a terminal.

import { firstRotation, keysInMetadata } from "../customers/customer-schema";
import type { CustomerDeclaration } from "../customers/load-customers";
import type { TokenQuota } from "../customers/plans";

/** A line each; with their plans, where any has one. */
export function listCustomers(customers: readonly CustomerDeclaration[]): string {
  const hasPlans = customers.some(({ plan }) => plan !== undefined);
  return columns(
    customers.map(({ id, status, plan = "-", displayName, clients }) => [
      id,
      status,
      ...(hasPlans ? [plan] : []),
      displayName,
      clients.map(({ name }) => name).join(" "),
    ]),
  );
}

/** All that its file says, defaults filled in. */
export function showCustomer(customer: CustomerDeclaration): string {
  const { id, displayName, organization, status, plan, previously, members, delivery } = customer;
  const rows: [name: string, value: string | undefined][] = [
    ["id", id],
    ["name", displayName],
    ["organization", organization],
    ["status", status],
    ["plan", plan],
    ...keysInMetadata.map((key): [string, string | undefined] => [key, customer[key]]),
    ["members", members?.join(" ")],
    ["previously", previously],
    ["delivery", delivery && `AWS account ${delivery.awsAccountId}`],
    ...Object.entries(customer.metadata).map(([key, value]): [string, string] => [`metadata.${key}`, value]),
    ...customer.clients.map((client): [string, string] => [`clients.${client.name}`, describeClient(client)]),
  ];
  return columns(rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** What `--json` prints of a customer; docs/reference/commands.md describes it. */
export function customerAsJson(customer: CustomerDeclaration) {
  const { id, displayName, organization, status, plan, previously, members, delivery, metadata } = customer;
  return {
    ...{ id, name: displayName, organization, status, plan, previously, members, metadata },
    ...Object.fromEntries(keysInMetadata.map((key) => [key, customer[key]])),
    deliveryAccountId: delivery?.awsAccountId,
    clients: customer.clients.map(({ name, scopes, publicKey, rotation, retiring, closing, ...client }) => ({
      ...{ name, scopes, closing, rotation },
      authentication: publicKey === undefined ? "client_secret" : "private_key_jwt",
      isRotating: retiring !== undefined || client.retiringPublicKey !== undefined,
      tokenQuota: client.tokenQuota,
      previously: client.previously,
    })),
  };
}

function describeClient(client: CustomerDeclaration["clients"][number]) {
  const {
    scopes,
    publicKey,
    rotation,
    retiring,
    isCancelled,
    retiringPublicKey,
    tokenQuota,
    closing,
    previously,
  } = client;
  const notes = [
    publicKey === undefined ? "client_secret" : "private_key_jwt",
    ...(rotation === firstRotation ? [] : [`rotation ${rotation}`]),
    ...(retiring === undefined ? [] : [`${isCancelled ? "cancelled" : "retiring"} ${retiring}`]),
    ...(retiringPublicKey === undefined ? [] : ["retiring a key"]),
    ...(tokenQuota === undefined ? [] : [describeTokenQuota(tokenQuota)]),
    ...(closing ? ["closing"] : []),
    ...(previously === undefined ? [] : [`previously ${previously}`]),
  ];
  return `${scopes.join(" ")} (${notes.join(", ")})`;
}

function describeTokenQuota({ perHour, perDay, enforce }: TokenQuota): string {
  const limits = [
    ...(perHour === undefined ? [] : [`${perHour} an hour`]),
    ...(perDay === undefined ? [] : [`${perDay} a day`]),
  ];
  return `tokens: ${limits.join(" and ")}${enforce ? "" : ", not enforced"}`;
}

export function columns(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
