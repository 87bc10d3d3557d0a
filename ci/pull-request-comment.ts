// One comment under a pull request, by GitHub's API.
import { isRecord } from "../diagnostics/record";

export interface PullRequest {
  /** Such as `https://api.github.com`. */
  api: string;
  /** `owner/name` */
  repository: string;
  number: string;
  token: string;
}

/** The address of the comment. @throws where GitHub refuses */
export async function putComment(pullRequest: PullRequest, body: string): Promise<string> {
  const { repository, number } = pullRequest;
  const [marker = ""] = body.split("\n");
  if (!/^<!-- .+ -->$/.test(marker))
    throw new Error("The file's first line is no marker: ci:preview did not write it.");
  const existing = await findComment(pullRequest, marker);
  const answer = existing
    ? await call(pullRequest, "PATCH", `/repos/${repository}/issues/comments/${existing}`, { body })
    : await call(pullRequest, "POST", `/repos/${repository}/issues/${number}/comments`, { body });
  const { html_url: url } = isRecord(answer.body) ? answer.body : {};
  return String(url);
}

/** The first that begins with the marker and was made by a bot: anyone may write a comment that looks like it. */
async function findComment(pullRequest: PullRequest, marker: string): Promise<number | undefined> {
  const { repository, number } = pullRequest;
  for (let page = 1; ; page++) {
    const path = `/repos/${repository}/issues/${number}/comments?per_page=100&page=${page}`;
    const { body } = await call(pullRequest, "GET", path);
    const comments: unknown[] = Array.isArray(body) ? body : [];
    for (const comment of comments) {
      if (!isRecord(comment) || typeof comment.body !== "string") continue;
      const isOfBot = isRecord(comment.user) && comment.user.type === "Bot";
      if (isOfBot && comment.body.startsWith(marker) && typeof comment.id === "number") return comment.id;
    }
    if (comments.length < 100) return undefined;
  }
}

/** https://docs.github.com/en/rest/issues/comments */
async function call({ api, token }: PullRequest, method: string, path: string, body?: object) {
  const response = await fetch(api + path, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "user-agent": "customers-as-code",
      "x-github-api-version": "2022-11-28",
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) {
    const hint = response.status === 403 ? " Has the job the permission pull-requests: write?" : "";
    throw new Error(`GitHub refuses ${method} ${path}: ${response.status} ${await response.text()}${hint}`);
  }
  const answer: unknown = await response.json();
  return { body: answer };
}
