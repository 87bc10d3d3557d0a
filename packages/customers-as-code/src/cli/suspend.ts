import { Command } from "@commander-js/extra-typings";
import { suspendCustomer } from "../edit/change";
import { editFiles } from "./edit-files";
import { commonOptions, describeExamples } from "./options";

const { customers, openapi, stack } = commonOptions;

export const suspendCommand = new Command("suspend")
  .description("Suspends a customer: its requests get 403. With --stack, in this stack alone.")
  .argument("<id>", "the customer's id")
  .option("--reason <text>", "written beside the status, as a comment")
  .addOption(stack)
  .addOption(customers)
  .addOption(openapi)
  .addHelpText("after", describeExamples('suspend globex --reason "invoices unpaid since October"'))
  .action((id, options) => editFiles(options, (files) => suspendCustomer(files, id, options.reason)));
