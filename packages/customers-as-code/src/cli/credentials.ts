// `npm run credentials -- CUSTOMER`: prints what to hand out to a customer.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { assertionLanguages, type Language } from "../delivery/assertion";
import { credentialFormats, type Format, NothingToPrint, printCredentials } from "../delivery/print";
import { readArguments, runCommand, UsageError } from "../problems/command";
import { errorCode } from "../problems/unreadable";
import { findOutputs } from "../stacks/outputs";

const usage = `Usage: npm run credentials -- CUSTOMER [OPTIONS]

Prints what a customer needs to get tokens. The output is secret: mind where it goes.

  --client NAME             of this client only
  --format env|json|curl    a .env file (default), JSON, or a line that gets a token
  --program LANGUAGE        for a client with a key pair: a program that makes the assertion by which it gets a token,
                            in node, python, go or java
  --retiring                the old credentials of a rotation instead of the new ones
  --stack NAME              the Pulumi stack (default: the current one); any stack that shares the customers
  --outputs FILE            the stack's outputs as JSON, secrets in clear, instead of asking Pulumi; - for the standard input
  --help
`;

const text = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;
const options = {
  ...{ client: text, stack: text, outputs: text, program: text },
  format: { ...text, default: "env" },
  ...{ retiring: flag, help: flag },
} as const;

async function main(): Promise<void> {
  const { values, positionals } = readArguments({ options, allowPositionals: true });
  if (values.help) {
    console.log(usage);
    return;
  }
  const [customer, tooMany] = positionals;
  if (customer === undefined) throw new UsageError("Name a customer by its id.");
  if (tooMany !== undefined) throw new UsageError(`Unexpected argument "${tooMany}": name one customer.`);
  const { client, retiring, format, program } = values;
  if (!isFormat(format))
    throw new UsageError(`--format is ${credentialFormats.join(", ")}, not "${format}".`);
  if (program !== undefined && !isLanguage(program)) {
    throw new UsageError(`--program is ${assertionLanguages.join(", ")}, not "${program}".`);
  }
  const outputs =
    values.outputs === undefined
      ? findOutputs(customer, values.stack, { outputs: askOutputs, current: askName })
      : readOutputs(values.outputs);
  process.stdout.write(
    printCredentials({
      ...{ outputs, customer, format, retiring },
      ...(client !== undefined && { client }),
      ...(program !== undefined && { program }),
    }),
  );
}

function isLanguage(language: string): language is Language {
  return assertionLanguages.some((one) => one === language);
}

function isFormat(format: string): format is Format {
  return credentialFormats.some((one) => one === format);
}

function askOutputs(stack: string | undefined): unknown {
  const args = ["stack", "output", "--json", "--show-secrets", "--non-interactive"];
  if (stack !== undefined) args.push("--stack", stack);
  return JSON.parse(askPulumi(args));
}

function askName(): string {
  return askPulumi(["stack", "--show-name", "--non-interactive"]).trim();
}

function askPulumi(args: string[]): string {
  try {
    return execFileSync("pulumi", args, {
      encoding: "utf8",
      maxBuffer: 2 ** 30,
      stdio: ["ignore", "pipe", "inherit"],
    });
  } catch (error) {
    const reason =
      errorCode(error) === "ENOENT" ? "it is not on the PATH" : "see above; --stack names another stack";
    throw new NothingToPrint(`Pulumi did not tell the stack's outputs: ${reason}.`);
  }
}

function readOutputs(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file === "-" ? 0 : file, "utf8"));
  } catch {
    // The parser's words would quote what may be secret.
    throw new NothingToPrint(`${file === "-" ? "The standard input" : file} cannot be read as JSON.`);
  }
}

void runCommand(usage, 1, main);
