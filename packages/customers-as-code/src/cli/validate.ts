// `npm run ci:validate`: all that can be checked of a stack without any account, as for a pull request from a fork.
import { readdirSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { loadCompany } from "../deployment/company";
import { ProblemsError, readOptions, runCommand } from "../problems/command";
import { formatProblems } from "../problems/problem";
import { checkPolicyConfig, policyConfigFile } from "../review/guards/policy-config";
import { loadSettings } from "../settings/settings";
import { projectName, readConfig } from "../stacks/stack-settings";

const usage = `Usage: npm run ci:validate -- [--stack NAME]

Checks settings, OpenAPI document, customer files and the policy pack's settings of a stack, or of each that has a file Pulumi.NAME.yaml, as the program does,
but without an account or the Pulumi CLI. Ends with 0 if all is well, and with 1 if not.
`;

const options = { stack: { type: "string" }, help: { type: "boolean", default: false } } as const;

async function main(): Promise<void> {
  const { stack, help } = readOptions(options);
  if (help) {
    console.log(usage);
    return;
  }
  const stacks = stack === undefined ? stacksHere() : [stack];
  const failures = stacks.flatMap((name) => {
    const failure = validate(name);
    console.log(`${name}: ${failure ?? "all is well"}`);
    return failure ?? [];
  });
  if (failures.length > 0)
    throw new ProblemsError(`${failures.length} of ${stacks.length} stacks have problems`);
}

function stacksHere(): string[] {
  return readdirSync(".").flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
}

/** @returns what is wrong */
function validate(stack: string): string | undefined {
  try {
    configure(stack);
    loadCompany(loadSettings("."));
    const problems = checkPolicyConfig(policyConfigFile(stack));
    if (problems.length > 0) throw new ProblemsError(formatProblems(problems, 1));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Has the SDK read the settings of the stack's file, as the engine would hand them over. What is encrypted stays so. */
function configure(stack: string): void {
  const { values, encrypted, problems } = readConfig(stack);
  if (problems.length > 0) throw new ProblemsError(formatProblems(problems, 1));
  const unexpected = () => {
    throw new Error("nothing is declared or called here");
  };
  void pulumi.runtime.setMocks({ newResource: unexpected, call: unexpected }, projectName(), stack);
  pulumi.runtime.setAllConfig(values, encrypted);
  // As the engine has it, so that a secret in clear is found.
  process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(encrypted);
}

void runCommand(usage, 1, main);
