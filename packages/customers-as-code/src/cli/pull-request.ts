import { Command } from "@commander-js/extra-typings";
import { isRecord, record } from "../problems/record";
import { call, demand, list, type Repository, repositoryOf } from "../review/github/github";
import { describeEnvironment, describeExamples, githubVariables } from "./options";

export const pullRequestCommand = new Command("pull-request")
  .description(
    "Prints number=, author= and head= of the open pull request into the default branch whose last commit it is, and run= with the id of the latest run of pull-request.yml that has ended for that commit, as outputs of a step of GitHub Actions. Prints nothing if there is no such pull request, because it has a newer commit, for example, or no such run yet. Everything comes from GitHub's API: the author of a run controls what the run reports.",
  )
  .addHelpText(
    "after",
    describeEnvironment({
      GITHUB_TOKEN: "token with the permissions pull-requests: read and actions: read",
      ...githubVariables,
      RUN_HEAD: "the commit",
      DEFAULT_BRANCH: "such as main",
    }),
  )
  .addHelpText("after", describeExamples('pull-request >> "$GITHUB_OUTPUT"'))
  .action(async () => {
    const repository = repositoryOf(process.env);
    const head = demand(process.env, "RUN_HEAD");
    const [found, run] = await Promise.all([
      findPullRequest(repository, head, demand(process.env, "DEFAULT_BRANCH")),
      latestRun(repository, head),
    ]);
    if (!found || run === undefined) return;
    console.log(`number=${found.number}\nauthor=${found.author}\nhead=${head}\nrun=${run}`);
  });

/** https://docs.github.com/en/rest/commits/commits#list-pull-requests-associated-with-a-commit */
async function findPullRequest(
  repository: Repository,
  head: string,
  branch: string,
): Promise<{ number: number; author: string } | undefined> {
  const all = await list(repository, `/commits/${encodeURIComponent(head)}/pulls`);
  const found = all.find(({ more }) => {
    const [from, into] = [record(more.head), record(more.base)];
    return (
      more.state === "open" &&
      from.sha === head &&
      record(from.repo).full_name === repository.name &&
      into.ref === branch
    );
  });
  // A deleted user has no login: nobody is the author then, and none of the owners.
  return found && { number: found.number, author: isLogin(found.author) ? found.author : "ghost" };
}

function isLogin(author: string | undefined): author is string {
  return author !== undefined && /^[\w-]+(\[bot\])?$/.test(author);
}

/** https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-workflow */
async function latestRun(repository: Repository, head: string): Promise<number | undefined> {
  const query = `head_sha=${encodeURIComponent(head)}&event=pull_request&status=completed&per_page=100`;
  const answer = await call(repository, "GET", `/actions/workflows/pull-request.yml/runs?${query}`);
  const { workflow_runs: runs } = record(answer);
  if (!Array.isArray(runs)) throw new Error("GitHub's answer has no list of runs. Run the command again.");
  const ids = runs.filter(isRecord).flatMap(({ id, head_sha }) => (head_sha === head ? [Number(id)] : []));
  return ids.length === 0 ? undefined : Math.max(...ids);
}
