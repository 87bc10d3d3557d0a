// Refuses a pull request that changes what others own: pure functions of the rules and of who proposes and approves what.
import type { Refusal } from "./guards";
import { ownersOf, type Rule } from "./owners";
import { escapeUnprintable } from "./printable";

export interface Proposal {
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
export function checkOwners(
  rules: readonly Rule[],
  { author, approvedBy, teams, files }: Proposal,
): Refusal[] {
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
