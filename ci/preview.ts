// `npm run ci:preview`: what a deployment would do, in the customers' words, and whether anything refuses it.
import { writeFileSync } from "node:fs";
import { readOptions, runCommand } from "../diagnostics/command";
import { preview } from "./engine";
import { checkPlan } from "./guards";
import { targetOf, targetOptions, targetUsage } from "./options";
import { checkChangedFiles } from "./owners-of-changes";
import { describe, isRefused, ownClientId } from "./report";

const usage = `Usage: npm run ci:preview -- --stack NAME [OPTIONS]

Previews the stack with the policy pack, and says in Markdown what a deployment would do and what refuses it. Ends with 0 where
nothing does, and with 1 where something does, or where there is no plan.

  --comment FILE    write the Markdown here, for \`npm run ci:comment\`, and not to the output
${targetUsage}
PR_AUTHOR          login of the pull request's author; without it nobody's ownership of files is checked
PR_BASE            commit that the changes are against (default HEAD^1, the base of GitHub's merge commit)
PR_APPROVED_BY     logins of those who approve of it, with spaces between them
CODEOWNERS_TEAMS   JSON: logins by team, such as {"@example/platform": ["jane"]}
MOESIF_MANAGEMENT_API_KEY   with which Moesif is asked when it last saw those who go
`;

const options = { ...targetOptions, comment: { type: "string" } } as const;

async function main(): Promise<void> {
  const values = readOptions(options);
  if (values.help) {
    console.log(usage);
    return;
  }
  const plan = await preview(targetOf(values));
  const refusals = [...checkPlan(plan, ownClientId(plan)), ...checkChangedFiles(process.env)];
  const comment = await describe({ plan, refusals });
  if (values.comment === undefined) console.log(`\n${comment}`);
  else writeFileSync(values.comment, comment);
  if (isRefused(plan, refusals)) process.exitCode = 1;
}

void runCommand(usage, 1, main);
