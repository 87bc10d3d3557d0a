// What a preview would do: the engine's events as plain data, in the order in which the engine said it.
import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import { asRecord, isRecord } from "../problems/record";

export interface Plan {
  /** Name of the stack. */
  stack: string;
  /** What is done with each resource, also where that is nothing. */
  steps: Step[];
  /** What the program, a provider or the engine calls an error, as they say it. */
  errors: string[];
  violations: Violation[];
  /** The stack's settings as texts by `project:key`, without those that are secret. */
  settings: Record<string, string>;
}

export interface Step {
  /** `create`, `update`, `delete`, `same`, `replace` and the like (pulumi/pulumi, sdk/go/common/display). */
  op: string;
  urn: string;
  /** Such as `auth0:index/client:Client`. */
  type: string;
  name: string;
  /** Where a component has it. */
  parent?: Reference;
  /** Absent where there is nothing yet. */
  old?: State;
  /** Absent where nothing is left. */
  new?: State;
  /** Names of inputs that are different. */
  differences: string[];
}

interface Reference {
  type: string;
  name: string;
}

/** A secret is the string `[secret]`, and a value that only the deployment will know is `undefined`. */
export interface State {
  name: string;
  id: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

/** Of a rule in a policy pack. */
interface Violation {
  policy: string;
  /** Whether nothing may be deployed with it. */
  isMandatory: boolean;
  /** Of the resource. */
  name?: string;
  message: string;
}

/** As the engine marks what it does not show, and what it does not know (pulumi/pulumi, sdk/nodejs/runtime/rpc.ts). */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const files = new Map([
  ["c44067f5952c0a294b673a41bacd8c17", "file"],
  ["0def7320c3a5731c473e5ecbe6d01bc7", "archive"],
]);
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secret = "[secret]";

export function readPlan(stack: string, events: readonly EngineEvent[]): Plan {
  const plan: Plan = { stack, steps: [], errors: [], violations: [], settings: {} };
  // The engine reports a step before and after it; only afterwards the new outputs are known.
  const steps = new Map<string, Step>();
  for (const event of events) {
    const metadata = event.resourcePreEvent?.metadata ?? event.resOutputsEvent?.metadata;
    if (metadata) steps.set(`${metadata.op} ${metadata.urn}`, readStep(metadata));
    const { diagnosticEvent: said, policyEvent: violated, preludeEvent: prelude } = event;
    if (prelude) plan.settings = withoutSecrets(prelude.config);
    if (said?.severity === "error") plan.errors.push(said.message.trim());
    if (violated) {
      plan.violations.push({
        policy: violated.policyName,
        isMandatory: violated.enforcementLevel === "mandatory",
        ...(violated.resourceUrn && { name: referenceOf(violated.resourceUrn).name }),
        message: violated.message.trim(),
      });
    }
  }
  plan.steps = [...steps.values()];
  // What only says that there were others.
  const telling = plan.errors.filter((message) => !/^(preview|update) failed$/.test(message));
  plan.errors = telling.length > 0 || plan.violations.length > 0 ? telling : plan.errors;
  return plan;
}

/** What is done in several stacks of one company, as one plan. What more than one of them says is reported once. */
export function joinPlans(main: Plan, shards: readonly Plan[]): Plan {
  const all = [main, ...shards];
  return {
    ...main,
    steps: all.flatMap(({ steps }) => steps),
    errors: [...new Set(all.flatMap(({ errors }) => errors))],
    violations: all.flatMap(({ violations }) => violations),
  };
}

function readStep({ op, urn, type, old, new: next, diffs }: StepEventMetadata): Step {
  const parent = next?.parent || old?.parent;
  return {
    op,
    urn,
    type,
    name: referenceOf(urn).name,
    ...(parent && { parent: referenceOf(parent) }),
    ...(old && { old: readState(old) }),
    ...(next && { new: readState(next) }),
    differences: [...(diffs ?? [])],
  };
}

function readState({ urn, id, inputs, outputs }: NonNullable<StepEventMetadata["new"]>): State {
  return { name: referenceOf(urn).name, id, inputs: plainRecord(inputs), outputs: plainRecord(outputs) };
}

/** `urn:pulumi:STACK::PROJECT::PARENTTYPE$TYPE::NAME` */
function referenceOf(urn: string): Reference {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.split("$").at(-1) ?? "", name: name.join("::") };
}

function plainRecord(value: unknown): Record<string, unknown> {
  return asRecord(plain(value));
}

function plain(value: unknown): unknown {
  if (value === unknown) return undefined;
  if (Array.isArray(value)) return value.map(plain);
  if (!isRecord(value)) return value;
  const mark = value[signature];
  if (mark === secretSignature) return secret;
  const file = typeof mark === "string" ? files.get(mark) : undefined;
  if (file !== undefined) return describeFile(file, value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** By its digest, and by those of what is in it. */
function describeFile(kind: string, { hash, assets }: Record<string, unknown>): string {
  const digest = (value: unknown) => String(value).slice(0, 12);
  const parts = Object.entries(asRecord(assets)).map(
    ([name, asset]) => `${name} ${digest(asRecord(asset).hash)}`,
  );
  const of = parts.length > 0 ? ` (${parts.sort().join(", ")})` : "";
  return `${kind} ${digest(hash)}${of}`;
}

function withoutSecrets(settings: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== secret));
}
