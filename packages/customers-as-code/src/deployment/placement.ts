// Where a stack is one of several that share the customers of a company: what each of them knows of the others.
import * as pulumi from "@pulumi/pulumi";
import type { Customer } from "../auth0/customer";
import type { CustomerDeclaration } from "../customers/load-customers";
import { isHere, type Placement, shardStack, shardStacks, stackOf } from "../customers/shard-placement";
import type { CustomerOrganization } from "../gateway/rest/api-keys";
import { refuseDeployment } from "../problems/fail";
import type { Problem } from "../problems/problem";
import { asRecord } from "../problems/record";
import type { Settings } from "../settings/settings";
import {
  type DeployedCustomer,
  joinLastDeployments,
  type LastDeployment,
  readDeployed,
  readLastDeployment,
} from "./last-deployment";

/** What was deployed last. */
export interface Deployed {
  /** In this stack. */
  here: Record<string, DeployedCustomer>;
  /** In all shards, where this is the main stack. */
  everywhere: Record<string, DeployedCustomer>;
  /** What it left for this one to know, of all those customers. */
  last: LastDeployment;
}

/**
 * By the outputs of the stacks.
 * @throws {pulumi.RunError} where this one has customers that belong into others, of which it asks only then; and where it knew
 * customers that none of them has
 */
export async function lastDeployed(
  declared: readonly CustomerDeclaration[],
  { placement, file }: Pick<Settings, "placement" | "file">,
): Promise<Deployed> {
  const outputs = await lastOutputs(pulumi.getStack());
  const here = readDeployed(outputs);
  refuseDeployment(checkPlacement(declared, here, placement, file));
  const names = placement.number === undefined ? shardStacks(placement) : [];
  const others = await Promise.all(names.map(lastOutputs));
  const everywhere: Deployed["everywhere"] = Object.assign({}, here, ...others.map(readDeployed));
  const last = joinLastDeployments(readLastDeployment(outputs), others.map(readLastDeployment));
  const { knownCustomers } = asRecord(outputs);
  const known = Array.isArray(knownCustomers) ? knownCustomers.map(String) : [];
  refuseDeployment(checkKnown(declared, { known, everywhere }, placement, file));
  return { here, everywhere, last };
}

/** What every other stack of the company has, for a shard: the main stack's {@link Deployed.everywhere} has it all. */
export async function deployedInOthers({ number, ...placement }: Placement): Promise<Deployed["here"]> {
  if (number === undefined) return {};
  const own = shardStack(placement.main, number);
  const names = [placement.main, ...shardStacks(placement)].filter((name) => name !== own);
  const all = await Promise.all(names.map(async (name) => readDeployed(await lastOutputs(name))));
  return Object.assign({}, ...all);
}

/** Read by a function, and not by a StackReference, which would keep a copy of all secrets in the state. */
async function lastOutputs(stack: string): Promise<unknown> {
  const name = [pulumi.getOrganization(), pulumi.getProject(), stack].join("/");
  try {
    const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
    return outputs;
  } catch (error) {
    if (stack === pulumi.getStack()) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new pulumi.RunError(
      `The outputs of the shard ${stack} cannot be read: ${reason}. Where there is no such stack yet, make it with: npx customers shards move --stack ${pulumi.getStack()}`,
    );
  }
}

/** What the engine would delete here, since it belongs into another stack now, and nobody has moved it. */
export function checkPlacement(
  declared: readonly CustomerDeclaration[],
  here: Deployed["here"],
  placement: Placement,
  file: string,
): Problem[] {
  const strangers = declared.filter(
    (customer) =>
      !isHere(customer, placement) &&
      [customer.id, customer.previously].some((id) => id !== undefined && here[id] !== undefined),
  );
  const [first] = strangers;
  if (!first) return [];
  const message = `shards: ${strangers.length} of the customers of this stack, such as ${first.id}, belong to other stacks now (${stackOf(first, placement)}). Move them, which changes nothing in Auth0: npx customers shards move --stack ${placement.main}`;
  return [{ file, code: "customer-in-other-shard", message }];
}

/**
 * Whom the gateway knew, and would know no longer: with fewer shards than before, while nobody has moved. Of an organization that
 * it does not know it cannot say that it is suspended, nor whose plan is its.
 * @param known to the last deployment of this stack: its output `knownCustomers`
 */
export function checkKnown(
  declared: readonly Pick<CustomerDeclaration, "id" | "previously">[],
  { known, everywhere }: Pick<Deployed, "everywhere"> & { known: readonly string[] },
  placement: Placement,
  file: string,
): Problem[] {
  const before = new Set(known);
  const lost = declared.filter(({ id, previously = id }) => {
    const last = everywhere[id] ?? everywhere[previously];
    return (before.has(id) || before.has(previously)) && last?.organizationId === undefined;
  });
  const [first] = lost;
  if (!first) return [];
  const { main } = placement;
  const target = stackOf(first, placement);
  const lostThere =
    target === main
      ? ""
      : `. If it is the shard that has lost them, deploy it first: npx customers shards up --stack ${main} --only ${target}`;
  const message = `shards: ${lost.length} of the customers that this stack knew, such as ${first.id}, are not where they belong now (${target}): it would let in who is suspended, and forget their plans. Move them, which changes nothing in Auth0: npx customers shards move --stack ${main}${lostThere}`;
  return [{ file, code: "customer-in-other-shard", message }];
}

/** The organizations of this stack, and of those customers that are deployed in its shards; in the order of the files. */
export async function organizationsOf(
  here: Promise<Pick<Customer, "id" | "organizationId">[]>,
  declared: readonly CustomerDeclaration[],
  { everywhere }: Pick<Deployed, "everywhere">,
): Promise<CustomerOrganization[]> {
  const made = new Map((await here).map((customer) => [customer.id, customer.organizationId]));
  return declared.flatMap(({ id, previously, status }) => {
    const last = everywhere[id] ?? everywhere[previously ?? id];
    const organizationId = made.get(id) ?? last?.organizationId;
    return organizationId === undefined ? [] : [{ id, status, organizationId }];
  });
}
