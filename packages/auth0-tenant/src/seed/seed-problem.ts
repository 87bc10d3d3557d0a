// What is wrong with a seed, as data.

/** A way into a seed: keys and list positions. */
export type Path = readonly PropertyKey[];

/**
 * Stable names of the problems of a seed, for programs that branch on them.
 *
 * @example
 * const hasTypo = error.problems.some(({ code }) => code === "unknown-key");
 */
export type SeedProblemCode =
  | "unreadable-file"
  | "invalid-yaml"
  | "unknown-key"
  | "missing-value"
  | "wrong-type"
  | "invalid-value"
  | "duplicate"
  | "unknown-reference"
  | "plan"
  | "refused";

/**
 * One thing that is wrong with a seed.
 *
 * @example
 * const problem: SeedProblem = {
 *   code: "unknown-key",
 *   path: "clients[0].nmae",
 *   message: 'clients[0].nmae is not a known key. Did you mean "name"?',
 *   ...{ file: "tenant.yaml", line: 3, column: 5 },
 * };
 */
export interface SeedProblem {
  code: SeedProblemCode;
  /** Where in the seed, such as `clients[0].grants[1].audience`; empty for the seed as a whole. */
  path: string;
  /** What is wrong, and what to do. */
  message: string;
  /** Absent if the seed isn't a file. */
  file?: string;
  /** 1-based. */
  line?: number;
  /** 1-based. */
  column?: number;
}

/**
 * A seed can't be used. Nothing of it has been kept. `problems` has everything that is wrong with it, and the message has a line for each.
 *
 * @example
 * try {
 *   await startTenant({ seed: "tenant.yaml" });
 * } catch (error) {
 *   if (error instanceof SeedError) console.log(error.problems.map(({ code, path }) => `${code} ${path}`));
 * }
 */
export class SeedError extends Error {
  override readonly name = "SeedError";

  constructor(readonly problems: readonly SeedProblem[]) {
    super(problems.map(renderProblem).join("\n"));
  }
}

function renderProblem({ file, line, column, message }: SeedProblem): string {
  if (file === undefined) return `seed  ${message}`;
  return `${[file, line, column].filter((part) => part !== undefined).join(":")}  ${message}`;
}

/** A problem before its place in the file is known. */
export interface SeedFault {
  code: SeedProblemCode;
  path: Path;
  message: string;
  /** The last part of the path is a key, and the key itself is wrong. */
  isKey?: boolean;
}

/** `clients[0].name` */
export function renderPath(path: Path): string {
  return path
    .map((part, at) => (typeof part === "number" ? `[${part}]` : `${at > 0 ? "." : ""}${String(part)}`))
    .join("");
}
