// What the provider knows about a type of resource: a row of its table.
import { createHash, randomBytes } from "node:crypto";
import type { Properties } from "../engine/provider";
import type { Account, StoredResource } from "./account";
import { type PropertyRule, type ReportFailure, stringRule } from "./property";

export interface ResourceType {
  /** As the AWS provider's errors call it, such as `Lambda Function`. */
  title: string;
  properties: Record<string, PropertyRule>;
  /** Keeps properties without a rule as they are, instead of refusing them. */
  takesAnyProperty?: boolean;
  /** Makes a name from the URN's where the program gives none. */
  autoName?: { property: string; maxLength: number; lowerCase?: boolean };
  /** Two of these have no place beside each other under one name or for one parent. */
  exclusive?: boolean;
  /** AWS's code for a second one of the same name, where it is recorded. */
  conflictCode?: string;
  /** From what `pulumi import` is given to the id, where the official provider's import takes another form. */
  idOfImport?(given: string): string;
  /** Exists once in an account, always: a second declaration sets what the first has set. */
  singleton?: boolean;
  /** Inputs that AWS may come to have otherwise than the program said: what the state has of them counts in the next diff. */
  readBack?: readonly string[];
  /** Of an update that changes just these: what it leaves as AWS has it, whatever the program says. */
  unwritten?(changed: readonly string[]): readonly string[];
  /** Rules over several properties. Values may be UNKNOWN in a preview. */
  check?(inputs: Properties, report: ReportFailure): void;
  /** Outputs that are known only after creation; in an update, those of `recomputed`. */
  computed: readonly string[];
  recomputed?: readonly string[];
  /**
   * Creates, or changes in place where there is a current one. Throws an {@link AwsError} for what AWS refuses because
   * of other resources.
   */
  apply(
    inputs: Properties,
    account: Account,
    current: StoredResource | undefined,
  ): Promise<Applied> | Applied;
  /** Refuses a deletion by an error, or removes what exists beside the resource. */
  remove?(current: StoredResource, account: Account): Promise<void> | void;
}

interface Applied {
  id: string;
  /** Beyond the inputs, which are outputs too. */
  outputs: Properties;
  state?: Properties;
}

/** A refusal in AWS's words. */
export class AwsError extends Error {
  override readonly name = "AwsError";

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

/** The type's rule for `region`, which every regional resource has. */
export const regionRule = (): PropertyRule =>
  stringRule({ replace: true, pattern: /^[a-z]{2}(-[a-z]+)+-\d$/ });

/** A property that has passed its check as a text. */
export function textOf(value: unknown): string {
  if (typeof value !== "string") throw new TypeError(`expected a string, found ${JSON.stringify(value)}`);
  return value;
}

/** Ids in AWS's alphabet, such as `a1b2c3d4e5` of a REST API. */
export function randomId(length: number): string {
  return [...randomBytes(length)].map((byte) => (byte % 36).toString(36)).join("");
}

/** The same id for the same text. */
export function derivedId(source: string, length: number): string {
  return [...createHash("sha256").update(source).digest().subarray(0, length)]
    .map((byte) => (byte % 36).toString(36))
    .join("");
}

/** Outputs that every type with tags has. */
export function tagsOf(inputs: Properties): Properties {
  return { tags: inputs.tags, tagsAll: inputs.tags ?? {} };
}
