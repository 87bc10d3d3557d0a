// What a pull request changes about what the files declare: from Git's base to what is on the disk, or at another commit.

import { readDeclared } from "../declared/declared";
import { type Files, filesAtCommit, filesOnDisk } from "../git/files";
import { compareDeclared } from "./compare";
import type { Change } from "./declared-change";

export interface PullRequest {
  /** As `pulumi stack select` takes it. */
  stack: string;
  /** Folder of Pulumi.yaml. */
  project: string;
  /** Settings of the policy pack, if they are not the stack's usual ones. */
  policyConfig?: string;
  /** Commit that the changes are against. */
  base: string;
  /** Commit of the changes; without it, they are on the disk. */
  head?: string;
}

/** Why base and head are not compared. */
export interface Uncompared {
  reason: string;
}

/** Never throws: it reports that there is no base. */
export function comparePullRequest(args: PullRequest): readonly Change[] | Uncompared {
  const { stack, project, policyConfig, base, head } = args;
  const declaredBy = (files: Files) =>
    readDeclared(files, stack, policyConfig === undefined ? undefined : files.locate(policyConfig));
  try {
    const before = declaredBy(filesAtCommit(base, project));
    const after = declaredBy(head === undefined ? filesOnDisk(project) : filesAtCommit(head, project));
    return compareDeclared(before, after);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const line = message.trim().split("\n").at(-1);
    return {
      reason: `The base ${base} cannot be read (${line}). Check out the base too (fetch-depth: 2), or set PR_BASE to its commit.`,
    };
  }
}
