// The comment under a pull request: a pure function from a plan, what refuses it and what else is known.
import { type CustomerChange, changesOfCustomers } from "./customer-changes";
import { fitting, fittingLines, mostCharacters } from "./fitting";
import { describeRoutes } from "./gateway-changes";
import type { Refusal } from "./guards";
import { code, codeBlock, plainText } from "./markdown";
import type { Plan, Step } from "./plan";
import { countSteps, renderSteps } from "./plan-text";
import { type Context, describeCustomer } from "./words";

export interface CommentParts {
  plan: Plan;
  refusals: readonly Refusal[];
  lastSeen: Context["lastSeen"];
  /** Sentences in Markdown about each client that is imported. */
  imports?: readonly string[];
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

/** How many characters each part may have; the plan gets what is left. */
const room = { problems: 15_000, policy: 3_000, advice: 5_000, errors: 15_000, changes: 20_000 };
/** As many sentences as people read; the plan has the rest. */
const mostSentences = 100;
const mostShards = 20;

/** Hidden in the comment, so that the next run finds it. */
export function marker(stack: string): string {
  return `<!-- customers-as-code: preview of ${stack.replaceAll("--", "- -")} -->`;
}

export function renderComment(parts: CommentParts): string {
  const { plan, refusals } = parts;
  const changes = changesOfCustomers(plan);
  const tokenLifetime = readTokenLifetime(plan.steps);
  const context: Context = {
    lastSeen: parts.lastSeen,
    ...(tokenLifetime !== undefined && { tokenLifetime }),
  };
  const sentences = changes.flatMap((change) => describeCustomer(change, context));
  const routes = describeRoutes(plan);
  const problems = listProblems(plan, refusals);
  const others = countOthers(plan);
  const blocks = [
    marker(plan.stack),
    `### ${title(parts, changes, problems.length)}`,
    describeShards(parts.shards),
    problems.length > 0 ? bullets(fitting(problems, room.problems)) : "",
    ...advice(plan),
    plan.errors.length > 0 ? codeBlock(fittingLines(plan.errors.join("\n\n"), room.errors), "text") : "",
    bullets(fitting([...(parts.imports ?? []), ...cut(sentences), ...routes, ...others], room.changes)),
  ].filter((block) => block !== "");
  const end = footer(parts);
  const head = blocks.join("\n\n");
  const left = mostCharacters - head.length - end.length - 500;
  return `${[head, details(plan, left), end].filter((block) => block !== "").join("\n\n")}\n`;
}

function title({ plan, isDone }: CommentParts, changes: readonly CustomerChange[], problems: number): string {
  const what = `${isDone ? "Deployment" : "Preview"} of ${code(plan.stack)}`;
  const mandatory = problems + plan.errors.length;
  if (mandatory > 0)
    return `${what}: ${isDone ? "failed" : "refused"}, ${mandatory} ${mandatory === 1 ? "problem" : "problems"}`;
  const kinds = (["added", "imported", "changed", "removed"] as const)
    .map((kind) => ({ kind, number: changes.filter((change) => change.kind === kind).length }))
    .filter(({ number }) => number > 0)
    .map(({ kind, number }) => `${number} ${kind === "imported" ? "taken in" : kind}`);
  if (kinds.length > 0) return `${what}: customers: ${kinds.join(", ")}`;
  return plan.steps.every(isSame) ? `${what}: nothing changes` : `${what}: no customer changes`;
}

function describeShards(shards: Shards | undefined): string {
  if (!shards) return "";
  const { number, concerned } = shards;
  const some = concerned.slice(0, mostShards).map(code).join(", ");
  const more = concerned.length > mostShards ? ` and ${concerned.length - mostShards} more` : "";
  if (concerned.length === 0) return `None of its ${number} shards is concerned.`;
  if (concerned.length === number) return `All of its ${number} shards are concerned.`;
  return `Of its ${number} shards, concerned: ${some}${more}.`;
}

/** What keeps it from being deployed, beside errors. */
function listProblems({ violations }: Plan, refusals: readonly Refusal[]): string[] {
  const mandatory = violations.filter(({ isMandatory }) => isMandatory);
  return [
    ...refusals.map(({ guard, message }) => `**${guard}**: ${plainText(message)}`),
    ...describeViolations(mandatory),
  ];
}

function advice({ violations }: Plan): string[] {
  const advisory = violations.filter(({ isMandatory }) => !isMandatory);
  if (advisory.length === 0) return [];
  return [`To be considered:\n\n${bullets(fitting(describeViolations(advisory), room.advice))}`];
}

/** A policy's message begins with its description, which says the way out: once is enough. */
function describeViolations(violations: Plan["violations"]): string[] {
  const policies = [...new Set(violations.map(({ policy }) => policy))];
  return policies.map((policy) => {
    const messages = violations.filter((one) => one.policy === policy).map(({ message }) => message);
    const [description = ""] = messages[0]?.split("\n") ?? [];
    const reasons = messages.map((message) => message.split("\n").slice(1).join(" ") || message);
    const shown = fitting([...new Set(reasons)].map(plainText), room.policy);
    return `**${policy}**: ${shown.join(" ")} ${plainText(description)}`;
  });
}

/** What is neither a customer's nor told as a route. */
function countOthers({ steps }: Plan): string[] {
  const others = steps.filter(
    (step) => !isSame(step) && !step.urn.includes("customers-as-code:auth0:Customer") && isResource(step),
  );
  const shown = others
    .slice(0, 10)
    .map(({ op, type, name }) => `${code(op)} ${plainText(type.split(":").at(-1) ?? type)} ${code(name)}`);
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
  return [
    ...sentences.slice(0, mostSentences),
    `and ${sentences.length - mostSentences} more changes of customers`,
  ];
}

function details(plan: Plan, left: number): string {
  const lines = renderSteps(plan.steps);
  if (lines.length === 0) return "";
  const shown = fitting(lines, left, "more lines: see the run's log");
  return `<details><summary>The plan: ${countSteps(plan.steps)}</summary>\n\n${codeBlock(shown.join("\n"), "diff")}\n\n</details>`;
}

function footer({ commit, runUrl }: CommentParts): string {
  const of = commit === undefined ? [] : [`commit ${commit.slice(0, 10)}`];
  const log = runUrl === undefined ? [] : [`[log](${runUrl})`];
  return of.length + log.length === 0 ? "" : `<sub>${[...of, ...log].join(" · ")}</sub>`;
}

function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}

function readTokenLifetime(steps: readonly Step[]): number | undefined {
  const api = steps.find(({ type }) => type === "auth0:index/resourceServer:ResourceServer");
  const value = (api?.new ?? api?.old)?.inputs.tokenLifetime;
  return typeof value === "number" ? value : undefined;
}
