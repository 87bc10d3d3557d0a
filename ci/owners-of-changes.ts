// Refuses a pull request that changes what others own, or guards together with customers. Rules, owners and guards are the base's;
// the pull request's own files are only read, as data of Git.
import { z } from "zod";
import { type ChangedFile, changedFiles, commitOf, treeOf } from "./git-tree";
import { checkMixture, guardChanges, ownersPlaces, type Trees } from "./guarded-files";
import type { Refusal } from "./guards";
import { ownersOf, parseOwners, type Rule, skippedLines } from "./owners";
import { printable } from "./workflow-commands";

export interface Change {
  /** Login of the author. */
  author: string;
  /** Logins of those who approve of it. */
  approvedBy: readonly string[];
  /** Logins by team. */
  teams: Readonly<Record<string, readonly string[]>>;
  /** Every path that is added, changed or deleted. */
  files: readonly string[];
}

/** Needs the approval of an owner for each file that has owners, unless the author is one. */
export function checkOwners(rules: readonly Rule[], { author, approvedBy, teams, files }: Change): Refusal[] {
  const people = new Set([author, ...approvedBy].map((login) => login.toLowerCase()));
  const membersOf = new Map(
    Object.entries(teams).map(([team, logins]) => [
      team.toLowerCase(),
      logins.map((one) => one.toLowerCase()),
    ]),
  );
  const stands = (owner: string) => {
    const name = owner.toLowerCase();
    const logins = membersOf.get(name) ?? [name.replace(/^@/, "")];
    return logins.some((login) => people.has(login));
  };
  return files.flatMap((file) => {
    const owners = ownersOf(rules, file);
    if (owners.length === 0 || owners.some(stands)) return [];
    const unknown = owners.filter((owner) => owner.includes("/") && !membersOf.has(owner.toLowerCase()));
    const hint = unknown.length > 0 ? ` (CODEOWNERS_TEAMS doesn't say who is in ${unknown.join(", ")})` : "";
    const message = `${printable(file)} belongs to ${owners.join(", ")}, and ${author} is none of them. Ask one of them to approve the pull request, and run the preview again${hint}.`;
    return [{ guard: "owners", message }];
  });
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @param environment see the usage of `npm run ci:review`; without PR_AUTHOR there is no pull request, and nothing to check */
export function checkChangedFiles(environment: Environment, folder = "."): Refusal[] {
  const { PR_AUTHOR: author } = environment;
  if (!author) return [];
  try {
    const { changed, trees, rules } = readPullRequest(environment, folder);
    const files = changed.map(({ path }) => path);
    return [
      ...checkOwners(rules, { author, files, ...readApproval(environment) }),
      ...checkMixture(changed, trees),
    ];
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    const message = `The owners of the changed files cannot be determined: ${printable(reason ?? "")}. Check out the base too (fetch-depth: 2), or set PR_BASE to its commit.`;
    return [{ guard: "owners", message }];
  }
}

export interface Advice {
  about: string;
  message: string;
}

/** What refuses nothing, and leaves the guards weaker than they look. */
export function adviseOnOwners(environment: Environment, folder = "."): Advice[] {
  if (!environment.PR_AUTHOR) return [];
  try {
    const { changed, trees, rules, skipped } = readPullRequest(environment, folder);
    const unowned = [...new Set(guardChanges(changed, trees).map(({ path }) => path))].filter(
      (path) => ownersOf(rules, path).length === 0,
    );
    const remedy = "Give them owners in CODEOWNERS: without one, nobody but the author needs to agree.";
    return [
      ...unowned.map((path) => ({
        about: "guards without owners",
        message: `${remedy}\n${printable(path)} guards customers and has no owner.`,
      })),
      ...skipped.map((line) => ({
        about: "CODEOWNERS",
        message: `Correct the syntax of these lines, which GitHub skips.\nLine ${line} of the base's CODEOWNERS has no effect.`,
      })),
    ];
  } catch {
    // checkChangedFiles refuses it.
    return [];
  }
}

interface PullRequest {
  changed: ChangedFile[];
  trees: Trees;
  rules: Rule[];
  skipped: number[];
}

/** A pull request can't make its author an owner: the rules are the base's. @throws if Git doesn't have both commits */
function readPullRequest({ PR_BASE, PR_CHANGES }: Environment, folder: string): PullRequest {
  const head = commitOf(PR_CHANGES || "HEAD", folder);
  const base = commitOf(PR_BASE || `${head}^1`, folder);
  const trees = { base: treeOf(base, folder), head: treeOf(head, folder) };
  const text = ownersPlaces.map((place) => trees.base.read(place)).find((one) => one !== undefined) ?? "";
  return {
    changed: changedFiles(base, head, folder),
    trees,
    rules: parseOwners(text),
    skipped: skippedLines(text),
  };
}

const teamsSchema = z.record(z.string(), z.array(z.string()));

function readApproval({ PR_APPROVED_BY = "", CODEOWNERS_TEAMS }: Environment) {
  return {
    approvedBy: PR_APPROVED_BY.split(/[\s,]+/).filter(Boolean),
    teams: CODEOWNERS_TEAMS ? teamsSchema.parse(JSON.parse(CODEOWNERS_TEAMS)) : {},
  };
}
