// Refuses a pull request that changes what others own, or guards together with customers. Rules, owners and guards are the base's;
// the pull request's own files are only read, as data of Git.
import { z } from "zod";
import { type ChangedFile, changedFiles, commitOf, treeOf } from "../git/changed-files";
import { checkMixture, guardChanges, listFirstPaths, ownersPlaces, type Trees } from "./guarded-files";
import type { Refusal } from "./guards";
import { ownersOf, parseOwners, type Rule, skippedLines } from "./owners";
import { escapeUnprintable } from "./printable";

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
    const message = `${escapeUnprintable(file)} belongs to ${owners.join(", ")}, and ${author} is none of them. Ask one of them to approve the pull request, and run the preview again${hint}.`;
    return [{ guard: "owners", message }];
  });
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @param environment see the usage of `npx customers review`; without PR_AUTHOR there is no pull request, and nothing to check */
export function checkChangedFiles(environment: Environment, folder = "."): Refusal[] {
  const { PR_AUTHOR: author } = environment;
  if (!author) return [];
  try {
    const { changed, rules } = readPullRequest(environment, folder);
    const files = changed.map(({ path }) => path);
    return checkOwners(rules, { author, files, ...readApproval(environment) });
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    const message = `The owners of the changed files cannot be determined: ${escapeUnprintable(reason ?? "")}. Check out the base too (fetch-depth: 2), or set PR_BASE to its commit; resolve conflicts with the base.`;
    return [{ guard: "owners", message }];
  }
}

/** What {@link checkMixture} refuses; if the commits cannot be read, {@link checkChangedFiles} refuses that. */
export function checkChangedGuards(environment: Environment, folder = "."): Refusal[] {
  const found = tryRead(environment, folder);
  return found ? checkMixture(found.changed, found.trees) : [];
}

export interface Advice {
  about: string;
  /** The remedy in the first line, and the reason in the second. */
  message: string;
}

/** What refuses nothing, and must not go unseen. */
export function adviseOnGuards(environment: Environment, folder = "."): Advice[] {
  const found = tryRead(environment, folder);
  if (!found) return [];
  const { changed, trees, rules, skipped } = found;
  const guards = guardChanges(changed, trees);
  const unowned = [...new Set(guards.map(({ path }) => path))].filter(
    (path) => ownersOf(rules, path).length === 0,
  );
  const kinds = new Set(guards.flatMap(({ what }) => what ?? []));
  const files = [...kinds].map((what) => ({
    what,
    paths: guards.filter((one) => one.what === what).map(({ path }) => path),
  }));
  return [
    ...files.map(({ what, paths }) => ({
      about: "guards change",
      message: `Read these changes with care: a loosened guard shows in no plan.\n${listFirstPaths(paths)}: ${what}.`,
    })),
    ...(unowned.length === 0
      ? []
      : [
          {
            about: "guards without owners",
            message: `Give them owners in CODEOWNERS: without one, nobody but the author needs to agree.\n${listFirstPaths(unowned)}: no owner.`,
          },
        ]),
    ...(skipped.length === 0
      ? []
      : [
          {
            about: "CODEOWNERS",
            message: `Correct the syntax of these lines, which GitHub skips.\nNo effect in the base's CODEOWNERS: ${skipped.map((line) => `line ${line}`).join(", ")}.`,
          },
        ]),
  ];
}

function tryRead(environment: Environment, folder: string): PullRequest | undefined {
  if (!environment.PR_AUTHOR) return undefined;
  try {
    return readPullRequest(environment, folder);
  } catch {
    return undefined;
  }
}

export interface PullRequest {
  changed: ChangedFile[];
  trees: Trees;
  rules: Rule[];
  skipped: number[];
}

/** A pull request can't make its author an owner: the rules are the base's. @throws if Git doesn't have both commits */
export function readPullRequest({ PR_BASE, PR_CHANGES, PR_HEAD }: Environment, folder: string): PullRequest {
  const head = commitOf(PR_CHANGES || "HEAD", folder);
  // GitHub makes no new merge commit while there are conflicts, and keeps the last one.
  if (PR_CHANGES && PR_HEAD && ![head, commitOf(`${head}^2`, folder)].includes(PR_HEAD)) {
    throw new Error(`GitHub's merge commit is not of ${PR_HEAD.slice(0, 10)}, perhaps because of conflicts`);
  }
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

export function readApproval({ PR_APPROVED_BY = "", CODEOWNERS_TEAMS }: Environment) {
  return {
    approvedBy: PR_APPROVED_BY.split(/[\s,]+/).filter(Boolean),
    teams: CODEOWNERS_TEAMS ? teamsSchema.parse(JSON.parse(CODEOWNERS_TEAMS)) : {},
  };
}
