// `npm run customer -- COMMAND`: edits the customer files, and says what the pull request with the edit will do.
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { locateSchema } from "../customers/customer-schema";
import { readCustomerFiles } from "../customers/folder";
import type { CustomerFiles } from "../customers/load-customers";
import { knownStacks, parseCustomers } from "../customers/load-customers";
import {
  addCustomer,
  type Change,
  findCustomer,
  removeCustomer,
  resumeCustomer,
  suspendCustomer,
} from "../edit/change";
import { cancelRotation, finishRotation, rotateClient } from "../edit/rotate";
import { listCustomers, showCustomer } from "../edit/show";
import { loadDocument } from "../openapi/load-document";
import { readArguments, runCommand, UsageError } from "../problems/command";
import { formatProblems, type Problem } from "../problems/problem";
import { suggestCandidates } from "../problems/suggestion";
import { errorCode } from "../problems/unreadable";
import { plansOf, readStack } from "../stacks/stack-settings";
import { placementInStack } from "../stacks/target";

const usage = `Usage: npm run customer -- COMMAND [OPTIONS]

  list [--stack NAME]                every customer, a line each
  show ID [--stack NAME]             everything in its file, or what applies in a stack
  add ID --name "Display name"       write the file of a new customer
         --scopes "SCOPE SCOPE"
         [--client NAME]             name of its client (default "default")
         [--contact EMAIL]
         [--plan PLAN]               how much it may use: a plan in the stacks' settings
         [--stack NAME]              check that this stack has the plan
  suspend ID [--reason TEXT]         have its requests answered with 403
         [--stack NAME]              in this stack alone
  resume ID [--stack NAME]           make it active again
  rotate ID [CLIENT]                 begin to rotate the client's secret; both work
         [--key FILE]                or its key pair: the customer's new public key
         [--finish]                  end the old one
         [--cancel [--deployed]]     call it off, and keep the old one; --deployed if the new secret is deployed already
         [--stack NAME]              in this stack alone
  remove ID                          first close it; once that is deployed, delete its file;
                                     in all stacks, which share the file

  --customers DIR                    folder of the customer files (default customers)
  --openapi FILE                     the API's OpenAPI document (default openapi.yaml)
`;

const text = { type: "string" } as const;
const common = {
  customers: { ...text, default: "customers" },
  openapi: { ...text, default: "openapi.yaml" },
} as const;

type Options = Record<string, string | undefined>;

interface Command {
  /** Texts beside the common ones; true for those that must be given. */
  options?: Record<string, boolean>;
  /** Options that are there or not. */
  flags?: string[];
  run(
    all: CustomerFiles,
    id: string,
    options: Options,
    client: string | undefined,
  ): Change | { shows: string; problems: Problem[] };
  takesNoId?: boolean;
  takesClient?: boolean;
}

const commands: Record<string, Command> = {
  list: {
    takesNoId: true,
    options: { stack: false },
    run(all) {
      const { customers, problems } = parseCustomers(all.folder, all.files, all.scopes, all.stacks);
      return { shows: listCustomers(customers), problems };
    },
  },
  show: {
    options: { stack: false },
    run(all, id) {
      const { customer, problems } = findCustomer(all, id);
      return { shows: customer ? showCustomer(customer) : "", problems };
    },
  },
  add: {
    options: { name: true, scopes: true, client: false, contact: false, plan: false, stack: false },
    run(all, id, { name = "", scopes = "", client = "default", contact, plan }) {
      const listed = scopes.split(/[\s,]+/).filter((scope) => scope !== "");
      const customer = {
        displayName: name,
        ...(contact !== undefined && { contact }),
        ...(plan !== undefined && { plan }),
        clients: { [client]: { scopes: listed } },
      };
      return addCustomer(all, id, customer, locateSchema(all.folder));
    },
  },
  suspend: {
    options: { reason: false, stack: false },
    run: (all, id, { reason }) => suspendCustomer(all, id, reason),
  },
  resume: { options: { stack: false }, run: (all, id) => resumeCustomer(all, id) },
  rotate: {
    takesClient: true,
    options: { key: false, client: false, stack: false },
    flags: ["finish", "cancel", "deployed"],
    run(all, id, { key, finish, cancel, deployed, client: named }, given) {
      if (named !== undefined && given !== undefined) throw new UsageError("rotate: name one client.");
      const client = given ?? named;
      if (cancel !== undefined && finish !== undefined) {
        throw new UsageError("rotate: --cancel keeps the old one and --finish ends it: give one of them.");
      }
      if (deployed !== undefined && cancel === undefined) {
        throw new UsageError("rotate: --deployed goes with --cancel.");
      }
      if (cancel !== undefined && key === undefined) {
        return cancelRotation(all, id, client, { isDeployed: deployed !== undefined });
      }
      if (finish === undefined && cancel === undefined) {
        const today = new Date().toISOString().slice(0, 10);
        return rotateClient(all, id, client, {
          today,
          ...(key !== undefined && { publicKey: readKey(key) }),
        });
      }
      if (key !== undefined)
        throw new UsageError(
          `rotate: --key is for the beginning, not with --${cancel === undefined ? "finish" : "cancel"}.`,
        );
      return finishRotation(all, id, client);
    },
  },
  remove: {
    options: { stack: false },
    run(all, id, { stack }) {
      if (stack === undefined) return removeCustomer(all, id);
      throw new UsageError(
        `remove: takes no --stack: all stacks share the file, and without it they all lose the customer. To have its requests refused in ${stack} alone: npm run customer -- suspend ${id} --stack ${stack}`,
      );
    },
  },
};

function main(): void {
  const [name = "", ...args] = process.argv.slice(2);
  if ([name, ...args].includes("--help")) {
    console.log(usage);
    return;
  }
  const command = new Map(Object.entries(commands)).get(name);
  if (!command) {
    const near = suggestCandidates(name, Object.keys(commands));
    throw new UsageError(name === "" ? "Name a command." : `There is no command "${name}". ${near}`);
  }
  const { id, client, options } = argumentsOf(name, command, args);
  const all = readFolder(options.customers ?? "", options.openapi ?? "", options.stack);
  const outcome =
    all.problems.length > 0 ? { problems: all.problems, says: "" } : command.run(all, id, options, client);
  if ("shows" in outcome && outcome.shows !== "") console.log(outcome.shows);
  if (outcome.problems.length > 0) {
    console.error(formatProblems(outcome.problems, all.files.length));
    process.exitCode = 1;
  } else if ("says" in outcome) carryOut(all.folder, outcome);
}

function argumentsOf(name: string, command: Command, args: string[]) {
  const { options = {}, flags = [], takesNoId = false, takesClient = false } = command;
  const own = Object.fromEntries([
    ...Object.keys(options).map((option) => [option, text]),
    ...flags.map((flag) => [flag, { type: "boolean" }]),
  ]);
  const { values: given, positionals } = readArguments({
    args,
    options: { ...own, ...common },
    allowPositionals: true,
  });
  const values: Options = Object.fromEntries(
    Object.entries(given).map(([option, value]) => [option, value === undefined ? value : String(value)]),
  );
  const [id = "", ...more] = positionals;
  if (!takesNoId && id === "") throw new UsageError(`${name}: name a customer by its id.`);
  const client = takesClient ? more.shift() : undefined;
  const [tooMany] = takesNoId ? positionals : more;
  if (tooMany !== undefined) throw new UsageError(`${name}: unexpected argument "${tooMany}".`);
  for (const [option, isDemanded] of Object.entries(options)) {
    if (isDemanded && values[option] === undefined) throw new UsageError(`${name}: --${option} is missing.`);
  }
  return { id, client, options: values };
}

function readKey(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`rotate: ${file} cannot be read (${errorCode(error)}).`);
  }
}

function readFolder(folder: string, openapi: string, stack: string | undefined) {
  const document = loadDocument(openapi, []);
  const scopes = Object.keys(document.api.scopes);
  const { files, problems } = readCustomerFiles(folder);
  const settings = stack === undefined ? {} : readStack(stack, problems);
  const plans = stack === undefined ? undefined : plansOf(stack, settings, problems);
  // Files name the stack that shards are of.
  const main = stack === undefined ? undefined : placementInStack(stack, settings, problems)?.main;
  // What else is wrong with the document is for a preview to say: here its scopes are all that is needed.
  return {
    folder,
    files,
    scopes,
    stacks: { stack: main, plans, known: knownStacks() },
    problems: [...(scopes.length === 0 ? document.problems : []), ...problems],
  };
}

function carryOut(folder: string, { file, says }: Change): void {
  if (!file) {
    console.log(`Nothing to do: ${says}`);
    return;
  }
  const path = join(folder, file.name);
  if (file.text === undefined) rmSync(path);
  else {
    // Renamed into place, so that nobody ever reads half a file; packages/customers-as-code/src/customers/folder.ts knows the name until then.
    const unfinished = join(folder, `.${file.name}.${process.pid}.unfinished`);
    writeFileSync(unfinished, file.text, { flag: "wx" });
    renameSync(unfinished, path);
  }
  console.log(`${path} is ${file.text === undefined ? "deleted" : "written"}. The pull request ${says}`);
}

void runCommand(usage, 1, main);
