// Refuses a pull request that changes customers of others: their files by CODEOWNERS, its changes by git.
import { execFileSync } from "node:child_process";
import type { Refusal } from "./guards";
import { ownersOf, parseOwners, type Rule } from "./owners";

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

/** A file that has owners may be changed by one of them, or with one's approval. */
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
    const hint =
      unknown.length > 0 ? ` (who is in ${unknown.join(", ")}, CODEOWNERS_TEAMS does not say)` : "";
    const message = `${file} belongs to ${owners.join(", ")}, and ${author} is none of them. Ask one of them to approve the pull request, and run the preview again${hint}.`;
    return [{ guard: "owners", message }];
  });
}

/** Where GitHub looks for the file, in its order. */
export const places = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/** Of the repository here. The owners are those of the base: a pull request must not make itself an owner. */
export function checkChangedFiles(
  environment: Readonly<Record<string, string | undefined>>,
  folder = ".",
): Refusal[] {
  const { PR_AUTHOR: author, PR_BASE, PR_APPROVED_BY = "", CODEOWNERS_TEAMS } = environment;
  if (!author) return [];
  const base = PR_BASE || "HEAD^1";
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  try {
    // A renamed file is two: taken from one owner and given to another.
    const files = git("diff", "--name-only", "--no-renames", "-z", base, "HEAD", "--")
      .split("\0")
      .filter(Boolean);
    const present = places.find((place) => git("ls-tree", "--name-only", base, "--", place).trim() !== "");
    if (present === undefined) return [];
    const rules = parseOwners(git("show", `${base}:${present}`));
    const approvedBy = PR_APPROVED_BY.split(/[\s,]+/).filter(Boolean);
    const teams: Record<string, string[]> = CODEOWNERS_TEAMS ? JSON.parse(CODEOWNERS_TEAMS) : {};
    return checkOwners(rules, { author, approvedBy, teams, files });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    const message = `Whose the changed files are cannot be told: ${reason}. Check out the base too (fetch-depth: 2), or set PR_BASE to its commit.`;
    return [{ guard: "owners", message }];
  }
}
