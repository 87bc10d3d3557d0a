// What a type of resource is tested with: a row of the provider's table.
import type { Properties } from "../../../src/engine/provider";
import type { Created, Fixture } from "../../../testing/fixture";

/** What other resources need to exist. */
export interface World {
  fixture: Fixture;
  apiKey: Created;
  bucket: Created;
  domainName: Created;
  firehoseRole: Created;
  function: Created;
  gatewayRole: Created;
  httpApi: Created;
  httpDomainName: Created;
  httpStage: Created;
  lambdaRole: Created;
  logGroup: Created;
  restApi: Created;
  secret: Created;
  deployment: Created;
  stage: Created;
  stream: Created;
  usagePlan: Created;
}

/** Where a rule comes from: AWS's page for it or, if there is no page, a recording of AWS or what else says so. */
type Source =
  | `https://docs.aws.amazon.com/${string}`
  | `recorded: ${string}`
  | `local: ${string}`
  | `guess: ${string}`;

/** With a value instead of that of the row's inputs; the failure names that path. */
type RefusedValue = readonly [path: string, value: unknown, message: RegExp];

interface RefusedInputs {
  /** What is wrong, over the row's inputs. */
  given: Properties | ((world: World) => Properties);
  /** Path of the property that the failure names; none where AWS itself refuses, on creation. */
  property?: string;
  message: RegExp;
}

export type Refusal = RefusedValue | RefusedInputs;

/** Rows for properties that must be there. */
export function required(...paths: string[]): RefusedValue[] {
  return paths.map((path) => [path, undefined, /^is required$/]);
}

export interface Row {
  /** `lambda/function` for aws:lambda/function:Function */
  type: string;
  inputs(world: World): Properties;
  /** A property that is changed in place; undefined where none can be. */
  change: Properties | undefined;
  /** Properties that cannot be changed in place; `region`, which every regional resource has, beside them. */
  replaced: string[];
  /** What `pulumi import` takes, as the official provider documents it; the id where it is not given. */
  importedAs?(created: Created): string;
  /** There is one, whether it is declared or not: a second declaration is no conflict. */
  singleton?: boolean;
  /** AWS chooses its id, so that a second one is no conflict. */
  generatedId?: boolean;
  refused: { readonly [source: Source]: readonly Refusal[] };
}

/** What is wrong with each, and the problem that the import names. */
export type RefusedDocuments = {
  readonly [source: Source]: readonly [title: string, document: Properties, problem: RegExp][];
};

export function refusedOf(documents: RefusedDocuments) {
  return Object.entries(documents).flatMap(([source, list]) =>
    list.map(([title, ...row]) => [title, source, ...row] as const),
  );
}

/** A policy document with the statement's elements over those of a valid one. */
export function policyWith(statement: Properties, document: Properties = {}): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement], ...document });
}

export function trustOf(service: string): string {
  return policyWith({ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" });
}
