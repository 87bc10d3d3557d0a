import { Command } from "@commander-js/extra-typings";
import { call, demand, repositoryOf } from "../review/github/github";
import { describeEnvironment, describeExamples, githubVariables } from "./options";

export const statusCommand = new Command("status")
  .description(
    "Sets a status of the pull request's last commit, which its branch's protection can require: success for the result \"success\", and failure for any other.",
  )
  .argument("<result>", "result of the review's job")
  .requiredOption("--context <name>", "name of the status")
  .addHelpText(
    "after",
    describeEnvironment({
      GITHUB_TOKEN: "token with the permission statuses: write",
      ...githubVariables,
      PR_HEAD: "the commit",
      GITHUB_SERVER_URL: "with GITHUB_RUN_ID: the run to which the status links, if there is one",
    }),
  )
  .addHelpText("after", describeExamples('status --context "Preview (dev)" success'))
  .action(async (result, { context }) => {
    const repository = repositoryOf(process.env);
    const { GITHUB_SERVER_URL: server, GITHUB_RUN_ID: run } = process.env;
    const state = result === "success" ? "success" : "failure";
    // https://docs.github.com/en/rest/commits/statuses#create-a-commit-status
    await call(repository, "POST", `/statuses/${demand(process.env, "PR_HEAD")}`, {
      state,
      context,
      description: state === "success" ? "Nothing refuses it." : "Refused: the comment says why.",
      ...(server && run && { target_url: `${server}/${repository.name}/actions/runs/${run}` }),
    });
    console.log(`${context}: ${state}`);
  });
