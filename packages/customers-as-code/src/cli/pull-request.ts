import { Command } from "@commander-js/extra-typings";
import { asRecord, isRecord } from "../problems/record";
import {
  callGitHub,
  listEntries,
  type Repository,
  repositoryOf,
  requireVariable,
} from "../review/github/github";
import { describeEnvironment, describeExamples, githubVariables } from "./options";

export const pullRequestCommand = new Command("pull-request")
  .description(
    "Prints outputs of a step of GitHub Actions: number=, author= and head= of the open pull request into the default branch whose last commit it is. Also run=, the id of the latest run of the workflow that has ended for that commit. Prints nothing if there is no such pull request, because it has a newer commit, for example, or no such run yet. Everything comes from GitHub's API: the author of a run controls what the run reports.",
  )
  .addHelpText(
    "after",
    describeEnvironment({
      GITHUB_TOKEN: "token with the permissions pull-requests: read and actions: read",
      ...githubVariables,
      RUN_HEAD: "the commit",
      RUN_WORKFLOW: "the workflow that makes the plan: its id, or the name of its file",
      DEFAULT_BRANCH: "such as main",
    }),
  )
  .addHelpText("after", describeExamples('pull-request >> "$GITHUB_OUTPUT"'))
  .action(async () => {
    const repository = repositoryOf(process.env);
    const head = requireVariable(process.env, "RUN_HEAD");
    const [found, run] = await Promise.all([
      findPullRequest(repository, head, requireVariable(process.env, "DEFAULT_BRANCH")),
      latestRun(repository, requireVariable(process.env, "RUN_WORKFLOW"), head),
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
  const all = await listEntries(repository, `/commits/${encodeURIComponent(head)}/pulls`);
  const found = all.find(({ more }) => {
    const [from, into] = [asRecord(more.head), asRecord(more.base)];
    return (
      more.state === "open" &&
      from.sha === head &&
      asRecord(from.repo).full_name === repository.name &&
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
async function latestRun(
  repository: Repository,
  workflow: string,
  head: string,
): Promise<number | undefined> {
  const query = `head_sha=${encodeURIComponent(head)}&event=pull_request&status=completed&per_page=100`;
  const path = `/actions/workflows/${encodeURIComponent(workflow)}/runs`;
  const answer = await callGitHub(repository, "GET", `${path}?${query}`);
  const { workflow_runs: runs } = asRecord(answer);
  if (!Array.isArray(runs)) throw new Error("GitHub's answer has no list of runs. Run the command again.");
  const ids = runs.filter(isRecord).flatMap(({ id, head_sha }) => (head_sha === head ? [Number(id)] : []));
  return ids.length === 0 ? undefined : Math.max(...ids);
}
