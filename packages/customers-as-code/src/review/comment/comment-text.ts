// The comment under a pull request: a pure function from a plan, what its files change, what refuses it and what else is known.

import { pluralize } from "../../problems/words";
import type { Plan, Step } from "../../stacks/plan";
import type { Uncompared } from "../changes/compare-pull-request";
import { type Change, grave as graveMeaning } from "../changes/declared-change";
import { findUnexplained } from "../changes/explain";
import { changesOfResources, type PlannedChange } from "../changes/resources";
import { type CustomerChange, changesOfCustomers } from "../customer-changes";
import { fittingLines, mostCharacters, takeFitting } from "../github/fitting";
import type { Refusal } from "../guards/guards";
import { codeBlock, inlineCode, plainText } from "../markdown";
import { type Context, describeCustomer, describeLastSeen } from "./describe-customer";
import { describeRoutes } from "./gateway-changes";
import { groupGraveChanges } from "./grave-changes";
import { importedClients, type LastUse } from "./imported-clients";
import { countSteps, renderSteps } from "./plan-text";

export interface CommentParts {
  plan: Plan;
  refusals: readonly Refusal[];
  lastSeen: Context["lastSeen"];
  /** When the clients that are imported last got a token. */
  lastUse?: LastUse;
  /** What the pull request's files declare differently. Of a deployment, which has no base, there is none. */
  changes?: readonly Change[] | Uncompared;
  /** Where the stack's customers are split. */
  shards?: Shards;
  /** Commit that was previewed. */
  commit?: string;
  /** Address of the run's log. */
  runUrl?: string;
  /** Whether it was done, not just previewed. */
  isDone?: boolean;
}

export interface Shards {
  /** How many there are. */
  number: number;
  /** Names of those that the plan has, too. */
  concerned: readonly string[];
}

/** How many characters each part may have; what is grave has room of its own, and the plan gets what is left. */
const room = { problems: 12_000, policy: 2_500, advice: 3_000, errors: 12_000, changes: 10_000 };
/** As many sentences as people read; the plan has the rest. */
const mostSentences = 100;
const mostShards = 20;

/** Hidden in the comment, so that the next run finds it. */
export function commentMarker(stack: string): string {
  return `<!-- customers-as-code: preview of ${stack.replaceAll("--", "- -")} -->`;
}

export function renderComment(parts: CommentParts): string {
  const { plan, refusals } = parts;
  const customers = changesOfCustomers(plan);
  const { changes, beyond } = collectChanges(parts, customers);
  const grave = parts.changes ? groupGraveChanges(changes) : { lines: [], inFull: [] };
  const others = changes.filter(({ gravity }) => !parts.changes || gravity !== "grave");
  const problems = listProblems(plan, refusals);
  const top = [
    commentMarker(plan.stack),
    `### ${title(parts, customers, problems.length, changes)}`,
    describeShards(parts.shards),
    problems.length > 0 ? bullets(takeFitting(problems, room.problems)) : "",
    grave.lines.length > 0 ? `⚠️ **Check first:**\n\n${bullets(grave.lines)}` : "",
    plan.errors.length > 0 ? codeBlock(fittingLines(plan.errors.join("\n\n"), room.errors), "text") : "",
    ...advice(plan),
  ].filter((block) => block !== "");
  const inFull = grave.inFull.length > 0 ? folded("Each of them in full", bullets(grave.inFull)) : "";
  const end = footer(parts);
  // Blank lines, and the folded plan's own.
  const spare = 500;
  const left = mostCharacters - top.join("\n\n").length - inFull.length - end.length - spare;
  const rest = [...cut(others.map(({ sentence }) => sentence)), ...countOthers(plan, beyond)];
  const listed = bullets(takeFitting(rest, Math.min(room.changes, Math.max(0, left))));
  const blocks = [...top, listed, inFull].filter((block) => block !== "");
  const plansRoom = left - listed.length;
  const plansText = plansRoom > 0 ? details(plan, plansRoom) : "";
  return `${[...blocks, plansText, end].filter((block) => block !== "").join("\n\n")}\n`;
}

/** Everything that a comment on the plan has a sentence for. */
export function changesToReview(parts: Pick<CommentParts, "plan" | "changes">): Change[] {
  return collectChanges({ ...parts, lastSeen: {} }, changesOfCustomers(parts.plan)).changes;
}

/** What the files declare differently, and what the plan does beyond that. */
function collectChanges(
  { plan, changes, lastSeen, lastUse }: Pick<CommentParts, "plan" | "changes" | "lastSeen" | "lastUse">,
  customers: readonly CustomerChange[],
): { changes: Change[]; beyond: PlannedChange[] } {
  const imported = importedClients(plan);
  const planned = [
    ...customers.flatMap((change) => describeCustomer(change, { lastSeen, imported, lastUse })),
    ...describeRoutes(plan),
  ];
  if (!changes) return { changes: byGravity(planned), beyond: planned };
  planned.push(...changesOfResources(plan));
  if ("reason" in changes)
    return { changes: byGravity([describeUncompared(changes), ...planned]), beyond: planned };
  const ofImports = planned.filter(({ isOfImport }) => isOfImport);
  const beyond = findUnexplained(
    planned.filter(({ isOfImport }) => !isOfImport),
    changes,
  );
  const declared = changes.map((change) => withLastSeen(change, customers, lastSeen));
  return { changes: byGravity([...declared, ...ofImports, ...beyond.map(markUnexplained)]), beyond };
}

/** What has no room is then the least. */
function byGravity(changes: readonly Change[]): Change[] {
  const rank = ["grave", "notable", "plain"];
  return [...changes].sort((a, b) => rank.indexOf(a.gravity) - rank.indexOf(b.gravity));
}

function describeUncompared({ reason }: Uncompared): Change {
  const does = "does not compare what the files declare";
  const means = `${plainText(reason)} This comment shows the plan alone.`;
  return {
    at: "base",
    name: "the files",
    does,
    sentence: `${does}: ${means}`,
    ...graveMeaning("unknown", means),
  };
}

function withLastSeen(
  change: Change,
  customers: readonly CustomerChange[],
  lastSeen: Context["lastSeen"],
): Change {
  if (!change.endsCalls) return change;
  const customer = customers.find(({ id }) => id === change.customer);
  return customer
    ? { ...change, sentence: `${change.sentence}${describeLastSeen(customer, { lastSeen })}` }
    : change;
}

function markUnexplained(change: PlannedChange): Change {
  return {
    ...change,
    sentence: `${change.sentence} (only in the plan: no file of this pull request declares it)`,
  };
}

function title(
  { plan, isDone, changes: declared }: CommentParts,
  customers: readonly CustomerChange[],
  problems: number,
  changes: readonly Change[],
): string {
  const what = `${isDone ? "Deployment" : "Preview"} of ${inlineCode(plan.stack)}`;
  const graveOnes = changes.filter(({ gravity }) => gravity === "grave").length;
  const grave = declared && graveOnes > 0 ? `; ⚠️ check ${graveOnes} first` : "";
  const mandatory = problems + plan.errors.length;
  if (mandatory > 0) {
    return `${what}: ${isDone ? "failed" : "refused"}, ${pluralize(mandatory, "problem")}${grave}`;
  }
  const kinds = (["added", "imported", "changed", "removed"] as const)
    .map((kind) => ({ kind, number: customers.filter((change) => change.kind === kind).length }))
    .filter(({ number }) => number > 0)
    .map(({ kind, number }) => `${number} ${kind}`);
  if (kinds.length > 0) return `${what}: customers: ${kinds.join(", ")}${grave}`;
  if (!plan.steps.every(isSame)) return `${what}: no customer changes${grave}`;
  const { length } = changes;
  if (length === 0) return `${what}: nothing changes`;
  return `${what}: no resource changes, ${pluralize(length, "other change")}${grave}`;
}

function describeShards(shards: Shards | undefined): string {
  if (!shards) return "";
  const { number, concerned } = shards;
  const some = concerned.slice(0, mostShards).map(inlineCode).join(", ");
  const more = concerned.length > mostShards ? ` and ${concerned.length - mostShards} more` : "";
  if (concerned.length === 0) return `None of its ${number} shards is concerned.`;
  if (concerned.length === number) return `All of its ${number} shards are concerned.`;
  return `Of its ${number} shards, concerned: ${some}${more}.`;
}

/** What keeps it from being deployed, beside errors: one item for each guard, so that many refusals hide nothing below them. */
function listProblems({ violations }: Plan, refusals: readonly Refusal[]): string[] {
  const mandatory = violations.filter(({ isMandatory }) => isMandatory);
  const guards = [...new Set(refusals.map(({ guard }) => guard))];
  return [
    ...guards.map((guard) => {
      const messages = refusals.filter((one) => one.guard === guard).map(({ message }) => plainText(message));
      return `**${guard}**: ${takeFitting(messages, room.policy).join(" ")}`;
    }),
    ...describeViolations(mandatory),
  ];
}

function advice({ violations }: Plan): string[] {
  const advisory = violations.filter(({ isMandatory }) => !isMandatory);
  if (advisory.length === 0) return [];
  return [`To be considered:\n\n${bullets(takeFitting(describeViolations(advisory), room.advice))}`];
}

/** A policy's message begins with its description, which says the way out: once is enough. */
function describeViolations(violations: Plan["violations"]): string[] {
  const policies = [...new Set(violations.map(({ policy }) => policy))];
  return policies.map((policy) => {
    const messages = violations.filter((one) => one.policy === policy).map(({ message }) => message);
    const [description = ""] = messages[0]?.split("\n") ?? [];
    const reasons = messages.map((message) => message.split("\n").slice(1).join(" ") || message);
    const shown = takeFitting([...new Set(reasons)].map(plainText), room.policy);
    return `**${policy}**: ${shown.join(" ")} ${plainText(description)}`;
  });
}

/** What is neither a customer's nor reported above. */
function countOthers({ steps }: Plan, told: readonly Change[]): string[] {
  const isTold = ({ type, name }: Step) => told.some(({ at }) => at.startsWith(`plan: ${type} ${name}`));
  const others = steps.filter(
    (step) =>
      !isSame(step) &&
      !step.urn.includes("customers-as-code:auth0:Customer") &&
      isResource(step) &&
      !isTold(step),
  );
  const shown = others
    .slice(0, 10)
    .map(
      ({ op, type, name }) =>
        `${inlineCode(op)} ${plainText(type.split(":").at(-1) ?? type)} ${inlineCode(name)}`,
    );
  if (others.length === 0) return [];
  const rest = others.length > shown.length ? ` and ${others.length - shown.length} more` : "";
  return [`beside customers: ${shown.join(", ")}${rest}`];
}

/** Components and providers are nothing that anyone runs. */
function isResource({ type }: Step): boolean {
  return !/^(customers-as-code|pulumi):/.test(type);
}

function isSame({ op }: Step): boolean {
  return op === "same" || op === "read" || op === "refresh";
}

function cut(sentences: readonly string[]): string[] {
  if (sentences.length <= mostSentences) return [...sentences];
  return [...sentences.slice(0, mostSentences), `and ${sentences.length - mostSentences} more changes`];
}

function details(plan: Plan, left: number): string {
  const lines = renderSteps(plan.steps);
  if (lines.length === 0) return "";
  const shown = takeFitting(lines, left, "more lines: see the run's log");
  return folded(`The plan: ${countSteps(plan.steps)}`, codeBlock(shown.join("\n"), "diff"));
}

function folded(summary: string, text: string): string {
  return `<details><summary>${summary}</summary>\n\n${text}\n\n</details>`;
}

function footer({ commit, runUrl }: CommentParts): string {
  const of = commit === undefined ? [] : [`commit ${commit.slice(0, 10)}`];
  const log = runUrl === undefined ? [] : [`[log](${runUrl})`];
  return of.length + log.length === 0 ? "" : `<sub>${[...of, ...log].join(" · ")}</sub>`;
}

function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}
