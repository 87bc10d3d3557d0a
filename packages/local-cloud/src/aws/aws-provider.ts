// The aws provider of the local cloud: keeps what the program declares, and refuses what AWS refuses.
import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { contentHash } from "../engine/property-values";
import { type Diff, type Failure, type Properties, type Provider, UNKNOWN } from "../engine/provider";
import type { Account } from "./account";
import { anyRule, checkProperties, holdsUnknown, normalizeProperties } from "./property";
import { answerAwsFunction } from "./provider-functions";
import { AwsError, type ResourceType } from "./resource-type";
import { resourceTypes } from "./services/resource-types";
import { keepAsDeclared } from "./services/stored-only";

/** Names that the provider made, so that a replacement may get another one; the official provider keeps the same list. */
const generated = "__defaults";

/** What becomes of a resource whose type the local cloud doesn't have. */
export type UnknownTypes = "refuse" | "keep as declared";

export class AwsProvider implements Provider {
  constructor(
    private readonly account: Account,
    private readonly unknownTypes: UnknownTypes = "refuse",
  ) {}

  async configure(config: Record<string, string>): Promise<void> {
    if (config.region) this.account.region = config.region;
  }

  async check(type: string, inputs: Properties, urn: string, oldInputs: Properties | undefined) {
    const resourceType = this.findType(type);
    const failures: Failure[] = [];
    const report = (property: string, reason: string) => failures.push({ property, reason });
    const { [generated]: _, ...given } = inputs;
    checkProperties(resourceType.properties, given, "", report, resourceType);
    const checked = normalizeProperties(resourceType.properties, given);
    const defaults: string[] = [];
    const { autoName } = resourceType;
    if (autoName && checked[autoName.property] === undefined) {
      defaults.push(autoName.property);
      checked[autoName.property] = wasGenerated(oldInputs, autoName.property)
        ? oldInputs?.[autoName.property]
        : generateName(urn, autoName);
    }
    if (failures.length === 0) resourceType.check?.(checked, report);
    return { inputs: { [generated]: defaults, ...checked }, failures };
  }

  async diff(
    type: string,
    _id: string,
    oldInputs: Properties,
    oldOutputs: Properties,
    inputs: Properties,
  ): Promise<Diff> {
    const resourceType = this.findType(type);
    const known = Object.fromEntries(
      (resourceType.readBack ?? []).flatMap((name) =>
        name in oldOutputs && name in inputs ? [[name, oldOutputs[name]]] : [],
      ),
    );
    const changed = changesOf(resourceType, { ...oldInputs, ...known }, inputs);
    const replace = changed.filter((name) => resourceType.properties[name]?.replace);
    const name = resourceType.autoName?.property;
    const keepsName =
      name !== undefined && !wasGenerated(inputs, name) && isSame(oldInputs[name], inputs[name]);
    return {
      changed,
      replace,
      deleteBeforeReplace: replace.length > 0 && (keepsName || resourceType.exclusive === true),
    };
  }

  async create(type: string, inputs: Properties, preview: boolean) {
    const resourceType = this.findType(type);
    const { [generated]: _, ...given } = inputs;
    if (preview) return { id: "", outputs: { ...given, ...unknown(resourceType.computed) } };
    const { id, outputs, state } = await explain(`creating ${resourceType.title}`, given, () =>
      resourceType.apply(given, this.account, undefined),
    );
    if (this.account.get(type, id) && !resourceType.singleton) {
      const conflict = resourceType.conflictCode === undefined ? "" : `${resourceType.conflictCode}: `;
      throw new Error(
        `creating ${resourceType.title} (${id}): ${conflict}it exists already. Choose another name, or import it.`,
      );
    }
    await this.account.put({
      type,
      id,
      inputs: withoutArchives(resourceType, inputs),
      outputs,
      state: state ?? {},
    });
    return { id, outputs: { ...given, ...outputs } };
  }

  async read(type: string, id: string, inputs: Properties, outputs: Properties) {
    const resourceType = this.findType(type);
    const isImport = Object.keys(inputs).length === 0;
    const found =
      this.account.get(type, id) ??
      (isImport ? this.account.get(type, resourceType.idOfImport?.(id) ?? id) : undefined);
    if (!found) return undefined;
    // Archives are not sent back by AWS; the engine's own stay.
    const archives = Object.fromEntries(
      Object.entries(resourceType.properties).flatMap(([name, rule]) =>
        rule.isArchive && (inputs[name] ?? outputs[name]) !== undefined
          ? [[name, inputs[name] ?? outputs[name]]]
          : [],
      ),
    );
    const { [generated]: _, ...stored } = found.inputs;
    return {
      id: found.id,
      inputs: { ...found.inputs, ...archives },
      outputs: { ...stored, ...archives, ...found.outputs },
    };
  }

  async update(type: string, id: string, oldOutputs: Properties, inputs: Properties, preview: boolean) {
    const resourceType = this.findType(type);
    const { [generated]: _, ...given } = inputs;
    const kept = Object.fromEntries(
      resourceType.computed.flatMap((name) => (name in oldOutputs ? [[name, oldOutputs[name]]] : [])),
    );
    if (preview) return { ...kept, ...given, ...unknown(resourceType.recomputed ?? []) };
    const current = this.account.get(type, id);
    if (!current) {
      throw new Error(
        `updating ${resourceType.title} (${id}): it is gone. Run "pulumi refresh", then try again.`,
      );
    }
    for (const name of resourceType.unwritten?.(changesOf(resourceType, oldOutputs, given)) ?? []) {
      given[name] = current.inputs[name];
    }
    const { outputs, state } = await explain(`updating ${resourceType.title} (${id})`, given, () =>
      resourceType.apply(given, this.account, current),
    );
    await this.account.put({
      type,
      id,
      inputs: withoutArchives(resourceType, { ...inputs, ...given }),
      outputs,
      state: state ?? current.state,
    });
    return { ...given, ...outputs };
  }

  async delete(type: string, id: string): Promise<void> {
    const resourceType = this.findType(type);
    const current = this.account.get(type, id);
    // What is gone already needs no deletion; the official provider sees it so too.
    if (!current) return;
    await explain(`deleting ${resourceType.title} (${id})`, {}, () =>
      resourceType.remove?.(current, this.account),
    );
    await this.account.remove(type, id);
  }

  async invoke(token: string, args: Properties): Promise<Properties> {
    return answerAwsFunction(token, args, this.account);
  }

  private findType(type: string): ResourceType {
    const found = isKnownAwsType(type) ? resourceTypes[type] : undefined;
    if (found) return found;
    if (this.unknownTypes === "keep as declared") return keepAsDeclared(type);
    throw new Error(
      `the local cloud has no ${type}. Add a row for it in packages/local-cloud/src/aws/services.`,
    );
  }
}

export function isKnownAwsType(type: string): boolean {
  return Object.hasOwn(resourceTypes, type);
}

function generateName(urn: string, { maxLength, lowerCase }: NonNullable<ResourceType["autoName"]>): string {
  const name = (urn.split("::").at(-1) ?? "").slice(0, maxLength - 8);
  return `${lowerCase ? name.toLowerCase() : name}-${randomBytes(4).toString("hex").slice(0, 7)}`;
}

function wasGenerated(inputs: Properties | undefined, property: string): boolean {
  const names = inputs?.[generated];
  return Array.isArray(names) && names.includes(property);
}

function changesOf(
  { properties, takesAnyProperty }: ResourceType,
  before: Properties,
  after: Properties,
): string[] {
  const names = new Set(Object.keys(properties));
  if (takesAnyProperty) for (const name of Object.keys({ ...before, ...after })) names.add(name);
  names.delete(generated);
  return [...names].flatMap((name) => {
    const rule = properties[name] ?? anyRule();
    const isKept = rule.isArchive
      ? // The engine leaves out the contents of what has not changed.
        contentHash(before[name]) !== undefined && contentHash(before[name]) === contentHash(after[name])
      : isSame(rule.normalize(before[name]), rule.normalize(after[name]));
    return isKept ? [] : [name];
  });
}

function isSame(before: unknown, after: unknown): boolean {
  return !holdsUnknown(after) && isDeepStrictEqual(canonical(before), canonical(after));
}

/** Policies and other JSON texts are compared by what they say, as the official provider does. */
function canonical(value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string" || !/^\s*\{/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function unknown(names: readonly string[]): Properties {
  return Object.fromEntries(names.map((name) => [name, UNKNOWN]));
}

function withoutArchives({ properties }: ResourceType, inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !properties[name]?.isArchive));
}

/** Says of an AWS error which operation on which resource it refused. */
async function explain<T>(
  operation: string,
  inputs: Properties,
  action: () => T | Promise<T>,
): Promise<Awaited<T>> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const subject = typeof inputs.name === "string" && !operation.endsWith(")") ? ` (${inputs.name})` : "";
    throw new Error(`${operation}${subject}: ${error.message}`);
  }
}
