// One command's use of the local cloud: joins the one that runs or starts it, and ends cleanly on Ctrl-C.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { OutputMap, Stack } from "@pulumi/pulumi/automation";
import { onEndOfNpx, trustingFetch } from "auth0-tenant";
import { parse } from "yaml";
import { type Cloud, startCloud } from "./cloud";
import { type Company, settingsFor } from "./company/company";
import type { LocalSettings } from "./company/local-settings";
import type { EngineCommand, Progress } from "./engine/command";
import { readStoredOutputs } from "./engine/stored-outputs";
import { readState } from "./engine/stored-state";
import { gatewayFetch } from "./gateway-fetch";
import { type CloudAddress, DirectoryClaimed, findRunning } from "./presence";
import { isRecord } from "./record";

const projectDirectory = process.cwd();

export interface SessionOptions {
  /** Where the cloud keeps its state; default `.local` in the project. */
  directory?: string;
  plugins?: "local" | "official";
  /** Whether a server whose port is taken may have another one. */
  newPorts?: boolean;
  /** For a command that changes the stack: whether the Developer Portal will be in it. */
  deploys?: { hasPortal: boolean };
  /** Whether the command only reads what is deployed, and calls it. */
  readsOnly?: boolean;
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
  /** Of the stack as it is deployed; empty if it is not. */
  readOutputs(progress: Progress): Promise<OutputMap>;
}

/** Runs a command with the cloud up, and closes what it started whatever happens. */
export async function withCloud<T>(
  options: SessionOptions,
  run: (session: Session) => Promise<T>,
): Promise<T> {
  const directory = resolve(options.directory ?? resolve(projectDirectory, ".local"));
  const { signal, interrupted, dispose } = interruption();
  let cloud: Cloud | undefined;
  try {
    const found = await joinOrStart(directory, options, signal);
    cloud = found.cloud;
    const { address } = found;
    signal.throwIfAborted();
    const session: Session = {
      address,
      cloud,
      fetch: trustingFetch(address.tenant.caFile),
      fetchApi: gatewayFetch(address.gatewayUrl),
      signal,
      interrupted,
      findEngine: async (progress) => {
        const { findCommand }: typeof import("./engine/command") = require("./engine/command");
        return findCommand(progress, signal);
      },
      settings: (company) => settingsFor(company, address),
      openStack: async (command, settings) => {
        const { openLocalStack }: typeof import("./local-stack") = require("./local-stack");
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
      readOutputs: async (progress) => {
        const project = readProjectName(projectDirectory);
        const stored = readStoredOutputs(resolve(directory, "engine"), project, "local");
        if (stored) return stored;
        const stack = await session.openStack(await session.findEngine(progress));
        return stack.outputs();
      },
    };
    return await run(session);
  } finally {
    await cloud?.close();
    dispose();
  }
}

/** Waits a moment if another process has the folder to itself: a call of the API takes a second. */
async function joinOrStart(
  directory: string,
  options: SessionOptions,
  signal: AbortSignal,
): Promise<{ address: CloudAddress; cloud?: Cloud }> {
  const { newPorts, readsOnly = false } = options;
  const awsx = needsAwsx(options, directory);
  const deadline = performance.now() + claimMilliseconds;
  for (;;) {
    signal.throwIfAborted();
    const running = await findRunning(directory);
    if (running && awsx && running.providers.awsx === undefined) {
      throw new Error(
        "The cloud that is running was started without the Developer Portal's plugin. End it with Ctrl-C, and start it again with the setting portal.",
      );
    }
    if (running) return { address: running };
    try {
      const cloud = await startCloud(directory, {
        newPorts,
        unknownTypes: "keep as declared",
        forEngine: !readsOnly,
        awsx,
      });
      return { address: cloud.address, cloud };
    } catch (error) {
      if (!(error instanceof DirectoryClaimed) || performance.now() > deadline) throw error;
      await delay(pollMilliseconds);
    }
  }
}

/** The engine also asks the plugin before it deletes what that has made. */
function needsAwsx({ deploys }: SessionOptions, directory: string): boolean {
  if (deploys === undefined) return false;
  return (
    deploys.hasPortal || readState(resolve(directory, "engine"), "local").includes("pulumi:providers:awsx")
  );
}

const claimMilliseconds = 10_000;
const pollMilliseconds = 50;

function readProjectName(project: string): string {
  const file: unknown = parse(readFileSync(join(project, "Pulumi.yaml"), "utf8"));
  return isRecord(file) ? String(file.name) : "";
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
