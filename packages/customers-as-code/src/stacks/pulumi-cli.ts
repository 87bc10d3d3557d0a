// The one way in which the product runs the Pulumi CLI, the one on the PATH: a command whose output it reads, a command whose output
// people read, and an operation on a stack with the policy pack, whose events become a plan.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { EngineEvent, PulumiCommand, Stack } from "@pulumi/pulumi/automation";
import { mainOf } from "../customers/shard-placement";
import { errorCode } from "../problems/unreadable";
import { type Plan, readPlan } from "./plan";
import { policySettingsOnDisk } from "./policy-settings";
import { PrefixedLines } from "./prefixed-lines";
import { copySettings } from "./shard-settings";
import { HeldOutputs } from "./stack-outputs-display";

/** There is no Pulumi CLI on the PATH. */
export class PulumiMissingError extends Error {
  constructor() {
    super(
      "the Pulumi CLI is not on the PATH; install it from https://www.pulumi.com/docs/iac/download-install/",
    );
  }
}

/**
 * @param options `input` for its standard input
 * @returns what it prints
 * @throws {PulumiMissingError}
 * @throws {Error} with what the CLI reports if it fails
 */
export async function readPulumi(
  args: readonly string[],
  { input, environment }: { input?: string; environment?: Record<string, string> } = {},
): Promise<string> {
  let printed = "";
  let errors = "";
  const code = await spawnPulumi(args, {
    ...(input !== undefined && { input }),
    ...(environment && { environment }),
    onOutput: (text) => (printed += text),
    onError: (text) => (errors += text),
  });
  if (code === 0) return printed;
  throw new Error(`pulumi ${args.join(" ")} failed: ${errors.trim() || `it ended with ${code}`}`);
}

export interface ShownRun {
  /** Before each line that it prints. */
  prefix: string;
  environment?: Record<string, string>;
}

/** Prints what the CLI prints as it comes. @returns the exit code */
export async function runPulumi(args: readonly string[], { prefix, environment }: ShownRun): Promise<number> {
  const [output, errors] = [1, 2].map(() => new PrefixedLines((line) => process.stdout.write(line), prefix));
  const code = await spawnPulumi(args, {
    ...(environment && { environment }),
    onOutput: (text) => output?.push(text),
    onError: (text) => errors?.push(text),
  });
  for (const lines of [output, errors]) lines?.end();
  return code;
}

interface SpawnOptions {
  input?: string;
  environment?: Record<string, string>;
  onOutput(text: string): void;
  onError(text: string): void;
}

/** @returns the exit code @throws {PulumiMissingError} */
function spawnPulumi(
  args: readonly string[],
  { input, environment, onOutput, onError }: SpawnOptions,
): Promise<number> {
  const child = spawn("pulumi", [...args, "--non-interactive"], {
    stdio: "pipe",
    env: { ...process.env, ...environment },
  });
  child.stdout.setEncoding("utf8").on("data", onOutput);
  child.stderr.setEncoding("utf8").on("data", onError);
  // A CLI that ends early doesn't read its input; its exit code reports that.
  child.stdin.on("error", () => undefined).end(input ?? "");
  return new Promise((resolve, reject) => {
    child.on("error", (error) => {
      reject(errorCode(error) === "ENOENT" ? new PulumiMissingError() : error);
    });
    child.on("close", (code) => resolve(code ?? 1));
  });
}
export interface Target {
  /** As `pulumi stack select` takes it. */
  stack: string;
  /** Folder of Pulumi.yaml. */
  project: string;
  /** Settings of the policy pack (default policy/STACK.json of the main stack, if it exists). */
  policyConfig?: string;
  /** Printed before each line of the CLI (default nothing). */
  prefix?: string;
}

const policyPack = resolve(__dirname, "../../policy");

/** What a deployment would do. If the engine cannot determine it, the reason is one of the plan's errors. */
export function previewStack(target: Target): Promise<Plan> {
  return collect(target, (stack, options) => stack.preview(options));
}

/** Deploys. The plan's errors say what went wrong. */
export function deployStack(target: Target): Promise<Plan> {
  return collect(target, (stack, options) => stack.up(options));
}

let command: Promise<PulumiCommand> | undefined;
let selected: Promise<unknown> = Promise.resolve();

type Automation = typeof import("@pulumi/pulumi/automation");
type Options = NonNullable<Parameters<Stack["preview"]>[0] & Parameters<Stack["up"]>[0]>;

async function collect(
  target: Target,
  run: (stack: Stack, options: Options) => Promise<unknown>,
): Promise<Plan> {
  const events: EngineEvent[] = [];
  let said = "";
  let failure: unknown;
  const { stack: stackName, project, prefix = "" } = target;
  const shown = new HeldOutputs((line) => process.stdout.write(line), prefix);
  const output = new PrefixedLines((line) => shown.push(line), prefix);
  const errors = new PrefixedLines((line) => process.stderr.write(line), prefix);
  try {
    const main = mainOf(stackName);
    if (main !== undefined) copySettings(main, stackName, project);
    // Loaded only here: it takes longer than everything that the other commands load.
    const { LocalWorkspace }: Automation = require("@pulumi/pulumi/automation");
    command ??= findPulumi();
    const pulumiCommand = await command;
    const workDir = resolve(project);
    const select = () => LocalWorkspace.selectStack({ stackName, workDir }, { pulumiCommand });
    // The CLI writes down which stack is selected: one at a time.
    const selecting = selected.then(select, select);
    selected = selecting;
    const stack = await selecting;
    await run(stack, {
      ...choosePolicies(target),
      onEvent: (event) => events.push(event),
      onOutput: (text) => output.push(text),
      onError: (text) => {
        said += text;
        errors.push(text);
      },
      suppressProgress: true,
      color: "never",
    });
  } catch (error) {
    failure = error ?? "the engine failed";
  }
  for (const lines of [output, errors]) lines.end();
  shown.end(failure !== undefined);
  const plan = readPlan(target.stack, events);
  const isReported = plan.errors.length > 0 || plan.violations.some(({ isMandatory }) => isMandatory);
  if (failure !== undefined && !isReported) {
    // The engine did not get to report it: the CLI itself did.
    const message = failure instanceof Error ? failure.message : String(failure);
    plan.errors.push(said.trim() || message);
  }
  return plan;
}

/** To be called once, since it asks the CLI for its version. @throws {PulumiMissingError} */
async function findPulumi(): Promise<PulumiCommand> {
  const { PulumiCommand }: Automation = require("@pulumi/pulumi/automation");
  try {
    return await PulumiCommand.get();
  } catch (error) {
    // The SDK reports it as the result of a command that didn't start.
    throw String(error).includes("spawn pulumi ENOENT") ? new PulumiMissingError() : error;
  }
}

/** The pack applies to every stack, with the company's settings for it; to a shard with those of its main stack. */
export function choosePolicies({
  stack,
  project,
  policyConfig = policySettingsOnDisk(stack, project),
}: Pick<Target, "stack" | "project" | "policyConfig">): Pick<Options, "policyPacks" | "policyPackConfigs"> {
  const config = resolve(policyConfig);
  return { policyPacks: [policyPack], ...(existsSync(config) && { policyPackConfigs: [config] }) };
}
