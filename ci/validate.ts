// `npm run ci:validate`: all that can be checked of a stack without any account, as for a pull request from a fork.
import { readdirSync, readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { loadCompany } from "../company";
import { loadSettings } from "../config";
import { isEncrypted, readConfig } from "../customers/stack-settings";
import { ProblemsError, readOptions, runCommand } from "../diagnostics/command";
import { formatProblems, type Problem } from "../diagnostics/problem";
import { isRecord, record } from "../diagnostics/record";
import { parseSource } from "../diagnostics/source";

const usage = `Usage: npm run ci:validate -- [--stack NAME]

Checks settings, OpenAPI document and customer files of a stack, or of each that has a file Pulumi.NAME.yaml, as the program does,
but without an account or the Pulumi CLI. Ends with 0 where all is well, and with 1 where it is not.
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
    loadCompany(loadSettings());
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Has the SDK read the settings of the stack's file, as the engine would hand them over. What is encrypted stays so. */
function configure(stack: string): void {
  const problems: Problem[] = [];
  const given = Object.entries(readConfig(stack, problems));
  if (problems.length > 0) throw new ProblemsError(formatProblems(problems, 1));
  const project = record(parseSource("Pulumi.yaml", readFileSync("Pulumi.yaml", "utf8")).value).name;
  const unexpected = () => {
    throw new Error("nothing is declared or called here");
  };
  void pulumi.runtime.setMocks({ newResource: unexpected, call: unexpected }, String(project), stack);
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      given.map(([key, value]) => [
        key.includes(":") ? key : `${project}:${key}`,
        isRecord(value) || Array.isArray(value) ? JSON.stringify(value) : String(value),
      ]),
    ),
    given.filter(([, value]) => isEncrypted(value)).map(([key]) => key),
  );
}

void runCommand(usage, 1, main);
