// A difference between what the base of a pull request declares and what its head does.
import type { CustomerDeclaration } from "../../customers/load-customers";
import { emphasis, inlineCode } from "../markdown";

/** How much depends on it that a person sees it. */
type Gravity = "grave" | "notable" | "plain";

/** What is grave about a change, in the order in which a person must see it. */
export const effects = {
  unknown: "cannot be compared",
  guard: "loosens a guard",
  gains: "gains access",
  cutOff: "cuts off",
  elsewhere: "goes elsewhere",
  address: "changes an address",
  delay: "takes effect later",
  program: "changes the program",
} as const;
export type Effect = keyof typeof effects;

/** What a change means, without what changes. */
export interface Meaning {
  gravity: Gravity;
  /** Of a grave change. */
  effect?: Effect;
  /** What follows from it: the end of a sentence. */
  means?: string;
}

export interface Change extends Meaning {
  /** Path of the declared thing, such as `customers/acme.yaml: clients.ci.scopes`; no two changes have the same one. */
  at: string;
  /** The thing in a few words, in Markdown. */
  name: string;
  /** What is done to it, in Markdown, without its name: of changes that do the same, the names can be listed. */
  does: string;
  /** The whole of it, in Markdown. */
  sentence: string;
  /** Id of the customer, before and after. */
  customer?: string;
  /** Whether it ends a customer's calls, so that it matters when the last one was. */
  endsCalls?: boolean;
}

export const plain = (means?: string): Meaning => ({ gravity: "plain", ...(means && { means }) });
export const notable = (means?: string): Meaning => ({ gravity: "notable", ...(means && { means }) });
export const grave = (effect: Effect, means?: string): Meaning => ({
  gravity: "grave",
  effect,
  ...(means && { means }),
});

/** One thing that changes about a customer. */
export interface CustomerDifference extends Meaning {
  /** Path within the customer's file; empty for the customer as a whole. */
  path: string;
  does: string;
  /** What it is about, as a sentence names it; default: the customer. */
  thing?: string;
  /** The same in short; default: the customer's id. */
  name?: string;
  endsCalls?: boolean;
}

/** Stands in a sentence for the thing that it is about: no value can have the character. */
export const subject = "\0";

/** Name the id, by which everybody finds the file, and the display name, which another customer may have too. */
export function nameCustomer({ id, displayName }: Pick<CustomerDeclaration, "id" | "displayName">): string {
  const shown = displayName.length > mostOfName ? `${displayName.slice(0, mostOfName)}…` : displayName;
  return `${inlineCode(id)} (${emphasis(shown)})`;
}

/** The id shows what is beyond it, and so does the sentence about the name itself. */
const mostOfName = 60;
