// A row of the table: a change of the company, and what whoever reviews it must see, or what refuses it.
import type { Company, CustomerData, DocumentData } from "../support/company";
import type { Attempt } from "./refusals";

export interface Row {
  /** The change, as a sentence goes on from "reports". */
  what: string;
  /** Of the company as it is in the base, if it must be different for the change. */
  before?: (company: Company) => void;
  edit: (company: Company) => void;
  /** `grave`: in the first forty lines, marked. `told`: in a sentence. */
  verdict: "grave" | "told";
  /** What the sentence has. */
  says: string[];
}

/** A change that nobody can deploy. */
export interface RefusedRow extends Attempt {
  what: string;
  guard: string;
  /** What the refusal has, its remedy among it. */
  says: string[];
}

type Edit = Row["edit"];

export const grave = (what: string, edit: Edit, ...says: string[]): Row => ({
  what,
  edit,
  verdict: "grave",
  says,
});
export const told = (what: string, edit: Edit, ...says: string[]): Row => ({
  what,
  edit,
  verdict: "told",
  says,
});

/** @param attempt the edit alone, if it happens in nothing special */
export const refused = (
  guard: string,
  what: string,
  attempt: Edit | Attempt,
  ...says: string[]
): RefusedRow => ({
  ...(typeof attempt === "function" ? { edit: attempt } : attempt),
  ...{ guard, what, says },
});

/** The row from another base. */
export const from = (before: Edit, row: Row): Row => ({ ...row, before });

/** Sets a setting of the program's, or with a namespace another one; undefined removes it. */
export function set(key: string, value: unknown): Edit {
  const name = key.includes(":") ? key : `customers-as-code:${key}`;
  return ({ config }) => {
    if (value === undefined) delete config[name];
    else config[name] = value;
  };
}

/** Sets what is within a setting, by the keys that lead to it. */
export function setWithin(path: string, value: unknown): Edit {
  const [key = "", ...within] = path.split(".");
  return ({ config }) => assign(config[`customers-as-code:${key}`], within, value);
}

export function assign(target: unknown, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (typeof target !== "object" || target === null || key === undefined)
    throw new Error("there is no such thing");
  if (rest.length > 0) assign(Object.getOwnPropertyDescriptor(target, key)?.value, rest, value);
  else if (value === undefined) Reflect.deleteProperty(target, key);
  else Reflect.set(target, key, value);
}

export function customer(id: string, edit: (customer: CustomerData) => void): Edit {
  return ({ customers }) => {
    const found = customers[id];
    if (!found) throw new Error(`there is no customer ${id}`);
    edit(found);
  };
}

/** Sets a key of a client. */
export function client(id: string, name: string, values: Record<string, unknown>): Edit {
  return customer(id, ({ clients }) => {
    const merged: Record<string, unknown> = { ...clients[name], ...values };
    clients[name] = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
  });
}

export function document(edit: (document: DocumentData) => void): Edit {
  return (company) => edit(company.document);
}

/** Sets a key of an operation, such as `GET /orders`. */
export function operation(route: string, key: string, value: unknown): Edit {
  const [method = "", path = ""] = route.split(" ");
  return ({ document: { paths } }) => assign(paths[path]?.[method.toLowerCase()], [key], value);
}
