// One command's use of the local cloud: joins the one that runs or starts it, and ends cleanly on Ctrl-C.
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ConcurrentUpdateError, type Stack } from "@pulumi/pulumi/automation";
import { onEndOfNpx } from "auth0-tenant";
import { isKnownAwsType } from "./aws/aws-provider";
import { type Cloud, startCloud } from "./cloud";
import { type Company, restorePlaces, settingsFor } from "./company/company";
import type { LocalSettings } from "./company/local-settings";
import { type EngineCommand, findCommand, type Progress } from "./engine/command";
import { readState } from "./engine/unprotect";
import { gatewayFetch } from "./gateway-fetch";
import { openLocalStack } from "./local-stack";
import { type CloudAddress, findRunning } from "./presence";
import { createFailureLog } from "./program-failure";
import { resourceLog } from "./terminal";
import { trustingFetch } from "./trust";

const projectDirectory = process.cwd();

export interface SessionOptions {
  /** Where the cloud keeps its state; default `.local` in the project. */
  directory?: string;
  plugins?: "local" | "official";
  /** Whether a server whose port is taken may have another one. */
  newPorts?: boolean;
  /** For a command that changes the stack: whether the Developer Portal will be in it. */
  deploys?: { hasPortal: boolean };
}

export interface Session {
  address: CloudAddress;
  /** Set where this process runs the cloud. */
  cloud?: Cloud;
  fetch: typeof fetch;
  /** Reaches the API, also at a domain name of its own. */
  fetchApi: typeof fetch;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** Resolves with Ctrl-C, also with one that came before anybody waited. */
  interrupted: Promise<void>;
  findEngine(progress: Progress): Promise<EngineCommand>;
  /** Of the company on this cloud. */
  settings(company: Company): LocalSettings;
  /** @param settings for a command that deploys; the others find those of the last deployment */
  openStack(command: EngineCommand, settings?: LocalSettings): Promise<Stack>;
}

/** Runs a command with the cloud up, and closes what it started whatever happens. */
export async function withCloud<T>(
  options: SessionOptions,
  run: (session: Session) => Promise<T>,
): Promise<T> {
  const directory = resolve(options.directory ?? resolve(projectDirectory, ".local"));
  const { signal, interrupted, dispose } = interruption();
  const running = await findRunning(directory);
  const awsx = needsAwsx(options, directory);
  if (running && awsx && running.providers.awsx === undefined) {
    throw new Error(
      "The cloud that is running was started without the Developer Portal's plugin. End it with Ctrl-C, and start it again with the setting portal.",
    );
  }
  const cloud = running
    ? undefined
    : await startCloud(directory, { newPorts: options.newPorts, unknownTypes: "keep as declared", awsx });
  const address = running ?? cloud?.address;
  try {
    if (!address) throw new Error("the cloud has no address");
    signal.throwIfAborted();
    return await run({
      address,
      cloud,
      fetch: trustingFetch(address.tenant.caFile),
      fetchApi: gatewayFetch(address.gatewayUrl),
      signal,
      interrupted,
      findEngine: (progress) => findCommand(progress, signal),
      settings: (company) => settingsFor(company, address),
      openStack: async (command, settings) => {
        const stack = await openLocalStack({
          ...options,
          command,
          project: projectDirectory,
          directory,
          address,
          ...(settings && { settings }),
        }).catch(async (error: unknown) => {
          // Ctrl-C on a terminal ends the CLI, too, which is no failure of its own then. This process may get the signal a moment later.
          await delay(50);
          signal.throwIfAborted();
          throw error;
        });
        // A run that was killed leaves its lock behind; whoever starts the cloud knows that it is nobody's.
        if (cloud) await stack.cancel().catch(() => undefined);
        return stack;
      },
    });
  } finally {
    await cloud?.close();
    dispose();
  }
}

/** The engine also asks the plugin before it deletes what that has made. */
function needsAwsx({ deploys }: SessionOptions, directory: string): boolean {
  if (deploys === undefined) return false;
  return (
    deploys.hasPortal || readState(resolve(directory, "engine"), "local").includes("pulumi:providers:awsx")
  );
}

/** Brings the stack up. @returns what was done, in a few words, and what of it has no effect */
export async function bringUp(
  stack: Stack,
  company: Company,
  say: Progress,
  signal: AbortSignal,
): Promise<{ summary: string; notices: string[] }> {
  const log = resourceLog(say);
  const failure = createFailureLog();
  signal.throwIfAborted();
  let errors = "";
  try {
    await stack.up({
      onEvent: (event) => {
        log.onEvent(event);
        failure.onEvent(event);
      },
      onError: (text) => (errors += text),
      signal,
      suppressProgress: true,
    });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ConcurrentUpdateError) throw error;
    throw new Error(restorePlaces(failure.message() ?? diagnostics(error, errors), company));
  }
  const notices = [...log.types()]
    .filter((type) => type.startsWith("aws:") && !isKnownAwsType(type))
    .map((type) => `${type} is kept as declared: the local cloud doesn't run it`);
  return { summary: log.summary(), notices };
}

/** Of what the CLI printed, the part that is for the user; what stops it before the program runs is no event. */
function diagnostics(error: unknown, errors: string): string {
  const output = error instanceof Error ? error.message : String(error);
  const [, found] =
    /Diagnostics:\n([\s\S]*?)(?:\n\s*\n(?:Outputs|Resources):|\n stderr:|$)/.exec(output) ?? [];
  // That the language host is the one on the PATH is our own doing.
  return (found ?? (errors || output))
    .replace(/^.*warning: using pulumi-language-nodejs from.*\n/gm, "")
    .trimEnd();
}

/**
 * Ctrl-C on a terminal reaches the engine by itself; without a terminal, and the second time, it is passed on. The
 * engine ends what it has begun, so that its state tells the truth.
 */
function interruption(): Pick<Session, "signal" | "interrupted"> & { dispose(): void } {
  const controller = new AbortController();
  const interrupted = new Promise<void>((resolve) => {
    controller.signal.addEventListener("abort", () => resolve());
  });
  let times = 0;
  const onSignal = () => {
    times += 1;
    if (times === 1) console.error("\nEnding: the engine finishes what it has begun.");
    controller.abort(new Interrupted());
    if (times > 2) process.exit(130);
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  const stopWatching = onEndOfNpx(onSignal);
  return {
    signal: controller.signal,
    interrupted,
    dispose() {
      stopWatching();
      process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
    },
  };
}

export class Interrupted extends Error {
  constructor() {
    super("interrupted");
  }
}
