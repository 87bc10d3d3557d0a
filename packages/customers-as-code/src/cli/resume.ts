import { Command } from "@commander-js/extra-typings";
import { resumeCustomer } from "../edit/change";
import { editFiles } from "./edit-files";
import { commonOptions, describeExamples } from "./options";

const { customers, openapi, stack } = commonOptions;

export const resumeCommand = new Command("resume")
  .description("Makes a suspended or closing customer active again. With --stack, only in this stack.")
  .argument("<id>", "the customer's id")
  .addOption(stack)
  .addOption(customers)
  .addOption(openapi)
  .addHelpText("after", describeExamples("resume globex"))
  .action((id, options) => editFiles(options, (files) => resumeCustomer(files, id)));
