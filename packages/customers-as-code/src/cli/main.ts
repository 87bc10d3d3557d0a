// The program `customers`: its commands, and the one rule of their exit codes.
import { Command, CommanderError, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { UsageError } from "../problems/command";
import { printNoCommands } from "../problems/workflow-commands";
import { isJsonRequested, isWrongUse, reportFailure } from "./failure";

/**
 * Runs the command that the arguments name. Exit codes:
 * 0  all is well;
 * 1  the command was refused or failed, or found what it looks for: a difference, a credential that is due;
 * 2  the command line is wrong, or a command whose 1 is an answer could not find the answer.
 */
export async function runCustomers(args: readonly string[]): Promise<void> {
  printNoCommands();
  process.stdout.on("error", ignoreMissingReader);
  const [name = "", ...rest] = args[0] === "help" && args[1] !== undefined ? [args[1], "--help"] : args;
  const entry = commands.find((one) => one.name === name);
  try {
    if (name === "") throw new UsageError("Name a command.");
    await createProgram(name).parseAsync(entry ? [name, ...rest] : [name], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return;
    const isJson = entry !== undefined && isJsonRequested(entry.load(), rest);
    const isUnclear = isWrongUse(error);
    const help = `For help: npx customers ${entry ? `${name} ` : ""}--help`;
    reportFailure(error, isJson, isUnclear ? help : undefined);
    process.exitCode = isUnclear || entry?.isQuestion ? 2 : 1;
  }
}

/** Ignores that the reader of the output, such as `head`, has ended: the command itself goes on. */
function ignoreMissingReader(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

interface CommandEntry {
  name: string;
  /** One line of `npx customers --help`. */
  summary: string;
  group: string;
  /** Whether exit code 1 is an answer, so that the command ends with 2 if it fails. */
  isQuestion?: true;
  /** Whether its own program describes it, in a package of its own. */
  hasOwnHelp?: true;
  /** Loads the command's file, and with it the parts of the product that the command needs. */
  load(): CommandUnknownOpts;
}

const inFiles = "Customers:";
const inStacks = "Stacks and the Auth0 tenant:";
const inPullRequests = "Pull requests, in CI:";
const onThisComputer = "On this computer:";

/** In the order of the help. */
export const commands: readonly CommandEntry[] = [
  {
    ...{ name: "list", group: inFiles, summary: "list all customers" },
    load: () => (require("./list") as typeof import("./list")).listCommand,
  },
  {
    ...{ name: "show", group: inFiles, summary: "show everything in a customer's file" },
    load: () => (require("./show") as typeof import("./show")).showCommand,
  },
  {
    ...{ name: "add", group: inFiles, summary: "write the file of a new customer" },
    load: () => (require("./add") as typeof import("./add")).addCommand,
  },
  {
    ...{ name: "suspend", group: inFiles, summary: "deny a customer's requests with 403" },
    load: () => (require("./suspend") as typeof import("./suspend")).suspendCommand,
  },
  {
    ...{ name: "resume", group: inFiles, summary: "accept a suspended customer's requests again" },
    load: () => (require("./resume") as typeof import("./resume")).resumeCommand,
  },
  {
    ...{ name: "rotate", group: inFiles, summary: "rotate a client's secret or key pair" },
    load: () => (require("./rotate") as typeof import("./rotate")).rotateCommand,
  },
  {
    ...{ name: "rename", group: inFiles, summary: "give a customer another id" },
    load: () => (require("./rename") as typeof import("./rename")).renameCommand,
  },
  {
    ...{ name: "remove", group: inFiles, summary: "close a customer, and later delete its file" },
    load: () => (require("./remove") as typeof import("./remove")).removeCommand,
  },
  {
    ...{ name: "credentials", group: inFiles, summary: "print what a customer needs to get tokens" },
    load: () => (require("./credentials") as typeof import("./credentials")).credentialsCommand,
  },
  {
    ...{ name: "validate", group: inStacks, summary: "check settings, API document and files, offline" },
    load: () => (require("./validate") as typeof import("./validate")).validateCommand,
  },
  {
    ...{ name: "config", group: inStacks, summary: "list a stack's settings with their defaults" },
    load: () => (require("./config") as typeof import("./config")).configCommand,
  },
  {
    ...{ name: "preview", group: inStacks, summary: "show what a deployment would do and what refuses it" },
    load: () => (require("./preview") as typeof import("./preview")).previewCommand,
  },
  {
    ...{ name: "up", group: inStacks, summary: "deploy a stack unless something refuses it" },
    load: () => (require("./up") as typeof import("./up")).upCommand,
  },
  {
    ...{ name: "shards", group: inStacks, summary: "split a stack's customers into several stacks" },
    load: () => (require("./shards") as typeof import("./shards")).shardsCommand,
  },
  {
    ...{ name: "import", group: inStacks, summary: "write customer files for what a tenant already has" },
    load: () => (require("./import") as typeof import("./import")).importCommand,
  },
  {
    ...{ name: "drift", group: inStacks, summary: "compare the tenant with the customer files" },
    isQuestion: true,
    load: () => (require("./drift") as typeof import("./drift")).driftCommand,
  },
  {
    ...{
      name: "repair",
      group: inStacks,
      summary: "compare the tenant with a stack's state, and fix the state",
    },
    isQuestion: true,
    load: () => (require("./repair") as typeof import("./repair")).repairCommand,
  },
  {
    ...{ name: "rotation-due", group: inStacks, summary: "list old credentials and unfinished rotations" },
    isQuestion: true,
    load: () => (require("./rotation-due") as typeof import("./rotation-due")).rotationDueCommand,
  },
  {
    ...{ name: "verify", group: inStacks, summary: "call a deployed stack, and report which claims hold" },
    isQuestion: true,
    load: () => (require("./verify") as typeof import("./verify")).verifyCommand,
  },
  {
    ...{ name: "state", group: inPullRequests, summary: "write a stack's state without its secrets" },
    load: () => (require("./state") as typeof import("./state")).stateCommand,
  },
  {
    ...{ name: "review", group: inPullRequests, summary: "check a plan that another job made" },
    load: () => (require("./review") as typeof import("./review")).reviewCommand,
  },
  {
    ...{ name: "comment", group: inPullRequests, summary: "post or update the pull request's comment" },
    load: () => (require("./comment") as typeof import("./comment")).commentCommand,
  },
  {
    ...{ name: "status", group: inPullRequests, summary: "set the review's result as a commit status" },
    load: () => (require("./status") as typeof import("./status")).statusCommand,
  },
  {
    ...{ name: "approvals", group: inPullRequests, summary: "print who approved the pull request" },
    load: () => (require("./approvals") as typeof import("./approvals")).approvalsCommand,
  },
  {
    ...{ name: "pull-request", group: inPullRequests, summary: "print which pull request a run was for" },
    load: () => (require("./pull-request") as typeof import("./pull-request")).pullRequestCommand,
  },
  {
    ...{ name: "issue", group: inPullRequests, summary: "open, update or close the issue of a report" },
    load: () => (require("./issue") as typeof import("./issue")).issueCommand,
  },
  {
    ...{ name: "doctor", group: onThisComputer, summary: "print versions in use, and what doesn't fit" },
    isQuestion: true,
    load: () => (require("./doctor") as typeof import("./doctor")).doctorCommand,
  },
  {
    ...{ name: "upgrade", group: onThisComputer, summary: "apply the renames of newer versions" },
    isQuestion: true,
    load: () => (require("./upgrade") as typeof import("./upgrade")).upgradeCommand,
  },
  {
    ...{ name: "local", group: onThisComputer, summary: "run the stack on a local cloud" },
    hasOwnHelp: true,
    load: () => (require("./local") as typeof import("./local")).localCommand,
  },
  {
    ...{
      name: "schema",
      group: onThisComputer,
      summary: "write the JSON Schema of customer files for editors",
    },
    load: () => (require("./schema") as typeof import("./schema")).schemaCommand,
  },
  {
    ...{
      name: "completion",
      group: onThisComputer,
      summary: "print a completion script for bash, zsh or fish",
    },
    load: () => (require("./completion") as typeof import("./completion")).createCompletionCommand(commands),
  },
];

/** Loads only the chosen command: the others are names and summaries. */
export function createProgram(chosen: string): CommandUnknownOpts {
  const program: CommandUnknownOpts = new Command("npx customers")
    // Without a description, which would have a paragraph of its own: the help is one screen.
    .usage("COMMAND [options]\nnpx customers COMMAND --help describes a command and shows an example.")
    .helpOption("--help", "show this help")
    .helpCommand(false)
    .exitOverride()
    // Commander would count the unexpected arguments, and not name them.
    .allowExcessArguments(true)
    .hook("preAction", (_program, { args, registeredArguments }) => {
      const unexpected = registeredArguments.at(-1)?.variadic ? undefined : args[registeredArguments.length];
      if (unexpected !== undefined) throw new UsageError(`Unexpected argument "${unexpected}".`);
    })
    .configureHelp({
      helpWidth: 100,
      visibleOptions: (shown) => shown.options.filter(({ hidden }) => !hidden),
    })
    // Errors are thrown, and printed at the one place that sets the exit code.
    .configureOutput({ outputError: () => undefined });
  for (const { name, group, summary, hasOwnHelp, load } of commands) {
    const command = name === chosen ? load() : new Command(name);
    program.addCommand(command.copyInheritedSettings(program).helpGroup(group).summary(summary));
    if (hasOwnHelp) command.helpOption(false);
  }
  return program;
}
