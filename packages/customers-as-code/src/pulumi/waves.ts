// Registers many customers a few at a time, so that the program's memory is that of a few and not of all.
import * as pulumi from "@pulumi/pulumi";
import { withoutStackTraces } from "./program";
import { sideBySide } from "./side-by-side";

/** What is being registered with the engine. */
export interface Registering {
  /** Resolved once the engine has all of it. */
  registered: Promise<void>;
}

/**
 * So many customers are under way at once. Each has a chain of four requests to Auth0, so this keeps the engine busy at any
 * `--parallel` in use; what a resource takes until the engine has answered is some 100 kB.
 */
const customersAtOnce = 40;

export interface WaveOptions<Item> {
  atOnce?: number;
  /** Resolves once the item may begin; default: at once. */
  turn?(item: Item): Promise<void>;
}

/**
 * Makes one thing of each item, of which at most `atOnce` are under way: as soon as the engine has one, the next begins. No
 * resource hangs on an output here: the same ones are made in a preview.
 * @returns the things in the order of the items, once the engine has all of them
 */
export async function inWaves<Item, Made extends Registering>(
  items: readonly Item[],
  make: (item: Item) => Made,
  { atOnce = customersAtOnce, turn }: WaveOptions<NoInfer<Item>> = {},
): Promise<Made[]> {
  const all = sideBySide(items, atOnce, async (item) => {
    if (turn) await turn(item);
    const one = make(item);
    await one.registered;
    return one;
  });
  return items.length > atOnce ? withoutStackTraces(all) : all;
}

/** Resolved once the engine has every one of the resources. A failure ends the program by itself. */
export function whenRegistered(resources: readonly pulumi.Resource[]): Promise<void> {
  return new Promise((resolve) => {
    pulumi.all(resources.map(({ urn }) => urn)).apply(() => resolve());
  });
}
