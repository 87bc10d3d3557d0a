// One comment under a pull request: https://docs.github.com/en/rest/issues/comments
import { isRecord } from "../../problems/record";
import { call, list, type Repository, readOwnLogin, toEntry } from "./github";

/** @param number of the pull request @returns the comment's address @throws if GitHub refuses */
export async function putComment(repository: Repository, number: string, body: string): Promise<string> {
  const [marker = ""] = body.split("\n");
  if (!/^<!-- .+ -->$/.test(marker)) {
    throw new Error(
      "The file's first line is no marker. Post a file that customers preview or customers review wrote.",
    );
  }
  const comments = await list(repository, `/issues/${number}/comments`);
  const marked = comments.filter(({ body }) => body.startsWith(marker));
  // Anyone can write the marker. Only a person's own token makes comments in a person's name: then that person's are ours.
  const login = marked.some(({ isOfPerson }) => isOfPerson) ? await readOwnLogin(repository) : undefined;
  const existing = marked.find(({ isOfPerson, author }) =>
    isOfPerson ? login !== undefined && author === login : login === undefined,
  );
  const answer = existing
    ? await call(repository, "PATCH", `/issues/comments/${existing.number}`, { body })
    : await call(repository, "POST", `/issues/${number}/comments`, { body });
  return toEntry(isRecord(answer) ? answer : {}).url;
}
