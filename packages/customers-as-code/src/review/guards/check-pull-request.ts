// Refuses a pull request for what its files change: who owns them, and what they guard. Rules, owners and guards are the base's; the
// pull request's own files are only read, as data of Git.
import { z } from "zod";
import { ownersPlaces } from "../declared/file-roles";
import { type ChangedFile, changedFiles, commitOf } from "../git/changed-files";
import { filesAtCommit, readFileOf } from "../git/files";
import { repositoryOfFolder } from "../git/run-git";
import { checkImportedDeliveries } from "./delivered-imports";
import { checkMixture, guardChanges, listFirstPaths, type Trees } from "./guarded-files";
import type { Refusal } from "./guards";
import { ownersOf, parseOwners, type Rule, skippedLines } from "./owners";
import { checkOwners, type Proposal } from "./owners-of-changes";
import { escapeUnprintable } from "./printable";

export interface Checked {
  refusals: Refusal[];
  /** What refuses nothing, and must not go unseen. */
  advice: Advice[];
}

export interface Advice {
  about: string;
  /** The remedy in the first line, and the reason in the second. */
  message: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @param environment see the usage of `npx customers review`; without PR_AUTHOR and PR_CHANGES there is no pull request, and nothing to
 * check. Without PR_AUTHOR alone, as on a laptop, whose approval it needs is not checked.
 */
export function checkPullRequest(environment: Environment, folder = "."): Checked {
  const { PR_AUTHOR: author, PR_CHANGES: changes } = environment;
  if (!author && !changes) return { refusals: [], advice: [] };
  let read: PullRequestFiles;
  try {
    read = readPullRequest(environment, folder);
  } catch (error) {
    return { refusals: [refuseUnreadable(error)], advice: [] };
  }
  const advice = adviseOnGuards(read);
  const mixture = checkMixture(read.changed, read.trees);
  if (!author) return { refusals: mixture, advice };
  let approval: Pick<Proposal, "approvedBy" | "teams">;
  try {
    approval = readApproval(environment);
  } catch (error) {
    return { refusals: [refuseUnreadable(error), ...mixture], advice };
  }
  const proposal = { author, ...approval, files: read.changed.map(({ path }) => path) };
  return {
    refusals: [
      ...checkOwners(read.rules, proposal),
      ...mixture,
      ...checkImportedDeliveries(read.trees, read.rules, proposal),
    ],
    advice,
  };
}

function refuseUnreadable(error: unknown): Refusal {
  const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  const message = `The owners of the changed files cannot be determined: ${escapeUnprintable(reason)}. Check out the base too (fetch-depth: 2), or set PR_BASE to its commit; resolve conflicts with the base.`;
  return { guard: "owners", message };
}

interface PullRequestFiles {
  changed: ChangedFile[];
  trees: Trees;
  rules: Rule[];
  /** Numbers of the lines that GitHub skips in CODEOWNERS. */
  skipped: number[];
}

/** A pull request can't make its author an owner: the rules are the base's. @throws if Git doesn't have both commits */
function readPullRequest({ PR_BASE, PR_CHANGES, PR_HEAD }: Environment, folder: string): PullRequestFiles {
  const head = commitOf(PR_CHANGES || "HEAD", folder);
  // GitHub makes no new merge commit while there are conflicts, and keeps the last one.
  if (PR_CHANGES && PR_HEAD && ![head, commitOf(`${head}^2`, folder)].includes(PR_HEAD)) {
    throw new Error(`GitHub's merge commit is not of ${PR_HEAD.slice(0, 10)}, perhaps because of conflicts`);
  }
  const base = commitOf(PR_BASE || `${head}^1`, folder);
  // Git's differences have paths from there.
  const root = repositoryOfFolder(folder);
  const trees = { base: filesAtCommit(base, root), head: filesAtCommit(head, root) };
  const [text = ""] = ownersPlaces.flatMap((place) => readFileOf(trees.base, place) ?? []);
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

function adviseOnGuards({ changed, trees, rules, skipped }: PullRequestFiles): Advice[] {
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
