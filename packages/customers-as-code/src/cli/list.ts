import { Command } from "@commander-js/extra-typings";
import { parseCustomers } from "../customers/load-customers";
import { customerAsJson, listCustomers } from "../edit/describe-customers";
import { withFiles } from "./edit-files";
import { commonOptions, describeExamples } from "./options";

const { customers, json, openapi, stack } = commonOptions;

export const listCommand = new Command("list")
  .description("Lists all customers, one per line: id, status, plan, display name and clients.")
  .addOption(stack)
  .addOption(customers)
  .addOption(openapi)
  .addOption(json)
  .addHelpText("after", describeExamples("list --stack dev"))
  .action((options) => {
    withFiles(options, ({ folder, files, scopes, stacks }) => {
      const loaded = parseCustomers(folder, files, scopes, stacks);
      if (options.json) {
        // Half a list would look like all of it to a program.
        if (loaded.problems.length === 0)
          console.log(JSON.stringify(loaded.customers.map(customerAsJson), null, 2));
      } else if (loaded.customers.length > 0) console.log(listCustomers(loaded.customers));
      return loaded.problems;
    });
  });
