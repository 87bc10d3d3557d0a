// The outputs in which a customer's credentials are: of a stack, or of two where its customers are split into shards.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mainOf, stackOf } from "../customers/shard-placement";
import { ProblemsError } from "../problems/command";
import type { Problem } from "../problems/problem";
import { asRecord, getOwn } from "../problems/record";
import { parseSource } from "../problems/source";
import { effectiveSettings } from "../settings/effective-settings";
import { readStack, settingsFile } from "./stack-settings";

/** What is asked of Pulumi: the outputs of a stack with secrets in clear, and the name of the current one. */
export interface PulumiStacks {
  outputs(stack: string | undefined): Promise<unknown>;
  current(): Promise<string>;
}

/**
 * Asks for another stack only if the named or current one lacks the customer or the API.
 * @param stack any of those that share the customers
 */
export async function findOutputs(
  customer: string,
  stack: string | undefined,
  pulumi: PulumiStacks,
): Promise<unknown> {
  const outputs = asRecord(await pulumi.outputs(stack));
  const isThere = getOwn(asRecord(outputs.credentials), customer) !== undefined;
  if (isThere && typeof outputs.url === "string") return outputs;
  const name = stack ?? (await pulumi.current());
  const main = mainOf(name) ?? name;
  const problems: Problem[] = [];
  // Of a stack without a file of settings, there are no shards to ask.
  const settings = effectiveSettings(existsSync(settingsFile(main)) ? readStack(main, problems) : {});
  if (problems.length > 0) throw new ProblemsError(problems, 1);
  const { shards } = settings;
  if (!(shards > 1)) return outputs;
  const previously = previousId(settings.customers, customer);
  const home = stackOf({ id: customer, ...(previously !== undefined && { previously }) }, { main, shards });
  const credentials = home === name || isThere ? outputs : asRecord(await pulumi.outputs(home));
  const { url } = name === main ? outputs : asRecord(await pulumi.outputs(main));
  return { ...credentials, url };
}

/** A customer with a new id is still where it was under its old one. */
function previousId(folder: string, customer: string): string | undefined {
  const file = join(folder, `${customer}.yaml`);
  if (!existsSync(file)) return undefined;
  const { previously } = asRecord(parseSource(file, readFileSync(file, "utf8")).value);
  return typeof previously === "string" ? previously : undefined;
}
