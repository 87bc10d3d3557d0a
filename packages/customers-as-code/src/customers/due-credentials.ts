// Which credentials are old, and which rotations were begun and not finished: a pure function from files and state to a reminder.
import { asRecord, isRecord } from "../problems/record";
import { generationsOf } from "./generations";
import type { CustomerClient, CustomerDeclaration } from "./load-customers";

/** Days, where no stack says it. */
export const rotateEveryDays = 180;

/** Days after which a rotation that is not finished is reminded of: the old credential was to end. */
const finishAfterDays = 14;

export interface DueRequest {
  customers: readonly CustomerDeclaration[];
  /** By `CUSTOMER/KEY` of a generation: what the stack's state knows of its credential; empty without a stack. */
  state: Readonly<Record<string, CredentialTimes>>;
  rotateEveryDays: number;
  /** In UTC, such as `2026-12-01`. */
  today: string;
}

/** ISO 8601, by the clock of whoever deployed it. */
export interface CredentialTimes {
  created: string;
  /** When it was last another one; of a client with a key pair: when the keys changed. */
  modified: string;
}

interface Due {
  customer: CustomerDeclaration;
  client: CustomerClient;
  /** Date. */
  since: string;
  /** Days. */
  age: number;
}

export interface Reminder {
  /** To be rotated, oldest first. */
  old: Due[];
  /** To be finished, oldest first. */
  unfinished: Due[];
  /** `CUSTOMER/CLIENT` of those of which neither file nor state says how old they are. */
  unknown: string[];
}

export function findDue({ customers, state, rotateEveryDays: days, today }: DueRequest): Reminder {
  const reminder: Reminder = { old: [], unfinished: [], unknown: [] };
  for (const customer of customers) {
    // What a closing customer has gets no tokens that are good for anything.
    if (customer.status === "closing") continue;
    for (const client of customer.clients) {
      const [current] = generationsOf(client);
      const since = sinceWhen(client, state[`${customer.id}/${current?.key}`]);
      if (since === undefined) {
        reminder.unknown.push(`${customer.id}/${client.name}`);
        continue;
      }
      const due = { customer, client, since, age: daysBetween(since, today) };
      const isRotating = client.retiring !== undefined || client.retiringPublicKey !== undefined;
      if (!isRotating && due.age >= days) reminder.old.push(due);
      if (isRotating && due.age >= finishAfterDays) reminder.unfinished.push(due);
    }
  }
  const oldestFirst = (a: Due, b: Due) => b.age - a.age;
  reminder.old.sort(oldestFirst);
  reminder.unfinished.sort(oldestFirst);
  return reminder;
}

/** The file's word, or else the state's: a secret is as old as its resource, a key as the resource's last change. */
function sinceWhen({ rotation, publicKey }: CustomerClient, times: CredentialTimes | undefined) {
  if (rotation.includes("-")) return rotation;
  return (publicKey === undefined ? times?.created : times?.modified)?.slice(0, "2026-12-01".length);
}

function daysBetween(from: string, to: string): number {
  return Math.floor((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** @param exported JSON of `pulumi stack export` */
export function readCredentialTimes(exported: unknown): Record<string, CredentialTimes> {
  const { resources } = asRecord(asRecord(exported).deployment);
  const found = (Array.isArray(resources) ? resources : []).flatMap((resource: unknown) => {
    if (!isRecord(resource) || resource.type !== "auth0:index/clientCredentials:ClientCredentials") return [];
    const { urn, created, modified } = resource;
    if (typeof urn !== "string" || typeof created !== "string") return [];
    const times = { created, modified: typeof modified === "string" ? modified : created };
    return [[urn.slice(urn.lastIndexOf("::") + 2), times] as const];
  });
  return Object.fromEntries(found);
}

/** As an issue's text in Markdown; undefined where there is nothing to remind of. */
export function renderReminder({ old, unfinished }: Reminder, days: number): string | undefined {
  if (old.length === 0 && unfinished.length === 0) return undefined;
  const sections = [
    ...(old.length === 0
      ? []
      : [
          `### Rotate\n\nThey are ${days} days old or older. The old and the new one both work until you finish the rotation.`,
          old.map((due) => describe(due, "")).join("\n"),
        ]),
    ...(unfinished.length === 0
      ? []
      : [
          "### Finish\n\nThe old one still works beside the new one. Finish the rotation once the customer uses the new one.",
          unfinished.map((due) => describe(due, " --finish")).join("\n"),
        ]),
  ];
  return `${sections.join("\n\n")}\n`;
}

/** What `--json` prints of a reminder; docs/reference/commands.md describes it. */
export function reminderAsJson({ old, unfinished, unknown }: Reminder, days: number) {
  const dueAsJson = ({ customer, client, since, age }: Due) => ({
    customer: customer.id,
    client: client.name,
    credential: client.publicKey === undefined ? "secret" : "key",
    since,
    ageInDays: age,
  });
  return {
    rotateEveryDays: days,
    toRotate: old.map(dueAsJson),
    toFinish: unfinished.map(dueAsJson),
    unknown,
  };
}

function describe({ customer, client, since, age }: Due, option: string): string {
  const what = client.publicKey === undefined ? "secret" : "key";
  const key = client.publicKey === undefined || option !== "" ? "" : " --key NEW.pem";
  const command = `npx customers rotate ${customer.id} ${client.name}${key}${option}`;
  return `- [ ] **${customer.displayName}**, \`${customer.id}/${client.name}\`: ${what} of ${since}, ${age} days ago: \`${command}\``;
}
