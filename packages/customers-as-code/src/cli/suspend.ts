import { Command } from "@commander-js/extra-typings";
import { suspendCustomer } from "../edit/change";
import { editFiles } from "./edit-files";
import { commonOptions, describeExamples } from "./options";

const { customers, openapi, stack } = commonOptions;

export const suspendCommand = new Command("suspend")
  .description("Suspends a customer: its requests get 403. With --stack, only in this stack.")
  .argument("<id>", "the customer's id")
  .option("--reason <text>", "reason, written as a comment next to the status")
  .addOption(stack)
  .addOption(customers)
  .addOption(openapi)
  .addHelpText("after", describeExamples('suspend globex --reason "invoices unpaid since October"'))
  .action((id, options) => editFiles(options, (files) => suspendCustomer(files, id, options.reason)));
