// What a resource provider of the local cloud implements; provider-server.ts speaks the engine's gRPC protocol around it.

/** Property values as the Pulumi SDK sends them: camelCase keys, secrets unwrapped, assets as pulumi.asset objects. */
export type Properties = Record<string, unknown>;

/** Stands for a value that is known only after an update; occurs in previews, at any depth. */
export const UNKNOWN = Symbol("unknown");

/** A value in an answer that the engine must keep as a secret, if what it sent doesn't show that. */
export class Secret {
  constructor(readonly value: unknown) {}
}

/** One reason why a resource's inputs would be refused. The engine prints every failure of a resource. */
export interface Failure {
  /** Path of the property, such as `environment.variables`; empty for the resource as a whole. */
  property: string;
  reason: string;
}

export interface Diff {
  /** Top-level properties that differ. */
  changed: string[];
  /** Those of them that cannot be changed in place. */
  replace: string[];
  /** Set where old and new cannot exist side by side, for example because a name must be unique. */
  deleteBeforeReplace?: boolean;
}

/**
 * A resource provider. `type` is a Pulumi type token such as `aws:lambda/function:Function`. A method that throws fails
 * the resource with the error's message.
 */
export interface Provider {
  configure(config: Record<string, string>): Promise<void>;
  /** Validates the inputs and fills in defaults; a generated name is taken from `oldInputs` where there are any. */
  check(
    type: string,
    inputs: Properties,
    urn: string,
    oldInputs: Properties | undefined,
  ): Promise<{ inputs: Properties; failures: Failure[] }>;
  diff(
    type: string,
    id: string,
    oldInputs: Properties,
    oldOutputs: Properties,
    inputs: Properties,
  ): Promise<Diff>;
  create(type: string, inputs: Properties, preview: boolean): Promise<{ id: string; outputs: Properties }>;
  /** The resource as it is now; undefined where it is gone. On import, `inputs` and `outputs` are empty. */
  read(
    type: string,
    id: string,
    inputs: Properties,
    outputs: Properties,
  ): Promise<{ id: string; inputs: Properties; outputs: Properties } | undefined>;
  update(
    type: string,
    id: string,
    oldOutputs: Properties,
    inputs: Properties,
    preview: boolean,
  ): Promise<Properties>;
  delete(type: string, id: string, outputs: Properties): Promise<void>;
  invoke(token: string, args: Properties): Promise<Properties>;
}
