import { Command } from "@commander-js/extra-typings";
import { findCustomer } from "../edit/change";
import { customerAsJson, showCustomer } from "../edit/describe-customers";
import { withFiles } from "./edit-files";
import { commonOptions, describeExamples } from "./options";

const { customers, json, openapi, stack } = commonOptions;

export const showCommand = new Command("show")
  .description("Shows everything in a customer's file, or what applies in a stack.")
  .argument("<id>", "the customer's id: the name of its file without .yaml")
  .addOption(stack)
  .addOption(customers)
  .addOption(openapi)
  .addOption(json)
  .addHelpText("after", describeExamples("show globex --stack dev"))
  .action((id, options) => {
    withFiles(options, (files) => {
      const { customer, problems } = findCustomer(files, id);
      if (customer) {
        console.log(
          options.json ? JSON.stringify(customerAsJson(customer), null, 2) : showCustomer(customer),
        );
      }
      return problems;
    });
  });
