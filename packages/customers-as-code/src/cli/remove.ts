import { Command, Option } from "@commander-js/extra-typings";
import { removeCustomer } from "../edit/change";
import { UsageError } from "../problems/command";
import { editFiles } from "./edit-files";
import { commonOptions, describeExamples } from "./options";

const { customers, openapi } = commonOptions;

export const removeCommand = new Command("remove")
  .description(
    "Closes a customer. Once that is deployed, run the command again: it deletes the customer's file. All stacks share the file.",
  )
  .argument("<id>", "the customer's id")
  .addOption(customers)
  .addOption(openapi)
  .addOption(new Option("--stack <name>").hideHelp())
  .addHelpText("after", describeExamples("remove globex"))
  .action((id, { stack, ...options }) => {
    if (stack !== undefined) {
      throw new UsageError(
        `remove: does not accept --stack, because all stacks share the file. To refuse the customer's requests only in ${stack}: npx customers suspend ${id} --stack ${stack}`,
      );
    }
    editFiles(options, (files) => removeCustomer(files, id));
  });
