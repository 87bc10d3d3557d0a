// Runs the Pulumi CLI on a stack, with the policy pack, and keeps the events of the engine.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type EngineEvent, LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import { mainOf, plainName } from "../customers/shards";
import { type Plan, readPlan } from "./plan";
import { PrefixedLines } from "./prefixed-lines";
import { copySettings } from "./shard-stacks";

export interface Target {
  /** As `pulumi stack select` takes it. */
  stack: string;
  /** Folder of Pulumi.yaml. */
  project: string;
  /** Settings of the policy pack (default policy/config/STACK.json of the main stack, if it exists). */
  policyConfig?: string;
  /** Printed before each line of the CLI (default nothing). */
  prefix?: string;
}

const policyPack = resolve(__dirname, "../../policy");

/** What a deployment would do. If the engine cannot determine it, the reason is one of the plan's errors. */
export function preview(target: Target): Promise<Plan> {
  return collect(target, (stack, options) => stack.preview(options));
}

/** Deploys. The plan's errors say what went wrong. */
export function deploy(target: Target): Promise<Plan> {
  return collect(target, (stack, options) => stack.up(options));
}

/** Once, since it asks the CLI for its version. */
let command: Promise<PulumiCommand> | undefined;
let selected: Promise<unknown> = Promise.resolve();

type Options = NonNullable<Parameters<Stack["preview"]>[0] & Parameters<Stack["up"]>[0]>;

async function collect(
  target: Target,
  run: (stack: Stack, options: Options) => Promise<unknown>,
): Promise<Plan> {
  const events: EngineEvent[] = [];
  let said = "";
  let failure: unknown;
  const { stack: stackName, project, prefix = "" } = target;
  const output = new PrefixedLines((line) => process.stdout.write(line), prefix);
  const errors = new PrefixedLines((line) => process.stderr.write(line), prefix);
  try {
    const main = mainOf(stackName);
    if (main !== undefined) copySettings(main, stackName, project);
    command ??= PulumiCommand.get();
    const pulumiCommand = await command;
    const workDir = resolve(project);
    const select = () => LocalWorkspace.selectStack({ stackName, workDir }, { pulumiCommand });
    // The CLI writes down which stack is selected: one at a time.
    const selecting = selected.then(select, select);
    selected = selecting;
    const stack = await selecting;
    await run(stack, {
      ...policies(target),
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
  const plan = readPlan(target.stack, events);
  const isReported = plan.errors.length > 0 || plan.violations.some(({ isMandatory }) => isMandatory);
  if (failure !== undefined && !isReported) {
    // The engine did not get to report it: the CLI itself did.
    const message = failure instanceof Error ? failure.message : String(failure);
    plan.errors.push(said.trim() || message);
  }
  return plan;
}

/** The pack applies to every stack, and to a shard with the settings of its main stack. */
function policies({ stack, policyConfig }: Target): Pick<Options, "policyPacks" | "policyPackConfigs"> {
  const config = policyConfig ?? join(policyPack, "config", `${plainName(mainOf(stack) ?? stack)}.json`);
  return { policyPacks: [policyPack], ...(existsSync(config) && { policyPackConfigs: [config] }) };
}
