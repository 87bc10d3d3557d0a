// What a change of each key of a customer's file means: the one table of them.

import { type KeyInMetadata, keysInMetadata, pickMetadata } from "../../customers/customer-schema";
import type { CustomerDeclaration } from "../../customers/load-customers";
import type { PlanSettings } from "../../customers/plans";
import { compareStrings } from "../../problems/problem";
import { getOwn } from "../../problems/record";
import { pluralize } from "../../problems/words";
import { compareLists, describeChange, differencesOf, showValue } from "../compare-values";
import { inlineCode } from "../markdown";
import { compareClients, describeScopes } from "./compare-clients";
import {
  type Change,
  type CustomerDifference,
  grave,
  type Meaning,
  nameCustomer,
  notable,
  plain,
  subject,
} from "./declared-change";
import { isLooser } from "./limits";

type Customers = Readonly<Record<string, CustomerDeclaration>>;

/** What else is needed to say what a change means. */
export interface Surroundings {
  before: { customers: Customers; plans: PlanSettings };
  after: { customers: Customers; plans: PlanSettings };
}

interface Both {
  before: CustomerDeclaration;
  after: CustomerDeclaration;
  around: Surroundings;
}

/** In the order of ids. */
export function compareCustomers(around: Surroundings): Change[] {
  const { customers: before } = around.before;
  const { customers: after } = around.after;
  const renamed = new Set(
    Object.values(after).flatMap(({ id, previously }) =>
      previously !== undefined && !Object.hasOwn(before, id) ? [previously] : [],
    ),
  );
  const removed = Object.values(before).filter(({ id }) => !Object.hasOwn(after, id) && !renamed.has(id));
  return [
    ...removed.flatMap((customer) => changesOf(customer, [describeRemoval(customer)])),
    ...Object.values(after).flatMap((customer) => {
      const { id, previously } = customer;
      const isRenamed = previously !== undefined && !Object.hasOwn(after, previously);
      const known = getOwn(before, id) ?? (isRenamed ? getOwn(before, previously) : undefined);
      return known
        ? changesOf(customer, compareOne({ before: known, after: customer, around }))
        : changesOf(customer, describeAddition(customer, around));
    }),
  ].sort((a, b) => compareStrings(a.customer ?? "", b.customer ?? ""));
}

function changesOf(customer: CustomerDeclaration, said: readonly CustomerDifference[]): Change[] {
  return said.map(
    ({ path, thing = nameCustomer(customer), name = inlineCode(customer.id), does, ...meaning }) => {
      const whole = does.replaceAll(subject, () => thing);
      return {
        at: path === "" ? `customers: ${customer.id}` : `customers: ${customer.id}.${path}`,
        name,
        does: does.replaceAll(subject, "…"),
        sentence: meaning.means === undefined ? whole : `${whole}: ${meaning.means}`,
        customer: customer.id,
        ...meaning,
      };
    },
  );
}

function describeRemoval({ status, clients }: CustomerDeclaration): CustomerDifference {
  const each = pluralize(clients.length, "client");
  if (status === "closing") {
    return {
      path: "",
      does: `removes ${subject}`,
      ...notable(`it was closing; its organization and ${each} are deleted for good`),
    };
  }
  if (status === "suspended") {
    const means = `it was suspended, not closing; its organization and ${each} are deleted for good`;
    return { path: "", does: `removes ${subject}`, ...grave("cutOff", means) };
  }
  const [stop, they] = clients.length === 1 ? ["stops", "it has"] : ["stop", "they have"];
  // The authorizer goes on denying the organization: packages/customers-as-code/src/deployment/former-organizations.ts.
  const end = `its ${each} ${stop} working at once: no new tokens, and those that ${they} get 403`;
  return { path: "", does: `removes ${subject}`, ...grave("cutOff", end), endsCalls: true };
}

function describeAddition(customer: CustomerDeclaration, { before }: Surroundings): CustomerDifference[] {
  const { clients, status, delivery, members = [], displayName, id } = customer;
  const whose = clients
    .map(({ name, scopes }) => `${inlineCode(name)} with ${describeScopes(scopes)}`)
    .join("; ");
  const state = status === "active" ? "" : `, ${status}: its requests get 403`;
  const added: CustomerDifference = {
    path: "",
    does: `adds customer ${subject} with ${pluralize(clients.length, "client")} (${whose})${state}`,
    ...notable(),
  };
  const metadata = Object.entries(customer.metadata).map(
    ([key, value]) => `${inlineCode(key)} ${showValue(value)}`,
  );
  const more = [
    ...(customer.organization === id ? [] : [`the organization's name ${inlineCode(customer.organization)}`]),
    ...Object.entries(pickMetadata(customer)).map(([key, value]) => `${inWords(key)} ${showValue(value)}`),
    ...(customer.plan === undefined ? [] : [`plan ${inlineCode(customer.plan)}`]),
    ...(metadata.length > 0 ? [`metadata ${metadata.join(", ")}`] : []),
  ];
  return [
    added,
    ...(more.length > 0
      ? [{ path: "details", does: `gives ${subject} ${more.join("; ")}`, ...plain() }]
      : []),
    ...nameTaken(displayName, id, before.customers).map((meaning) => ({
      path: "displayName",
      does: `names ${subject} ${showValue(displayName)}`,
      ...meaning,
    })),
    ...(delivery ? compareDelivery(undefined, delivery) : []),
    ...(members.length > 0 ? compareMembers([], members) : []),
    ...compareClients(customer, [], clients),
  ];
}

function compareOne({ before, after, around }: Both): CustomerDifference[] {
  const renamed: CustomerDifference[] =
    before.id === after.id
      ? []
      : [
          {
            path: "id",
            does: `renames customer ${inlineCode(before.id)} to ${subject}`,
            ...notable("nothing is deleted"),
          },
        ];
  return [
    ...renamed,
    ...Object.values(customerKeys).flatMap((compareKey) => compareKey({ before, after, around })),
    ...keysInMetadata.flatMap((key) => compareKept(key, before[key], after[key])),
    ...compareClients(after, before.clients, after.clients),
  ];
}

type Key = Exclude<keyof CustomerDeclaration, KeyInMetadata | "id" | "clients">;

export const customerKeys = {
  status: ({ before, after }) => compareStatus(before, after),
  displayName: ({ before, after, around }) => {
    if (before.displayName === after.displayName) return [];
    const [taken] = nameTaken(after.displayName, before.id, around.before.customers);
    const does = describeChange(
      `the display name of ${inlineCode(after.id)}`,
      before.displayName,
      after.displayName,
    );
    return [{ path: "displayName", does, thing: inlineCode(after.id), ...(taken ?? notable()) }];
  },
  organization: ({ before, after, around }) => {
    if (before.organization === after.organization) return [];
    const other = Object.values(around.before.customers).find(
      ({ id, organization }) => id !== before.id && organization === after.organization,
    );
    const does = describeChange(
      `the organization's name of ${subject}`,
      before.organization,
      after.organization,
    );
    const meaning = other
      ? grave("elsewhere", `${nameCustomer(other)} has this name until now`)
      : notable("people sign in to the portal with it");
    return [{ path: "organization", does, ...meaning }];
  },
  plan: ({ before, after, around }) => {
    if (before.plan === after.plan) return [];
    const limitsOf = (side: Surroundings["before"], { plan }: CustomerDeclaration) =>
      getOwn(side.plans.plans, plan ?? side.plans.defaultPlan ?? "");
    const limits = [limitsOf(around.before, before), limitsOf(around.after, after)];
    const meaning = isLooser(limits[0] ?? {}, limits[1] ?? {})
      ? grave("guard", "it may use more than before")
      : notable("it may use no more than before");
    return [
      { path: "plan", does: describeChange(`the plan of ${subject}`, before.plan, after.plan), ...meaning },
    ];
  },
  previously: ({ before, after }) =>
    // The name shows as a renaming; the line goes after one.
    before.previously === after.previously || before.id !== after.id
      ? []
      : [
          {
            path: "previously",
            does: describeChange(`the line “previously” of ${subject}`, before.previously, after.previously),
            ...plain("it renames nothing"),
          },
        ],
  metadata: ({ before, after }) =>
    differencesOf(before.metadata, after.metadata).map(({ path, before: old, after: next }) => {
      const key = path.join(".");
      const meaning = isElsewhere(key) ? notable("by it, other systems know the customer") : plain();
      return {
        path: `metadata.${key}`,
        does: describeChange(`${inlineCode(key)} of ${subject}`, old, next),
        ...meaning,
      };
    }),
  members: ({ before, after }) => compareMembers(before.members ?? [], after.members ?? []),
  delivery: ({ before, after }) => compareDelivery(before.delivery, after.delivery),
} satisfies Record<Key, (both: Both) => CustomerDifference[]>;

/** A key that the organization's metadata keep, and that decides nothing. */
function compareKept(
  key: KeyInMetadata,
  before: string | undefined,
  after: string | undefined,
): CustomerDifference[] {
  if (before === after) return [];
  return [
    { path: key, does: describeChange(`the ${inWords(key)} of ${subject}`, before, after), ...plain() },
  ];
}

/** `accountManager` → `account manager` */
function inWords(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Ids in the systems that bill and meter: packages/customers-as-code/src/customers/customer-schema.ts names them to editors. */
function isElsewhere(key: string): boolean {
  return ["moesifCompanyId", "stripeCustomerId", "customerId", "subscriptionId"].includes(key);
}

function compareStatus(before: CustomerDeclaration, after: CustomerDeclaration): CustomerDifference[] {
  if (before.status === after.status) return [];
  const { length } = after.clients;
  const clients = pluralize(length, "client");
  const gets = `its ${clients} ${length === 1 ? "gets" : "get"} 403`;
  const isRefused = before.status !== "active";
  if (after.status === "active") {
    return [
      {
        path: "status",
        does: `resumes ${subject}`,
        ...grave("gains", `its ${clients} may call the API again`),
      },
    ];
  }
  if (after.status === "closing") {
    const end = "new tokens have no scopes, and a later change may delete it";
    const meaning = isRefused ? grave("guard", `${end}`) : grave("cutOff", `${gets}, ${end}`);
    return [{ path: "status", does: `closes ${subject}`, ...meaning, endsCalls: !isRefused }];
  }
  const meaning = isRefused
    ? notable("it stays refused with 403, and can no longer be deleted")
    : grave("cutOff", gets);
  return [{ path: "status", does: `suspends ${subject}`, ...meaning, endsCalls: !isRefused }];
}

function compareMembers(before: readonly string[], after: readonly string[]): CustomerDifference[] {
  const { added, removed } = compareLists(before, after);
  const listed = (items: readonly unknown[]) => items.map(showValue).join(", ");
  const said: CustomerDifference[] = [];
  if (added.length > 0) {
    said.push({
      path: "members.added",
      does: `makes ${listed(added)} members of ${subject}`,
      ...grave("gains", "they manage its clients in the portal"),
    });
  }
  if (removed.length > 0) {
    said.push({
      path: "members.removed",
      does: `removes ${listed(removed)} from the members of ${subject}`,
      ...grave("cutOff", "they cannot sign in to it in the portal"),
    });
  }
  if (said.length === 0 && before.join("\n") !== after.join("\n")) {
    said.push({ path: "members", does: `changes the order of the members of ${subject}`, ...plain() });
  }
  return said;
}

function compareDelivery(
  before: CustomerDeclaration["delivery"],
  after: CustomerDeclaration["delivery"],
): CustomerDifference[] {
  return differencesOf(before ?? {}, after ?? {}).map(({ path, before: old, after: next }) => {
    const key = path.join(".");
    const does = describeChange(`${inlineCode(`delivery.${key}`)} of ${subject}`, old, next);
    const meaning =
      next === undefined
        ? grave("cutOff", "the account can no longer read its secrets")
        : grave("elsewhere", `the AWS account ${showValue(next)} can read the secrets of its clients`);
    return { path: `delivery.${key}`, does, ...meaning };
  });
}

/** Whoever reads only the display name takes one customer for the other. */
function nameTaken(displayName: string, id: string, customers: Customers): Meaning[] {
  const other = idsByName(customers)
    .get(sameName(displayName))
    ?.find((one) => one !== id);
  return other === undefined
    ? []
    : [grave("elsewhere", `${inlineCode(other)} has this display name until now`)];
}

const idsByNameOf = new WeakMap<Customers, Map<string, string[]>>();

/** Made once, since a thousand customers may come or be renamed in one pull request. */
function idsByName(customers: Customers): Map<string, string[]> {
  const made = idsByNameOf.get(customers);
  if (made) return made;
  const ids = new Map<string, string[]>();
  for (const { id, displayName } of Object.values(customers)) {
    const name = sameName(displayName);
    ids.set(name, [...(ids.get(name) ?? []), id]);
  }
  idsByNameOf.set(customers, ids);
  return ids;
}

function sameName(name: string): string {
  return name.normalize("NFKC").replaceAll(/\s+/g, " ").trim().toLowerCase();
}
