// `npx customers local COMMAND`: the local cloud for people.
import { Command, CommanderError, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import pc from "picocolors";
import { callApi, parseStatus } from "./call";
import { type Company, readCompany, restorePlaces } from "./company/company";
import { checkCompanyFolder } from "./company/company-folder";
import { type ConfigArgument, parseConfigArgument } from "./company/config-argument";
import { hasPortal } from "./company/local-settings";
import { type Credentials, findCredentials, getToken, readOutput } from "./credentials";
import { printCurl } from "./curl";
import { unprotectAll } from "./engine/unprotect";
import { showPullRequest } from "./pr/pull-request";
import { WrongProposal } from "./pr/wrong-proposal";
import { makeFilesPrivate } from "./private-files";
import { createFailureLog, explainFailure } from "./program-failure";
import { bringUp, Interrupted, type Session, type SessionOptions, withCloud } from "./session";
import { printSettings, startStack } from "./start";
import { runStep } from "./terminal";

/** Runs a command and sets the exit code: 130 after Ctrl-C, 2 for a wrong command line, 1 for any other failure. */
export async function runLocal(args: readonly string[]): Promise<void> {
  makeFilesPrivate();
  try {
    await createProgram().parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof Interrupted) process.exitCode = 130;
    // Commander has printed what is wrong.
    else if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else {
      console.error(pc.red(explainFailure(error)));
      process.exitCode = error instanceof WrongProposal ? 2 : 1;
    }
  }
}

function createProgram() {
  const program = new Command("npx customers local")
    .description("Runs the stack on a cloud on this computer.")
    .usage("COMMAND [options]")
    .helpOption("--help", "show this help")
    .helpCommand(false)
    .option("--directory <folder>", "where the cloud keeps its state (default: .local)")
    .addOption(
      new Option("--plugins <whose>", "whose auth0 provider the engine runs")
        .choices(["local", "official"])
        .default("local" as const),
    )
    .option(
      "--new-ports",
      'take another port for each server whose port is in use; for "start", "up" and "serve", which then change the stack',
      false,
    )
    .configureHelp({ helpWidth: 100, showGlobalOptions: true })
    .configureOutput({ outputError: (text, write) => write(pc.red(text.replace(/^error: /, ""))) })
    .showHelpAfterError("For help: npx customers local --help")
    .exitOverride()
    .addHelpText(
      "after",
      "\nExamples:\n  npx customers local call GET /orders --as acme\n  npx customers local call GET /orders --as initech --expect 403",
    );
  const inCloud = (run: (session: Session) => Promise<void>, deploys?: SessionOptions["deploys"]) => {
    const { directory, plugins, newPorts } = program.opts();
    const options: SessionOptions = { directory, plugins, newPorts, deploys };
    checkCompanyFolder(process.cwd());
    return withCloud(options, run);
  };
  /** For a command that deploys; a mistake in the company's files shows before anything starts. */
  const withCompany = (
    { settingsOf: stack, config }: CompanyOptions,
    run: (session: Session, company: Company) => Promise<void>,
  ) => {
    checkCompanyFolder(process.cwd());
    const company = readCompany(process.cwd(), stack, config);
    return inCloud((session) => run(session, company), { hasPortal: hasPortal(company.given) });
  };
  const settingsOf = new Option(
    "--settings-of <stack>",
    "stack whose settings the local one gets (default: dev, or the only one)",
  );
  const config = new Option(
    "--config <key=value>",
    "setting over those, such as apiType=http or plans.free.quota.limit=10; can be repeated",
  ).argParser(readConfigArgument);
  const scope = new Option("--scope <scopes>", 'scopes to ask for, such as "read:orders write:orders"');

  program
    .command("start")
    .description("bring the stack up, show calls of the API, and end")
    .option("--keep", "serve until Ctrl-C", false)
    .addOption(settingsOf)
    .addOption(config)
    .action(({ keep, ...options }) =>
      withCompany(options, (session, company) => startStack(session, company, keep)),
    );
  program
    .command("up")
    .description("bring the stack up")
    .addOption(settingsOf)
    .addOption(config)
    .action((options) => withCompany(options, async (session, company) => void (await up(session, company))));
  program
    .command("serve")
    .description("bring the stack up and serve until Ctrl-C")
    .addOption(settingsOf)
    .addOption(config)
    .action((options) => withCompany(options, serve));
  program
    .command("preview")
    .description('show what "up" would do')
    .addOption(settingsOf)
    .addOption(config)
    .action((options) => withCompany(options, preview));
  program
    .command("outputs")
    .description("print the stack's outputs as JSON")
    .option("--show-secrets", "print secrets too", false)
    .action(({ showSecrets }) => inCloud((session) => printOutputs(session, showSecrets)));
  program
    .command("token")
    .description("print an access token")
    .argument("<client>", "CUSTOMER, or CUSTOMER/CLIENT")
    .addOption(scope)
    .action((who, options) =>
      inCloud(async (session) => console.log(await tokenOf(session, who, options.scope))),
    );
  program
    .command("call")
    .description("call the API; ends with 1 if the status is not 200 to 299")
    .argument("<method>", "such as GET")
    .argument("<path>", "such as /orders", readPath)
    .option("--as <client>", "CUSTOMER, or CUSTOMER/CLIENT, whose token the call has")
    .addOption(scope)
    .option("--data <json>", "body of the request")
    .option("--expect <status>", "the status that you expect instead, such as 403", readStatus)
    .action((method, path, options) => inCloud((session) => call(session, { method, path, ...options })));
  program
    .command("pr")
    .description("show the comment, the guards and the plan that a pull request would get")
    .argument("[branch]", "branch of the pull request (default: what is checked out)")
    .option("--base <branch>", "what it would be merged into (default: the default branch)")
    .option("--uncommitted", "count what is not committed as well", false)
    .option("--comment <file>", "write the comment's Markdown to this file, too")
    .option("--author <login>", "GitHub login of the author, to check whose approval is needed")
    .option("--approved-by <login...>", "GitHub logins of those who approve")
    .addOption(settingsOf)
    .action(async (branch, { settingsOf: stack, ...options }) => {
      checkCompanyFolder(process.cwd());
      const isMergeable = await showPullRequest(process.cwd(), {
        ...program.opts(),
        ...options,
        branch,
        stack,
      });
      if (!isMergeable) process.exitCode = 1;
    });
  program
    .command("destroy")
    .description("delete everything again")
    .action(() => inCloud(destroy, { hasPortal: false }));
  return program;
}

interface CompanyOptions {
  settingsOf?: string | undefined;
  config?: ConfigArgument[] | undefined;
}

function readConfigArgument(text: string, before: ConfigArgument[] = []): ConfigArgument[] {
  try {
    return [...before, parseConfigArgument(text)];
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function readPath(text: string): string {
  if (text.startsWith("/")) return text;
  throw new InvalidArgumentError("A path begins with a slash, such as /orders.");
}

function readStatus(text: string): number {
  const status = parseStatus(text);
  if (status !== undefined) return status;
  throw new InvalidArgumentError("A status is a number such as 403.");
}

async function serve(session: Session, company: Company): Promise<void> {
  const stack = await up(session, company);
  printCurl(await stack.outputs(), session.address, company.operations);
  if (session.cloud) await session.interrupted;
}

async function preview(session: Session, company: Company): Promise<void> {
  const settings = session.settings(company);
  printSettings(company, settings, console.error);
  const stack = await session.openStack(await session.findEngine(toStderr), settings);
  const failure = createFailureLog();
  try {
    await stack.preview({
      onOutput: (text) => process.stdout.write(text),
      onEvent: failure.onEvent,
      signal: session.signal,
      diff: true,
    });
  } catch (error) {
    session.signal.throwIfAborted();
    const message = failure.message();
    throw message === undefined ? error : new Error(restorePlaces(message, company));
  }
}

async function printOutputs(session: Session, showSecrets: boolean): Promise<void> {
  const stack = await session.openStack(await session.findEngine(toStderr));
  const shown = Object.entries(await stack.outputs()).map(([name, { value, secret }]) => [
    name,
    secret && !showSecrets ? "[secret]" : value,
  ]);
  console.log(JSON.stringify(Object.fromEntries(shown), null, 2));
}

interface Call {
  method: string;
  path: string;
  as?: string | undefined;
  scope?: string | undefined;
  data?: string | undefined;
  expect?: number | undefined;
}

async function call(session: Session, { method, path, as: who, scope, data, expect }: Call): Promise<void> {
  const stack = await session.openStack(await session.findEngine(toStderr));
  const headers: Record<string, string> = {
    ...(who && { authorization: `Bearer ${await tokenOf(session, who, scope)}` }),
    ...(data !== undefined && { "content-type": "application/json" }),
  };
  const url = readOutput<string>(await stack.outputs(), "url");
  const isAsExpected = await callApi({
    url,
    method,
    path,
    headers,
    fetch: session.fetchApi,
    ...(data !== undefined && { body: data }),
    ...(expect && { expected: expect }),
  });
  if (!isAsExpected) process.exitCode = 1;
  await session.cloud?.aws.flushLogs();
}

async function destroy(session: Session): Promise<void> {
  const stack = await session.openStack(await session.findEngine(toStderr));
  await unprotectAll(stack);
  await stack.destroy({ onOutput: (text) => process.stdout.write(text), signal: session.signal });
}

async function up(session: Session, company: Company) {
  const settings = session.settings(company);
  printSettings(company, settings);
  const command = await runStep("Pulumi CLI", (say) => session.findEngine(say));
  const stack = await session.openStack(command, settings);
  const { summary, notices } = await runStep("pulumi up", (say) =>
    bringUp(stack, company, say, session.signal),
  );
  for (const line of [summary, ...notices]) console.log(`  ${line}`);
  return stack;
}

async function tokenOf(session: Session, who: string, scope: string | undefined): Promise<string> {
  const stack = await session.openStack(await session.findEngine(toStderr));
  const credentials = readOutput<Credentials>(await stack.outputs(), "credentials");
  return getToken(session.fetch, findCredentials(credentials, who), scope);
}

function toStderr(line: string): void {
  console.error(pc.dim(line));
}
