// `npm run ci:status`: the result of a review as a status of the pull request's last commit, which its branch's protection can require.
import { readArguments, runCommand, UsageError } from "../problems/command";
import { callGitHub, repositoryOf, requireVariable } from "../review/github/github";

const usage = `Usage: npm run ci:status -- --context NAME RESULT

Sets the status of the commit: success for the result "success", and failure for any other.

GITHUB_TOKEN        with the permission statuses: write
GITHUB_REPOSITORY   such as example/customers
PR_HEAD             the commit
GITHUB_SERVER_URL, GITHUB_RUN_ID   of the run to which the status links, if there is one
GITHUB_API_URL      (default https://api.github.com)
`;

async function main(): Promise<void> {
  const { values, positionals } = readArguments({
    options: { context: { type: "string" }, help: { type: "boolean" } },
    allowPositionals: true,
  });
  if (values.help) return console.log(usage);
  const [result, ...more] = positionals;
  if (!values.context || result === undefined || more.length > 0) {
    throw new UsageError("Give a context and one result.");
  }
  const repository = repositoryOf(process.env);
  const { GITHUB_SERVER_URL: server, GITHUB_RUN_ID: run } = process.env;
  const state = result === "success" ? "success" : "failure";
  // https://docs.github.com/en/rest/commits/statuses#create-a-commit-status
  await callGitHub(repository, "POST", `/statuses/${requireVariable(process.env, "PR_HEAD")}`, {
    state,
    context: values.context,
    description: state === "success" ? "Nothing refuses it." : "Refused: the comment says why.",
    ...(server && run && { target_url: `${server}/${repository.name}/actions/runs/${run}` }),
  });
  console.log(`${values.context}: ${state}`);
}

void runCommand(usage, 1, main);
