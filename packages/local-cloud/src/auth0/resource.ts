// What the provider knows of one type of resource, and the translation between Pulumi's names and Auth0's.
import type { Properties } from "../engine/provider";
import type { ManagementApi } from "./management-api";

/** The state of a resource after a request: `undefined` where it does not exist. */
export interface Found {
  id: string;
  /** By Pulumi's names. */
  outputs: Properties;
}

export interface Resource {
  /** Names of the inputs that Auth0 demands. */
  required: string[];
  /** Every input that is known; any other is refused. */
  inputs: string[];
  /** Inputs that cannot be changed in place. */
  replaceOn: string[];
  defaults?: Properties;
  /** Inputs for which Auth0 has a value of its own: one that is no longer declared is no difference. */
  optional?: string[];
  /** Inputs that are secret wherever they come from. */
  secrets?: string[];
  /** Inputs that Auth0 shows as they are: one that it doesn't show any longer is gone. */
  shown?: string[];
  create(api: ManagementApi, inputs: Properties): Promise<Found>;
  /** @param outputs as of before; empty if the resource is imported */
  read(api: ManagementApi, id: string, inputs: Properties, outputs: Properties): Promise<Found | undefined>;
  update(api: ManagementApi, id: string, old: Properties, inputs: Properties): Promise<Found>;
  delete(api: ManagementApi, id: string, outputs: Properties): Promise<void>;
  /** Inputs that differ from what Auth0 has, although the program declares what it declared before. */
  differs?(outputs: Properties, inputs: Properties): string[];
  /** The outputs as a program would declare them. */
  declaredForm?(outputs: Properties, inputs: Properties): Properties;
}

/** As Terraform has it: what is empty, false or 0 is the same as what is not set. */
export function isNone(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return !value;
  return Object.keys(value).length === 0;
}

/** How values of a property are translated; by default names inside objects are, and values are kept. */
interface Translation {
  toWire(value: unknown): unknown;
  fromWire(value: unknown): unknown;
}

/** For maps whose keys are the user's. */
export const verbatimTranslation: Translation = { toWire: (value) => value, fromWire: (value) => value };

const byName: Translation = {
  toWire: (value) => rename(value, snake),
  fromWire: (value) => rename(value, camel),
};

/** Pulumi's input names to Auth0's, in the order of the official provider's requests. */
export interface Fields {
  [input: string]: { wire: string; translation?: Translation };
}

/** Fields of the same name in either case, such as `appType` and `app_type`. */
export function sameNames(...inputs: string[]): Fields {
  return Object.fromEntries(inputs.map((input) => [input, { wire: snake(input) }]));
}

export function toWire(fields: Fields, inputs: Properties): Properties {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([input, { wire, translation = byName }]) =>
      inputs[input] === undefined ? [] : [[wire, translation.toWire(inputs[input])]],
    ),
  );
}

export function fromWire(fields: Fields, answer: Properties): Properties {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([input, { wire, translation = byName }]) =>
      answer[wire] === undefined ? [] : [[input, translation.fromWire(answer[wire])]],
    ),
  );
}

function rename(value: unknown, name: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((inner) => rename(inner, name));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [name(key), rename(inner, name)]));
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A property that must be a string, as ids are. */
export function readString(properties: Properties, name: string): string {
  const value = properties[name];
  if (typeof value !== "string") throw new Error(`"${name}" is missing`);
  return value;
}
