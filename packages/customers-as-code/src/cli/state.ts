import { Command } from "@commander-js/extra-typings";
import { shardStacks } from "../customers/shard-placement";
import { writeBlankStacks } from "../review/blank-states/blank-stacks";
import { readCompany } from "../stacks/shard-company";
import { commonOptions, describeExamples, targetOf } from "./options";

export const stateCommand = new Command("state")
  .description(
    "Writes into a folder what customers preview --state needs, with a placeholder instead of each secret: the state of the stack and of its shards, and the encrypted settings. Run it with access to the states' secrets.",
  )
  .requiredOption("--out <folder>", "folder to write, which is new or empty, or has an earlier state")
  .addOption(commonOptions.stackOfJob)
  .addOption(commonOptions.project)
  .addHelpText("after", describeExamples("state --stack dev --out state"))
  .action(async ({ out, ...options }) => {
    const { stack, project } = targetOf(options);
    const stacks = [stack, ...shardStacks(readCompany(stack, project))];
    const written = await writeBlankStacks(stacks, project, out);
    console.log(`Wrote ${written.join(", ")}, without secrets.`);
  });
