// An aws provider for the real engine whose account is moto: what the engine asks for goes through the AWS SDK.
import { randomUUID } from "node:crypto";
import type { AwsProvider } from "../../src/aws/aws-provider";
import type { Diff, Failure, Properties, Provider } from "../../src/engine/provider";
import { notInMoto, rows } from "./services/types-in-moto";
import type { AnyRow, Clients } from "./type";

/** Where the local provider keeps which names it made; no part of the resource. */
const generated = "__defaults";

/**
 * Whether inputs are good, which names they get and what a change means is the local provider's to say; it creates
 * nothing. What comes back from moto after each change must be what went in.
 */
export class MotoProvider implements Provider {
  /** Types of resources that the engine has had made here. */
  readonly made = new Set<string>();

  constructor(
    private readonly rules: AwsProvider,
    private readonly aws: Clients,
  ) {}

  configure(config: Record<string, string>): Promise<void> {
    return this.rules.configure(config);
  }

  check(
    type: string,
    inputs: Properties,
    urn: string,
    oldInputs: Properties | undefined,
  ): Promise<{ inputs: Properties; failures: Failure[] }> {
    return this.rules.check(type, inputs, urn, oldInputs);
  }

  diff(...args: Parameters<Provider["diff"]>): Promise<Diff> {
    return this.rules.diff(...args);
  }

  async create(type: string, inputs: Properties, preview: boolean) {
    if (preview) return this.rules.create(type, inputs, preview);
    const given = withoutGenerated(inputs);
    this.made.add(type);
    if (type in notInMoto) return { id: `not-in-moto-${randomUUID()}`, outputs: given };
    const { id, outputs } = await rowOf(type).create(given, this.aws);
    await this.compare(type, id, given);
    return { id, outputs: { ...given, ...outputs } };
  }

  async read(type: string, id: string, inputs: Properties, outputs: Properties) {
    if (!(type in notInMoto)) await this.compare(type, id, withoutGenerated(inputs));
    return { id, inputs, outputs };
  }

  async update(type: string, id: string, oldOutputs: Properties, inputs: Properties, preview: boolean) {
    if (preview) return this.rules.update(type, id, oldOutputs, inputs, preview);
    const given = withoutGenerated(inputs);
    if (type in notInMoto) return { ...oldOutputs, ...given };
    const outputs = await rowOf(type).update(id, given, oldOutputs, this.aws);
    await this.compare(type, id, given);
    return outputs;
  }

  async delete(type: string, id: string, outputs: Properties): Promise<void> {
    if (!(type in notInMoto)) await rowOf(type).delete(id, outputs, this.aws);
  }

  invoke(token: string, args: Properties): Promise<Properties> {
    return this.rules.invoke(token, args);
  }

  /** @throws with every property that moto has otherwise than asked for */
  private async compare(type: string, id: string, asked: Properties): Promise<void> {
    const differences = await rowOf(type).differences(id, asked, this.aws);
    if (differences.length > 0)
      throw new Error(`${type} ${id} is not what it should be: ${differences.join("; ")}`);
  }
}

function rowOf(type: string): AnyRow {
  const row = Object.hasOwn(rows, type) ? rows[type] : undefined;
  if (row) return row;
  throw new Error(
    `${type} is not checked in moto. Add a row for it to test/moto/services, or to its list of what moto cannot do.`,
  );
}

function withoutGenerated({ [generated]: _, ...given }: Properties): Properties {
  return given;
}
