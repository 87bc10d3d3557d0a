// A stack's state as a file that holds on any machine: what each local cloud has for itself is a placeholder in it.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunningCompany } from "./running-company";

/** As `pulumi stack export --show-secrets` writes it. */
export interface State {
  version: number;
  deployment: { resources: StateResource[] };
}

interface StateResource {
  urn: string;
  type: string;
  id: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

export function writeState(folder: string, stack: string, state: State, running: RunningCompany): void {
  const resources = state.deployment.resources.map((resource) => JSON.stringify(withoutMachine(resource)));
  const text = `{"version":${state.version},"deployment":{"resources":[\n${resources.join(",\n")}\n]}}\n`;
  const family = taskDefinition(state)?.inputs?.family;
  const values = [...running.placeholders];
  if (typeof family === "string") values.push([familyPlaceholder, family]);
  const portable = values.reduce((all, [placeholder, value]) => all.replaceAll(value, placeholder), text);
  writeFileSync(join(folder, `${stack}.json`), portable);
}

export function readState(folder: string, stack: string, running: RunningCompany): State {
  const text = readFileSync(join(folder, `${stack}.json`), "utf8");
  const filled = running.placeholders.reduce(
    (all, [placeholder, value]) => all.replaceAll(placeholder, value),
    text,
  );
  const definitions = taskDefinition(JSON.parse(filled))?.inputs?.containerDefinitions;
  return JSON.parse(filled.replaceAll(familyPlaceholder, familyOf(stack, definitions)));
}

/**
 * awsx names the Developer Portal's task definition by a digest of the containers, which know the tenant's domain: with another domain
 * it would be another one.
 */
const familyPlaceholder = "{{family of the task definition}}";

function familyOf(stack: string, definitions: unknown): string {
  return `portal-${createHash("sha1").update(`${stack}${definitions}`).digest("hex").slice(0, 8)}`;
}

function taskDefinition({ deployment }: State): StateResource | undefined {
  return deployment.resources.find(({ type }) => type === "aws:ecs/taskDefinition:TaskDefinition");
}

function withoutMachine(resource: StateResource): StateResource {
  // Times and paths, which nothing is compared with.
  const none = { created: undefined, modified: undefined, sourcePosition: undefined, stackTrace: undefined };
  const kept = { ...resource, ...none };
  if (resource.type !== "aws:lambda/function:Function") return kept;
  // Its bundle is another one in each version, and has the keys of the tenant, which is another one in each run.
  const code = undefined;
  return { ...kept, inputs: { ...kept.inputs, code }, outputs: { ...kept.outputs, code } };
}
