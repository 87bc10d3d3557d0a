// Sends every row to both tenants, step by step, and notes where their answers differ.
import { generateKeyPairSync } from "node:crypto";
import { compareShapes } from "./answer-shape";
import { type CompareRow, compareRows } from "./compare-rows";
import { ComparedTenant, type TenantAccess } from "./compared-tenant";
import { cleanUp, findReasonsAgainst } from "./sandbox";

interface Difference {
  row: string;
  /** From 1. */
  step: number;
  request: string;
  differences: string[];
}

export interface Comparison {
  steps: number;
  differences: Difference[];
  /** Whether it was ended early. */
  isAborted: boolean;
  /** What could not be deleted from the real tenant. */
  left: string[];
}

/** The tenant is not marked as a sandbox, or not empty. */
class NoSandbox extends Error {}

export interface ComparisonOptions {
  /** The emulator. */
  emulated: TenantAccess;
  real: TenantAccess;
  /** Begins all names, so that they are found again. */
  run: string;
  signal: AbortSignal;
  rows?: readonly CompareRow[];
}

/** @throws {NoSandbox} before anything is made */
export async function runComparison(options: ComparisonOptions): Promise<Comparison> {
  const { emulated, real, run, signal, rows = compareRows } = options;
  const sandbox = new ComparedTenant(real);
  const reasons = await findReasonsAgainst(sandbox);
  if (reasons.length > 0)
    throw new NoSandbox([`${real.domain} is no sandbox for a comparison:`, ...reasons].join("\n  "));
  const comparison: Comparison = { steps: 0, differences: [], isAborted: false, left: [] };
  const pair: Pair = [new ComparedTenant(emulated), sandbox];
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  try {
    for (const [number, row] of rows.entries()) {
      for (const tenant of pair) tenant.begin({ run: `${run}-${number + 1}`, pem });
      await compareRow(row, pair, comparison, signal);
      if (comparison.isAborted) break;
    }
  } finally {
    comparison.left = await cleanUp(sandbox, run);
    // What an earlier comparison left would change lists.
    await cleanUp(pair[0], run);
  }
  return comparison;
}

type Pair = readonly [ComparedTenant, ComparedTenant];

async function compareRow(
  { name, steps }: CompareRow,
  [emulated, real]: Pair,
  comparison: Comparison,
  signal: AbortSignal,
): Promise<void> {
  for (const [at, step] of steps.entries()) {
    if (signal.aborted) {
      comparison.isAborted = true;
      return;
    }
    const add = (differences: string[]) =>
      comparison.differences.push({ row: name, step: at + 1, request: step.request, differences });
    const missing = new Set([emulated, real].flatMap((tenant) => tenant.findMissing(step)));
    if (missing.size > 0) {
      add([`not sent, nor the rest of the row: there is no ${[...missing].join(", ")}`]);
      return;
    }
    const [ours, theirs] = [await emulated.take(step), await real.take(step)];
    comparison.steps += 1;
    const differences =
      ours.status === theirs.status
        ? compareShapes(ours.body, theirs.body)
        : [`the status is ${ours.status} in the emulator, ${theirs.status} in the tenant`];
    if (differences.length > 0) add(differences);
  }
}
