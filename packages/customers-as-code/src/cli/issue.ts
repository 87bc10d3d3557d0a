import { existsSync, readFileSync } from "node:fs";
import { Command } from "@commander-js/extra-typings";
import { codeBlock } from "../review/comment/markdown";
import { repositoryOf } from "../review/github/github";
import { redact } from "../review/github/redact";
import { trackIssue } from "../review/github/tracked-issue";
import { describeEnvironment, describeExamples, githubVariables } from "./options";

export const issueCommand = new Command("issue")
  .description(
    "Opens an issue with the file's content, or updates the open issue of this title. If the file doesn't exist, the command closes the issue. Markdown is formatted only if the file's name ends in .md.",
  )
  .argument("<file>", "the report")
  .requiredOption("--title <title>", "title of the issue")
  .addHelpText(
    "after",
    describeEnvironment({
      GITHUB_TOKEN: "token with the permission issues: write",
      ...githubVariables,
    }),
  )
  .addHelpText("after", describeExamples('issue --title "Drift of dev" drift.txt'))
  .action(async (file, { title }) => {
    const text = readReport(file);
    // In full, since the issue may have only a part of it.
    if (text !== undefined) console.log(text);
    console.log(await trackIssue(repositoryOf(process.env), title, text));
  });

function readReport(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const text = redact(readFileSync(file, "utf8"), process.env).trimEnd();
  return file.endsWith(".md") ? text : codeBlock(text, "text");
}
