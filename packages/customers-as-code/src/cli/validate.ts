import { existsSync, readdirSync } from "node:fs";
import { Command } from "@commander-js/extra-typings";
import * as pulumi from "@pulumi/pulumi";
import { noCustomerYet } from "../customers/folder";
import { loadCompany } from "../deployment/company";
import { ProblemsError } from "../problems/command";
import { ProgramRefusedError } from "../problems/fail";
import { problemsAsJson } from "../problems/problem";
import { checkPolicySettings } from "../review/guards/policy-config";
import { loadSettings } from "../settings/settings";
import { projectName, readConfig } from "../stacks/stack-settings";
import { commonOptions, describeExamples } from "./options";

export const validateCommand = new Command("validate")
  .description(
    "Checks settings, OpenAPI document, customer files and the policy pack's settings of a stack, or of each that has a file Pulumi.NAME.yaml, as the program does, but without an account or the Pulumi CLI. Ends with 0 if all is well, and with 1 if not.",
  )
  .addOption(commonOptions.stack)
  .addOption(commonOptions.json)
  .addHelpText("after", describeExamples("validate --stack dev"))
  .action(({ stack, json }) => {
    const stacks = stack === undefined ? stacksHere() : [stack];
    const results = stacks.map((name) => ({ stack: name, ...validate(name) }));
    if (json) {
      const shown = results.map(({ stack, failure }) => ({
        stack,
        isValid: failure === undefined,
        problems: problemsAsJson(failure?.problems ?? []),
      }));
      console.log(JSON.stringify({ stacks: shown }, null, 2));
    } else {
      for (const { stack, failure, customers } of results) {
        const well = customers === 0 ? `all is well. ${noCustomerYet}` : "all is well";
        console.log(`${stack}: ${failure?.message ?? well}`);
      }
    }
    const failed = results.filter(({ failure }) => failure !== undefined);
    if (failed.length === 0) return;
    console.error(`${failed.length} of ${stacks.length} stacks have problems`);
    process.exitCode = 1;
  });

function stacksHere(): string[] {
  const stacks = readdirSync(".").flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
  if (stacks.length > 0) return stacks;
  const message = existsSync("Pulumi.yaml")
    ? "does not exist for any stack, so there is nothing to check. Write one, such as Pulumi.dev.yaml."
    : "does not exist here, and neither does Pulumi.yaml. Run the command in your company's folder.";
  throw new ProblemsError([{ file: "Pulumi.STACK.yaml", code: "stack-file-missing", message }], 1);
}

interface Validated {
  /** What is wrong with the stack. */
  failure?: ProblemsError | ProgramRefusedError;
  /** How many it has. */
  customers?: number;
}

/** What else fails is thrown, since no change of a file would fix it. */
function validate(stack: string): Validated {
  try {
    configure(stack);
    const { customers } = loadCompany(loadSettings("."));
    const problems = checkPolicySettings(stack);
    if (problems.length > 0) throw new ProblemsError(problems, 1);
    return { customers: customers.length };
  } catch (error) {
    if (error instanceof ProblemsError || error instanceof ProgramRefusedError) return { failure: error };
    throw error;
  }
}

/** Has the SDK read the settings of the stack's file, as the engine would hand them over. What is encrypted stays so. */
function configure(stack: string): void {
  const { values, encrypted, problems } = readConfig(stack);
  if (problems.length > 0) throw new ProblemsError(problems, 1);
  const unexpected = () => {
    throw new Error("nothing is declared or called here");
  };
  void pulumi.runtime.setMocks({ newResource: unexpected, call: unexpected }, projectName(), stack);
  pulumi.runtime.setAllConfig(values, encrypted);
  // As the engine has it, so that a secret in clear is found.
  process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(encrypted);
}
