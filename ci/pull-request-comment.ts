// One comment under a pull request: https://docs.github.com/en/rest/issues/comments
import { isRecord } from "../diagnostics/record";
import { call, list, type Repository, toEntry } from "./github";

/** @param number of the pull request @returns the comment's address @throws where GitHub refuses */
export async function putComment(repository: Repository, number: string, body: string): Promise<string> {
  const [marker = ""] = body.split("\n");
  if (!/^<!-- .+ -->$/.test(marker)) {
    throw new Error("The file's first line is no marker: ci:preview did not write it.");
  }
  const comments = await list(repository, `/issues/${number}/comments`);
  const existing = comments.find((comment) => !comment.isOfPerson && comment.body.startsWith(marker));
  const answer = existing
    ? await call(repository, "PATCH", `/issues/comments/${existing.number}`, { body })
    : await call(repository, "POST", `/issues/${number}/comments`, { body });
  return toEntry(isRecord(answer) ? answer : {}).url;
}
