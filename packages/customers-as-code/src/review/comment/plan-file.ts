// A preview as a file, from a job that runs the pull request's code to one that doesn't: read as what anyone may have written.
import { lstatSync, readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import type { Plan } from "../../stacks/plan";
import type { Shards } from "./comment-text";

/** What a preview of a stack and of its shards has found. */
export interface Previewed {
  main: Plan;
  /** Of those shards that the change concerns. */
  others: Plan[];
  /** Absent if the stack's customers are not split. */
  shards?: Shards;
}

/** A plan of ten thousand customers takes some 100 MB; more is no plan. */
const mostBytes = 256 * 2 ** 20;

const reference = z.object({ type: z.string(), name: z.string() });
const state = z.object({
  name: z.string(),
  id: z.string(),
  inputs: z.record(z.string(), z.unknown()),
  outputs: z.record(z.string(), z.unknown()),
});
const step = z.object({
  op: z.string(),
  urn: z.string(),
  type: z.string(),
  name: z.string(),
  parent: reference.exactOptional(),
  old: state.exactOptional(),
  new: state.exactOptional(),
  differences: z.array(z.string()),
});
const plan = z.object({
  stack: z.string(),
  steps: z.array(step),
  errors: z.array(z.string()),
  violations: z.array(
    z.object({
      policy: z.string(),
      isMandatory: z.boolean(),
      name: z.string().exactOptional(),
      message: z.string(),
    }),
  ),
  settings: z.record(z.string(), z.string()),
});
const previewed = z.object({
  main: plan,
  others: z.array(plan),
  shards: z.object({ number: z.number(), concerned: z.array(z.string()) }).exactOptional(),
});

export function writePreviewed(file: string, found: Previewed): void {
  // What only the deployment will know is undefined, of which JSON keeps nothing in maps, and null in lists.
  writeFileSync(file, JSON.stringify(found));
}

/**
 * The plan of that stack. A file that is missing or something else is a plan with an error, so that it refuses the pull request. No
 * message has anything from the file.
 */
export function readPreviewed(file: string, stack: string): Previewed {
  const nothing = (message: string): Previewed => ({
    main: { stack, steps: [], errors: [message], violations: [], settings: {} },
    others: [],
  });
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (!stats) return nothing("There is no plan: the preview ended before it had one. Its log says why.");
  // A link would lead to files of this machine.
  if (!stats.isFile() || stats.size > mostBytes)
    return nothing("The plan is no file, or larger than any plan.");
  const parsed = previewed.safeParse(parse(readFileSync(file, "utf8")));
  if (!parsed.success)
    return nothing("The plan is not as customers preview writes it. Run the preview again.");
  if (parsed.data.main.stack !== stack) return nothing(`The plan is not of ${stack}. Run the preview again.`);
  return parsed.data;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
