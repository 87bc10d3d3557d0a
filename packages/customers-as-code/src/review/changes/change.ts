// A difference between what the base of a pull request declares and what its head does.

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
