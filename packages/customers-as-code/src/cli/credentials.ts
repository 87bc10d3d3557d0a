import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { Command, Option } from "@commander-js/extra-typings";
import { assertionLanguages } from "../delivery/assertion";
import { credentialFormats, NothingToPrint, printCredentials } from "../delivery/print";
import { findOutputs } from "../stacks/outputs";
import { readPulumi } from "../stacks/pulumi-cli";
import { describeExamples, suggestChoices } from "./options";

export const credentialsCommand = new Command("credentials")
  .description(
    "Prints what a customer needs to get tokens. The output is secret: be careful where you write it.",
  )
  .argument("<id>", "the customer's id")
  .option("--client <name>", "only this client")
  .addOption(
    suggestChoices(
      new Option("--format <format>", "a .env file, JSON, or a command line that gets a token")
        .choices(credentialFormats)
        .default("env" as const),
    ),
  )
  .option("--json", "the same as --format json", false)
  .addOption(
    suggestChoices(
      new Option(
        "--program <language>",
        "for a client with a key pair: a program that creates the assertion with which it gets a token",
      ).choices(assertionLanguages),
    ),
  )
  .option("--retiring", "the old credentials of a rotation instead of the new ones", false)
  .option("--stack <name>", "any of the stacks that share the customers (default: the current one)")
  .option(
    "--outputs <file>",
    "file with the stack's outputs as JSON, secrets in clear, to read instead; - for the standard input",
  )
  .addHelpText("after", describeExamples("credentials globex --client warehouse --format curl"))
  .action(async (customer, { client, format, json, program, retiring, stack, outputs: file }) => {
    const outputs =
      file === undefined
        ? await findOutputs(customer, stack, { outputs: readStackOutputs, current: readStackName })
        : await readOutputs(file);
    process.stdout.write(
      printCredentials({
        ...{ outputs, customer, format: json ? "json" : format, retiring },
        ...(client !== undefined && { client }),
        ...(program !== undefined && { program }),
      }),
    );
  });

async function readStackOutputs(stack: string | undefined): Promise<unknown> {
  const args = ["stack", "output", "--json", "--show-secrets"];
  if (stack !== undefined) args.push("--stack", stack);
  return JSON.parse(await askPulumi(args));
}

async function readStackName(): Promise<string> {
  return (await askPulumi(["stack", "--show-name"])).trim();
}

async function askPulumi(args: string[]): Promise<string> {
  try {
    return await readPulumi(args);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new NothingToPrint(
      `Pulumi did not report the stack's outputs: ${reason}. --stack names another stack.`,
    );
  }
}

async function readOutputs(file: string): Promise<unknown> {
  try {
    // As a stream: npx leaves a pipe non-blocking, so that reading it at once fails with EAGAIN while the command before still runs.
    return JSON.parse(file === "-" ? await text(process.stdin) : readFileSync(file, "utf8"));
  } catch {
    // The parser's words would quote what may be secret.
    throw new NothingToPrint(`${file === "-" ? "The standard input" : file} cannot be read as JSON.`);
  }
}
