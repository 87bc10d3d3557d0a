// Says in a customer's words what a deployment does: pure functions from changes to sentences in Markdown.
import type { ClientChange, CustomerChange } from "./customer-changes";
import { code, emphasis, plainText } from "./markdown";

/** When Moesif last saw a call of a customer; or why that is not known, as the end of a sentence. */
export type LastSeen = { at: string } | { unknown: string } | "never";

export interface Context {
  /** By organization id. */
  lastSeen: Readonly<Record<string, LastSeen>>;
  /** Seconds for which a token is valid, where the plan tells. */
  tokenLifetime?: number;
}

/** One sentence for each thing that changes, without the full stop of the last. */
export function describeCustomer(change: CustomerChange, context: Context): string[] {
  const name = emphasis(change.displayName);
  if (change.kind === "added") return [`adds customer ${name} (${listClients(change)})${suffix(change)}`];
  if (change.kind === "imported") {
    return [`takes in customer ${name} as it is in Auth0 (${listClients(change)})${suffix(change)}`];
  }
  if (change.kind === "removed") return [describeRemoval(change, context)];
  return [
    ...describeId(change, name),
    ...describeStatus(change, name, context),
    ...describeOrganization(change, name),
    ...change.clients.flatMap((client) => describeClient(client, change, name)),
    ...describeOthers(change, name),
  ];
}

function suffix({ status }: CustomerChange): string {
  if (status.after === "suspended") return ", suspended: its requests get 403";
  return status.after === "closing" ? ", closing: its requests get 403" : "";
}

/** What is deleted cannot be had back; what it means for the customer depends on whether it was closed first. */
function describeRemoval(change: CustomerChange, context: Context): string {
  const name = emphasis(change.displayName);
  const names = namesOf(change.clients);
  const clients = count(names, "client");
  const [stop, they] = names.length === 1 ? ["stops", "it has"] : ["stop", "they have"];
  const effect =
    change.status.before === "closing"
      ? `it was closed; its organization and ${clients} are deleted for good`
      : `its ${clients} ${stop} working at once: no new tokens, and those that ${they} end ${lifetime(context)}`;
  return `removes ${name}: ${effect}${seen(change, context)}`;
}

function describeId({ id, previousId }: CustomerChange, name: string): string[] {
  if (previousId === undefined) return [];
  return [`renames customer ${code(previousId)} to ${code(id)} (${name}): nothing is deleted`];
}

function describeStatus(change: CustomerChange, name: string, context: Context): string[] {
  const { before, after } = change.status;
  if (before === undefined || before === after) return [];
  const names = namesOf(change.clients.filter(({ kind }) => kind !== "added"));
  const clients = count(names, "client");
  const get = names.length === 1 ? "gets" : "get";
  if (after === "suspended")
    return [`suspends ${name}: its ${clients} ${get} 403${seenIfActive(change, context)}`];
  if (after === "closing") {
    return [
      `closes ${name}: its ${clients} ${get} 403, new tokens have no scopes, and a later change may remove it${seenIfActive(change, context)}`,
    ];
  }
  return [`resumes ${name}: its ${clients} may call the API again`];
}

function describeOrganization({ isReplaced, organization }: CustomerChange, name: string): string[] {
  if (isReplaced) {
    return [
      `**replaces** the organization of ${name}: its id is another one then, under which nobody knows the customer`,
    ];
  }
  const words: Record<string, string> = { displayName: "the name", name: "the organization's name" };
  if (organization.length === 0) return [];
  return [`changes ${listed(organization.map((key) => words[key] ?? `the ${plainText(key)}`))} of ${name}`];
}

function describeClient(client: ClientChange, change: CustomerChange, name: string): string[] {
  const [base = client.name, rotation] = client.name.split("/");
  const which = `client ${code(base)} of ${name}`;
  const others = change.clients.filter((one) => one !== client && one.name.split("/")[0] === base);
  if (client.kind === "added" && rotation !== undefined && others.length > 0) {
    return [`gives ${which} a new secret (${code(rotation)}), beside the one that it has`];
  }
  if (client.kind === "removed" && others.some(({ kind }) => kind !== "removed")) {
    return [`ends the old secret of ${which}: whoever still uses it gets no more tokens`];
  }
  if (client.kind === "added") return [`adds ${which} (${scopes(client.scopes.after)})`];
  if (client.kind === "removed")
    return [`removes ${which} (${scopes(client.scopes.before)}): it stops working at once`];
  if (client.kind === "replaced") {
    return [
      `**replaces** ${which}: its id and secret stop working at once, and others have to be handed out`,
    ];
  }
  if (client.kind === "imported") return [`takes in ${which} as it is in Auth0`];
  const sentences: string[] = [];
  if (client.previousName !== undefined) {
    sentences.push(`renames client ${code(client.previousName)} of ${name} to ${code(client.name)}`);
  }
  sentences.push(...describeScopes(client, change, which));
  if (client.hasOtherCredentials) sentences.push(`changes the credentials of ${which}`);
  // Its description in Auth0 says the customer's name.
  const isExplained = change.organization.length > 0 || change.previousId !== undefined;
  if (
    client.kind === "changed" &&
    sentences.length === 0 &&
    !isExplained &&
    change.status.after !== "closing"
  ) {
    sentences.push(`changes settings of ${which}`);
  }
  return sentences;
}

function describeOthers({ others }: CustomerChange, name: string): string[] {
  if (others.length === 0) return [];
  const shown = others
    .slice(0, 5)
    .map((one) => `${code(one.op)} ${plainText(one.type.split(":").at(-1) ?? "")} ${code(one.name)}`);
  const rest = others.length > shown.length ? [`${others.length - shown.length} more`] : [];
  return [`of ${name} too: ${listed([...shown, ...rest])}`];
}

function describeScopes({ scopes: { before, after } }: ClientChange, change: CustomerChange, which: string) {
  const gained = after.filter((scope) => !before.includes(scope));
  const lost = before.filter((scope) => !after.includes(scope));
  // Said of the customer as a whole.
  if (change.status.after === "closing" || change.status.before === "closing") return [];
  if (after.length === 0 && before.length > 0) return [`takes all scopes from ${which}: it can do nothing`];
  return [
    ...(gained.length > 0 ? [`gives ${which} ${scopes(gained)}`] : []),
    ...(lost.length > 0 ? [`takes ${scopes(lost)} from ${which}`] : []),
  ];
}

function listClients({ clients }: CustomerChange): string {
  const [only] = clients;
  const list =
    clients.length === 1 && only
      ? scopes(only.scopes.after)
      : clients.map((client) => `${code(client.name)} with ${scopes(client.scopes.after)}`).join("; ");
  return `${count(clients, "client")}: ${list}`;
}

function scopes(names: readonly string[]): string {
  return names.length === 0 ? "no scope" : names.map(code).join(", ");
}

/** Of clients that have two secrets, both are one. */
function namesOf(clients: readonly ClientChange[]): string[] {
  return [...new Set(clients.map(({ name }) => name.split("/")[0] ?? name))];
}

function seenIfActive(change: CustomerChange, context: Context): string {
  return change.status.before === "active" ? seen(change, context) : "";
}

function seen({ organizationId = "" }: CustomerChange, { lastSeen }: Context): string {
  const found = Object.hasOwn(lastSeen, organizationId) ? lastSeen[organizationId] : undefined;
  if (found === undefined) return "";
  if (found === "never") return "; Moesif saw no call of it in the last year";
  return "at" in found
    ? `; last seen by Moesif ${found.at.slice(0, 16).replace("T", " ")} UTC`
    : `; when it last called the API is not known: ${plainText(found.unknown)}`;
}

function lifetime({ tokenLifetime }: Context): string {
  if (tokenLifetime === undefined) return "when they expire";
  const units: [seconds: number, unit: string][] = [
    [86_400, "day"],
    [3600, "hour"],
    [60, "minute"],
    [1, "second"],
  ];
  const [seconds, unit] = units.find(([length]) => tokenLifetime % length === 0) ?? [1, "second"];
  const number = tokenLifetime / seconds;
  return `within ${number} ${unit}${number === 1 ? "" : "s"}`;
}

function count({ length }: readonly unknown[], noun: string): string {
  return `${length} ${noun}${length === 1 ? "" : "s"}`;
}

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${last}` : last;
}
