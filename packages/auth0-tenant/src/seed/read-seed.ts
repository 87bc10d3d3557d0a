// Reads a seed, from a file or a value, and finds everything that is wrong with it by itself.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { checkReferences } from "./check-references";
import { explainIssue } from "./explain-issue";
import { SeedError, type SeedFault, type SeedProblem } from "./seed-problem";
import type { SeedRequest } from "./seed-requests";
import { type CheckedSeed, type Seed, seedSchema } from "./seed-schema";
import { type SeedSource, sourceOfText, sourceOfValue } from "./seed-source";

/**
 * A seed that has been read and checked, with the place of everything in it.
 *
 * @example
 * const seed: ReadSeed = parseSeed(readFileSync("tenant.yaml", "utf8"), "tenant.yaml");
 */
export interface ReadSeed {
  readonly seed: CheckedSeed;
  /** Differs between seeds that fill a tenant differently. */
  readonly digest: string;
  locate(fault: SeedFault): SeedProblem;
}

/**
 * Reads a seed from YAML or JSON, for `startTenant()`.
 *
 * @example
 * const tenant = await startTenant({ seed: parseSeed("organizations: [{ name: acme }]") });
 *
 * @param file how error messages call the text
 * @throws {SeedError} with everything that is wrong with it
 */
export function parseSeed(text: string, file = "seed"): ReadSeed {
  return checkSeed(sourceOfText(text, file));
}

/** @param given a file's path, a value, or what `parseSeed` returned. @throws {SeedError} */
export function readSeed(given: string | Seed | readonly SeedRequest[] | ReadSeed): ReadSeed {
  if (typeof given === "string") return parseSeed(readSeedFile(given), given);
  return isReadSeed(given) ? given : checkSeed(sourceOfValue(given));
}

const isReadSeed = (given: object): given is ReadSeed => "digest" in given && "locate" in given;

function readSeedFile(file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    const { code = "", message = "" } = Object(error);
    const reason = reasons[String(code)] ?? `file can't be read: ${message}`;
    throw new SeedError([{ code: "unreadable-file", path: "", message: `The seed ${reason}.`, file }]);
  }
}

const reasons: Record<string, string> = {
  ERR_ENCODING_INVALID_ENCODED_DATA: "file is not UTF-8. Save it as UTF-8",
  ENOENT: "file doesn't exist. Check its path",
  EISDIR: "is a folder. Name a file",
  EACCES: "file can't be read. Give this user the permission to read it",
};

function checkSeed({ value, locate }: SeedSource): ReadSeed {
  const whole = wholeSeed(value);
  const atItsPlace = ({ path, ...fault }: SeedFault) =>
    locate({ ...fault, path: Array.isArray(value) ? path.slice(1) : path });
  const result = seedSchema.safeParse(whole);
  const faults = [
    ...(result.error?.issues.flatMap((issue) => explainIssue(issue, seedSchema, whole)) ?? []),
    ...checkReferences(whole),
  ];
  const problems = faults.map(atItsPlace);
  if (problems.length > 0 || !result.success) throw new SeedError(problems.sort(byPlace));
  return { seed: result.data, digest: digestOf(whole), locate: atItsPlace };
}

/** A list alone is the seed's requests, and an empty file an empty seed. */
function wholeSeed(value: unknown): unknown {
  return Array.isArray(value) ? { requests: value } : (value ?? {});
}

const byPlace = (a: SeedProblem, b: SeedProblem) =>
  (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);

/** The order of keys makes no difference. */
function digestOf(value: unknown): string {
  const text = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
  return createHash("sha256").update(text).digest("base64url");
}
