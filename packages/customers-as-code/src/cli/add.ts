import { Command } from "@commander-js/extra-typings";
import { locateSchema } from "../customers/customer-schema";
import { addCustomer } from "../edit/change";
import { editFiles } from "./edit-files";
import { commonOptions, describeExamples } from "./options";

const { customers, openapi, stack } = commonOptions;

export const addCommand = new Command("add")
  .description(
    "Writes the file of a new customer with one client. With --stack, checks that the stack has the plan.",
  )
  .argument("<id>", "the customer's id: the name of its file without .yaml")
  .requiredOption("--name <name>", "display name of the customer")
  .requiredOption("--scopes <scopes>", "scopes of its client, separated by spaces or commas")
  .option("--client <name>", "name of its client", "default")
  .option("--contact <email>", "the customer's e-mail address for notices")
  .option("--plan <plan>", "its plan: one of the plans in the stacks' settings")
  .addOption(stack)
  .addOption(customers)
  .addOption(openapi)
  .addHelpText(
    "after",
    describeExamples('add umbrella --name "Umbrella" --scopes "read:orders write:orders"'),
  )
  .action((id, options) => {
    const { name, client, contact, plan } = options;
    const scopes = options.scopes.split(/[\s,]+/).filter((scope) => scope !== "");
    const customer = {
      displayName: name,
      ...(contact !== undefined && { contact }),
      ...(plan !== undefined && { plan }),
      clients: { [client]: { scopes } },
    };
    editFiles(options, (files) => addCustomer(files, id, customer, locateSchema(files.folder)));
  });
