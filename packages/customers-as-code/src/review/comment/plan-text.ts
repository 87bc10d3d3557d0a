// A plan's steps as lines for the syntax highlighting of "diff": pure functions.
import { isDeepStrictEqual } from "node:util";
import type { Step } from "../../stacks/plan";

const signs: Record<string, string> = {
  create: "+",
  "create-replacement": "+",
  delete: "-",
  "delete-replaced": "-",
  "import-replacement": "+",
  discard: "-",
};
const mostOfValue = 2000;

/** What stays the same is left out, and so is the middle of a replacement, which only joins its two ends. */
export function renderSteps(steps: readonly Step[]): string[] {
  return steps.filter(({ op }) => !["same", "replace", "refresh", "read"].includes(op)).flatMap(renderStep);
}

/** `2 to create, 1 to delete, 40 the same` */
export function countSteps(steps: readonly Step[]): string {
  const words: [op: string, word: string][] = [
    ["create", "to create"],
    ["import", "to import"],
    ["import-replacement", "to replace by an import"],
    ["update", "to update"],
    ["create-replacement", "to replace"],
    ["delete", "to delete"],
    ["same", "the same"],
  ];
  return words
    .map(([op, word]) => ({ number: steps.filter((step) => step.op === op).length, word }))
    .filter(({ number }) => number > 0)
    .map(({ number, word }) => `${number} ${word}`)
    .join(", ");
}

function renderStep(step: Step): string[] {
  const { op, type, name } = step;
  const sign = signs[op] ?? "!";
  const before = step.old?.name !== undefined && step.old.name !== name ? ` (was ${step.old.name})` : "";
  const what = op === "create" || op === "delete" || op === "update" ? "" : ` ${op}`;
  return [
    `${sign} ${type} ${name}${before}${what}`,
    ...renderDifferences(step).map((line) => `${sign}     ${line}`),
  ];
}

function renderDifferences({ old, new: next, op, differences }: Step): string[] {
  if (!old || !next || op === "delete-replaced") return [];
  return differences.flatMap((property) => {
    // A nested property's name is a path, such as `environment.variables["A"]`.
    const [key = property] = property.split(/[.[]/);
    const [before, after] = [old.inputs[key], next.inputs[key]];
    return [`${property}: ${renderChange(before, after)}`];
  });
}

function renderChange(before: unknown, after: unknown): string {
  // A secret that changes reads as the same one.
  return isDeepStrictEqual(before, after) ? "changes" : `${renderValue(before)} -> ${renderValue(after)}`;
}

function renderValue(value: unknown): string {
  if (value === undefined) return "(none, or known after the deployment)";
  const text = JSON.stringify(value);
  if (text.length <= mostOfValue) return text;
  const half = mostOfValue / 2;
  return `${text.slice(0, half)}… (${text.length} characters) …${text.slice(-half)}`;
}
