// What the provider says to what a row has it refuse.
import { isObject } from "../../../src/aws/property";
import type { Failure, Properties } from "../../../src/engine/provider";
import { typeOf } from "../../../testing/fixture";
import type { Refusal, Row, World } from "./row";

export interface Refused {
  type: string;
  failures: Failure[];
  /** Of the creation, where the check has passed. */
  error: string | undefined;
}

export interface Expected {
  /** Path of the property that a failure of the check names; undefined for an error of the creation. */
  property: string | undefined;
  message: RegExp;
}

export async function refuse(row: Row, refusal: Refusal, world: World): Promise<Refused> {
  const { provider } = world.fixture.aws;
  const type = typeOf(row.type);
  const inputs = inputsOf(row, refusal, world);
  const checked = await provider.check(type, inputs, `urn:pulumi:s::p::${type}::row`, undefined);
  if (checked.failures.length > 0) return { type, failures: checked.failures, error: undefined };
  const error = await provider.create(type, checked.inputs, false).then(
    () => undefined,
    (reason: unknown) => String(reason),
  );
  return { type, failures: [], error };
}

export function expectedOf(refusal: Refusal): Expected {
  if ("given" in refusal) return { property: refusal.property, message: refusal.message };
  const [property, , message] = refusal;
  return { property, message };
}

function inputsOf(row: Row, refusal: Refusal, world: World): Properties {
  const inputs = row.inputs(world);
  if ("given" in refusal) {
    const { given } = refusal;
    return { ...inputs, ...(typeof given === "function" ? given(world) : given) };
  }
  const [path, value] = refusal;
  // "a[0].b" is the b of the first of the list a. The name of a tag or a variable may have anything but these two.
  const changed = withValue(inputs, path.split(/\.|(?=\[)/), value);
  return isObject(changed) ? changed : {};
}

/** A copy with the value at the path, of which what is not there is made. */
function withValue(whole: unknown, [name = "", ...rest]: string[], value: unknown): unknown {
  const index = /^\[(\d+)\]$/.exec(name)?.[1];
  if (index !== undefined) {
    const list: unknown[] = Array.isArray(whole) ? [...whole] : [];
    list[Number(index)] = rest.length === 0 ? value : withValue(list[Number(index)], rest, value);
    return list;
  }
  const map = isObject(whole) ? whole : {};
  return { ...map, [name]: rest.length === 0 ? value : withValue(map[name], rest, value) };
}
