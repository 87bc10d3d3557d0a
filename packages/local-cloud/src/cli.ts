// `npx customers local COMMAND`: the local cloud for people.
import { buffer } from "node:stream/consumers";
import { Command, CommanderError, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import pc from "picocolors";
import { callApi, type Header, hasHeader, parseHeader, parseStatus, readData } from "./call";
import type { Company } from "./company/company";
import { checkCompanyFolder } from "./company/company-folder";
import { type ConfigArgument, parseConfigArgument } from "./company/config-argument";
import { hasPortal } from "./company/local-settings";
import { type Credentials, findCredentials, getToken, readOutput } from "./credentials";
import { WrongProposal } from "./pr/wrong-proposal";
import { makeFilesPrivate } from "./private-files";
import { Interrupted, type Session, type SessionOptions, withCloud } from "./session";
import { printProgress } from "./terminal";

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
      const { explainFailure }: typeof import("./program-failure") = require("./program-failure");
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
  const inCloud = (
    run: (session: Session) => Promise<void>,
    more: Pick<SessionOptions, "deploys" | "readsOnly"> = {},
  ) => {
    const { directory, plugins, newPorts } = program.opts();
    const options: SessionOptions = { directory, plugins, newPorts, ...more };
    checkCompanyFolder(process.cwd());
    return withCloud(options, run);
  };
  /** For a command that deploys; a mistake in the company's files shows before anything starts. */
  const withCompany = async (
    { settingsOf: stack, config }: CompanyOptions,
    run: (session: Session, company: Company) => Promise<void>,
  ) => {
    checkCompanyFolder(process.cwd());
    const { readCompany }: typeof import("./company/company") = require("./company/company");
    const company = readCompany(process.cwd(), stack, config);
    return inCloud((session) => run(session, company), {
      deploys: { hasPortal: hasPortal(company.given) },
    });
  };
  /** For a command that takes the stack as the last deployment left it. */
  const readingOnly = (run: (session: Session) => Promise<void>) => inCloud(run, { readsOnly: true });
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
      withCompany(options, async (session, company) => {
        const { startStack }: typeof import("./start") = require("./start");
        await startStack(session, company, keep);
      }),
    );
  program
    .command("up")
    .description("bring the stack up")
    .addOption(settingsOf)
    .addOption(config)
    .action((options) =>
      withCompany(options, async (session, company) => {
        const { up }: typeof import("./deployments") = require("./deployments");
        await up(session, company);
      }),
    );
  program
    .command("serve")
    .description("bring the stack up and serve until Ctrl-C")
    .addOption(settingsOf)
    .addOption(config)
    .action((options) =>
      withCompany(options, async (session, company) => {
        const { serve }: typeof import("./deployments") = require("./deployments");
        await serve(session, company);
      }),
    );
  program
    .command("preview")
    .description('show what "up" would do')
    .addOption(settingsOf)
    .addOption(config)
    .action((options) =>
      withCompany(options, async (session, company) => {
        const { preview }: typeof import("./deployments") = require("./deployments");
        await preview(session, company);
      }),
    );
  program
    .command("outputs")
    .description("print the stack's outputs as JSON")
    .option("--show-secrets", "print secrets too", false)
    .action(({ showSecrets }) => readingOnly((session) => printOutputs(session, showSecrets)));
  program
    .command("token")
    .description("print an access token")
    .argument("<client>", "CUSTOMER, or CUSTOMER/CLIENT")
    .addOption(scope)
    .action((who, options) =>
      readingOnly(async (session) => console.log(await tokenOf(session, who, options.scope))),
    );
  program
    .command("call")
    .description("call the API; ends with 1 if the status is not 200 to 299")
    .argument("<method>", "such as GET")
    .argument("<path>", "such as /orders", readPath)
    .option("--as <client>", "CUSTOMER, or CUSTOMER/CLIENT, whose token the call has")
    .addOption(scope)
    .option("--header <header>", 'such as "Accept: text/csv"; for several headers, repeat it', addHeader, [])
    .option(
      "--data <body>",
      "body of the request, @FILE for a file's content, or - for the standard input",
      parseData,
    )
    .option("--expect <status>", "the status that you expect instead, such as 403", readStatus)
    .action((method, path, options, command) => {
      if (options.as && hasHeader(options.header, "authorization"))
        command.error("--as and an Authorization header exclude each other. Leave one of them out.");
      return readingOnly((session) => call(session, { method, path, ...options }));
    });
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
      const { showPullRequest }: typeof import("./pr/pull-request") = require("./pr/pull-request");
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
    .action(() =>
      inCloud(
        async (session) => {
          const { destroy }: typeof import("./deployments") = require("./deployments");
          await destroy(session);
        },
        { deploys: { hasPortal: false } },
      ),
    );
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

function addHeader(text: string, before: readonly Header[]): Header[] {
  const header = parseHeader(text);
  if (header) return [...before, header];
  throw new InvalidArgumentError('A header is "Name: value", such as "Accept: text/csv".');
}

function parseData(text: string): string | Buffer {
  try {
    return readData(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function readStatus(text: string): number {
  const status = parseStatus(text);
  if (status !== undefined) return status;
  throw new InvalidArgumentError("A status is a number such as 403.");
}

async function printOutputs(session: Session, showSecrets: boolean): Promise<void> {
  const shown = Object.entries(await session.readOutputs(printProgress)).map(([name, { value, secret }]) => [
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
  header: readonly Header[];
  data?: string | Buffer | undefined;
  expect?: number | undefined;
}

async function call(session: Session, options: Call): Promise<void> {
  const { method, path, as: who, scope, header, expect } = options;
  // As a stream, since npx may have made it non-blocking.
  const data = options.data === "-" ? await buffer(process.stdin) : options.data;
  const url = readOutput<string>(await session.readOutputs(printProgress), "url");
  const headers: Header[] = [...header];
  if (who) headers.push(["authorization", `Bearer ${await tokenOf(session, who, scope)}`]);
  if (data !== undefined && !hasHeader(header, "content-type"))
    headers.push(["content-type", "application/json"]);
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

async function tokenOf(session: Session, who: string, scope: string | undefined): Promise<string> {
  const credentials = readOutput<Credentials>(await session.readOutputs(printProgress), "credentials");
  return getToken(session.fetch, findCredentials(credentials, who), scope);
}
