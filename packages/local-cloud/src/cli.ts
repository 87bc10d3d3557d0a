// `npx customers local COMMAND`: the local cloud for people.
import { parseArgs } from "node:util";
import { closest, distance } from "fastest-levenshtein";
import pc from "picocolors";
import { callApi, parseStatus } from "./call";
import { type Credentials, findCredentials, getToken, readOutput } from "./credentials";
import { printCurl } from "./curl";
import { makeFilesPrivate } from "./private-files";
import { bringUp, Interrupted, type Session, type SessionOptions, withCloud } from "./session";
import { startStack } from "./start";
import { runStep } from "./terminal";

/** Runs a command and sets the exit code: 130 after Ctrl-C, 2 for a wrong command line, 1 for any other failure. */
export async function runLocal(args: readonly string[]): Promise<void> {
  try {
    await runLocalCommand(args);
  } catch (error) {
    if (error instanceof Interrupted) {
      process.exitCode = 130;
      return;
    }
    console.error(pc.red(error instanceof Error ? error.message : String(error)));
    if (error instanceof UsageError) console.error(`\n${usage}`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

const usage = `Usage: npx customers local COMMAND [OPTIONS]

  start [--keep]                     bring the stack up, show calls of the API, and end; --keep serves until Ctrl-C
  up                                 bring the stack up
  serve                              bring the stack up and serve until Ctrl-C
  preview                            show what "up" would do
  outputs [--show-secrets]           print the stack's outputs as JSON
  token CUSTOMER[/CLIENT]            print an access token
        [--scope "SCOPE SCOPE"]
  call METHOD PATH                   call the API; ends with 1 if the status is not 200 to 299
       --as CUSTOMER[/CLIENT]
       --expect STATUS               the status that you expect instead, such as 403
  destroy                            delete everything again

  --directory DIR                    where the cloud keeps its state (default .local)
  --plugins local|official           whose auth0 provider the engine runs (default local)
  --new-ports                        take another port for each server whose port is in use; for "start", "up" and
                                     "serve", which then change the stack

Examples:
  npx customers local call GET /orders --as acme
  npx customers local call GET /orders --as initech --expect 403
`;

const options = {
  keep: { type: "boolean", default: false },
  "show-secrets": { type: "boolean", default: false },
  scope: { type: "string" },
  as: { type: "string" },
  expect: { type: "string" },
  directory: { type: "string" },
  plugins: { type: "string", default: "local" },
  "new-ports": { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>["values"];

const commands: Record<string, (session: Session, args: string[], values: Values) => Promise<void>> = {
  start: (session, _args, { keep }) => startStack(session, keep),
  async up(session) {
    await up(session);
  },
  async serve(session) {
    const stack = await up(session);
    printCurl(await stack.outputs(), session.address);
    if (session.cloud) await session.interrupted;
  },
  async preview(session) {
    const stack = await session.openStack(await session.findEngine(toStderr));
    await stack.preview({
      onOutput: (text) => process.stdout.write(text),
      signal: session.signal,
      diff: true,
    });
  },
  async outputs(session, _args, values) {
    const stack = await session.openStack(await session.findEngine(toStderr));
    const shown = Object.entries(await stack.outputs()).map(([name, { value, secret }]) => [
      name,
      secret && !values["show-secrets"] ? "[secret]" : value,
    ]);
    console.log(JSON.stringify(Object.fromEntries(shown), null, 2));
  },
  async token(session, [who], values) {
    if (who === undefined) throw new UsageError("token: name a customer");
    console.log(await tokenOf(session, who, values.scope));
  },
  async call(session, [method, path], values) {
    if (method === undefined || !path?.startsWith("/")) throw new UsageError("call: give METHOD and /PATH");
    const expected = values.expect === undefined ? undefined : parseStatus(values.expect);
    if (values.expect !== undefined && expected === undefined)
      throw new UsageError(`call: --expect is a status such as 403, not "${values.expect}"`);
    const stack = await session.openStack(await session.findEngine(toStderr));
    const headers: Record<string, string> = values.as
      ? { authorization: `Bearer ${await tokenOf(session, values.as, values.scope)}` }
      : {};
    const url = readOutput<string>(await stack.outputs(), "url");
    const isAsExpected = await callApi({ url, method, path, headers, ...(expected && { expected }) });
    if (!isAsExpected) process.exitCode = 1;
    await session.cloud?.aws.flushLogs();
  },
  async destroy(session) {
    const stack = await session.openStack(await session.findEngine(toStderr));
    await stack.destroy({ onOutput: (text) => process.stdout.write(text), signal: session.signal });
  },
};

async function up(session: Session) {
  const command = await runStep("Pulumi CLI", (say) => session.findEngine(say));
  const stack = await session.openStack(command);
  let summary = "";
  await runStep("pulumi up", async (say) => {
    summary = await bringUp(stack, say, session.signal);
  });
  console.log(`  ${summary}`);
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

class UsageError extends Error {}

async function runLocalCommand(given: readonly string[]): Promise<void> {
  makeFilesPrivate();
  const { values, positionals } = parseOptions(given);
  const [name = "", ...args] = positionals;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (values.help) {
    console.log(usage);
    return;
  }
  if (!command) throw new UsageError(name === "" ? "name a command" : describeUnknownCommand(name));
  const { plugins } = values;
  if (plugins !== "local" && plugins !== "official") {
    throw new UsageError(`--plugins is "local" or "official", not "${plugins}"`);
  }
  const session: SessionOptions = {
    directory: values.directory,
    plugins,
    newPorts: values["new-ports"],
  };
  await withCloud(session, (running) => command(running, args, values));
}

function describeUnknownCommand(name: string): string {
  const nearest = closest(name, Object.keys(commands));
  const suggestion = distance(name, nearest) <= 2 ? `. Did you mean "${nearest}"?` : "";
  return `there is no command "${name}"${suggestion}`;
}

function parseOptions(given: readonly string[]) {
  try {
    return parseArgs({ args: [...given], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
