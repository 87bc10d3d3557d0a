// An issue that stays open as long as something is wrong: https://docs.github.com/en/rest/issues/issues
import { isRecord } from "../../problems/record";
import { fittingLines, mostCharacters } from "./fitting";
import { callGitHub, listEntries, type Repository, readOwnLogin, toEntry } from "./github";

/** Hidden in the issue, so that no other issue of the same title is taken for it. */
const marker = "<!-- customers-as-code -->";

/**
 * Opens the issue, updates it if it has a different text, or closes it.
 * @param text in Markdown; absent if nothing is wrong any more
 * @returns what was done, for people
 * @throws if GitHub refuses
 */
export async function trackIssue(
  repository: Repository,
  title: string,
  text: string | undefined,
): Promise<string> {
  const creator = (await readOwnLogin(repository)) ?? "github-actions[bot]";
  const open = await listEntries(repository, `/issues?state=open&creator=${encodeURIComponent(creator)}`);
  const existing = open.find((issue) => issue.title === title && issue.body.startsWith(marker));
  // A fence that is open at the end is closed there.
  const body = text && `${marker}\n\n${fittingLines(text, mostCharacters - 500)}`;
  if (!existing) {
    if (!body) return `There is no issue "${title}", and nothing for one.`;
    const made = await callGitHub(repository, "POST", "/issues", { title, body });
    return `Opened ${toEntry(isRecord(made) ? made : {}).url}`;
  }
  if (existing.body === body) return `${existing.url} says so already`;
  const change = body ? { body } : { state: "closed", state_reason: "completed" };
  await callGitHub(repository, "PATCH", `/issues/${existing.number}`, change);
  return `${body ? "Updated" : "Closed"} ${existing.url}`;
}
