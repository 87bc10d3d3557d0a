// The outputs in which a customer's credentials are: of a stack, or of two where its customers are split into shards.
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { placementOf, stackOf } from "../customers/shards";
import { own, record } from "../diagnostics/record";
import { parseSource } from "../diagnostics/source";

/** What is asked of Pulumi: the outputs of a stack with secrets in clear, and the name of the current one. */
export interface PulumiStacks {
  outputs(stack: string | undefined): unknown;
  current(): string;
}

/**
 * Asks for another stack only where the one that is named, or the current one, has not the customer or the API.
 * @param stack any of those that share the customers
 */
export function findOutputs(customer: string, stack: string | undefined, pulumi: PulumiStacks): unknown {
  const outputs = record(pulumi.outputs(stack));
  const isThere = own(record(outputs.credentials), customer) !== undefined;
  if (isThere && typeof outputs.url === "string") return outputs;
  const name = stack ?? pulumi.current();
  const { main } = shardOf(name) ?? { main: name };
  const settings = readSettings(main);
  const shards = Number(settings.shards ?? 1);
  if (!(shards > 1)) return outputs;
  const previously = previousId(String(settings.customers ?? "customers"), customer);
  const home = stackOf({ id: customer, ...(previously !== undefined && { previously }) }, { main, shards });
  const credentials = home === name || isThere ? outputs : record(pulumi.outputs(home));
  const { url } = name === main ? outputs : record(pulumi.outputs(main));
  return { ...credentials, url };
}

/** What its name says, whatever the settings. */
function shardOf(name: string): { main: string } | undefined {
  const placement = placementOf(basename(name), Number.MAX_SAFE_INTEGER);
  if (typeof placement === "string" || placement.number === undefined) return undefined;
  return { main: name.slice(0, name.length - basename(name).length) + placement.main };
}

function readSettings(stack: string): Record<string, unknown> {
  const config = record(record(readYaml(`Pulumi.${basename(stack)}.yaml`)).config);
  return Object.fromEntries(["shards", "customers"].map((key) => [key, config[`customers-as-code:${key}`]]));
}

/** A customer with a new id is still where it was under its old one. */
function previousId(folder: string, customer: string): string | undefined {
  const { previously } = record(readYaml(join(folder, `${customer}.yaml`)));
  return typeof previously === "string" ? previously : undefined;
}

function readYaml(file: string): unknown {
  return existsSync(file) ? parseSource(file, readFileSync(file, "utf8")).value : undefined;
}
