// What a deployment leaves for the next one to be held against: the stack's output `lastDeployment`.
import { z } from "zod";
import { type Generation, generationsOf, mayGo } from "../customers/generations";
import type { CustomerDeclaration } from "../customers/load-customers";
import { thumbprintsOf } from "../customers/public-key";
import { asRecord, isRecord } from "../problems/record";
import { addressSchema } from "./address";

const clientSchema = z.object({
  /** As in a token: https://www.rfc-editor.org/rfc/rfc6749#section-3.3 */
  scopes: z.string().transform((scopes) => scopes.split(" ").filter((scope) => scope !== "")),
  /** Thumbprints of its public keys, the one in use first; absent of a client that has a secret. */
  keys: z
    .string()
    .transform((keys) => keys.split(" "))
    .optional(),
  /** The next deployment may delete it. */
  mayGo: z.literal(true).optional(),
});

/** A client as it was deployed. */
export type DeployedClient = z.output<typeof clientSchema>;

const formerSchema = z.object({
  /** Id of the customer whose organization it was. */
  customer: z.string(),
  /** When a deployment first found it without a file, as an ISO date. */
  since: z.string(),
  /** The customer has another organization now, and this one follows its status. */
  replaced: z.literal(true).optional(),
});

/** An organization that this stack has made, and that no file declares any more. */
export type FormerOrganization = z.output<typeof formerSchema>;

/** Of an entry that cannot be read, the organization's id alone is enough to deny it. */
const unreadableFormer = { customer: "", since: "" };

const lossSchema = z.object({
  /** When it was deployed, as an ISO date. */
  at: z.string(),
  customer: z.string(),
  /** Absent if the whole customer is cut off. */
  client: z.string().optional(),
  /** Absent if the whole client goes. */
  scope: z.string().optional(),
  /** The client stays, but whoever uses its secret or key gets no more tokens. */
  credentials: z.literal(true).optional(),
});

export type DatedLoss = z.output<typeof lossSchema>;
export type Loss = Omit<DatedLoss, "at">;

// A part that cannot be read counts as unknown; the other parts hold.
const outputSchema = z.object({
  protect: z.boolean().catch(true),
  clients: z.record(z.string(), z.record(z.string(), clientSchema)).catch({}),
  address: addressSchema.optional().catch(undefined),
  losses: z.array(lossSchema).catch([]),
  formerOrganizations: z.record(z.string(), formerSchema.catch(unreadableFormer)).catch({}),
});

/** What the stack knows of a customer since its last deployment: of its output `customers`. */
export interface DeployedCustomer {
  status: string;
  organizationId?: string;
  /** Name of its organization; absent if the deployment was made before outputs had it. */
  organization?: string;
  /** Client id by name. */
  clients: Record<string, string>;
  /** Client id by name, of clients whose old secrets still work. */
  retiring?: Record<string, string>;
  /** By the name of a client that has a key pair: what its keys are called in Auth0, by their thumbprints. */
  keys?: Record<string, Record<string, string>>;
}

export interface LastDeployment extends Omit<z.output<typeof outputSchema>, "protect"> {
  /** Ids of the customers that the engine may delete, although they are not closing. */
  unprotected: ReadonlySet<string>;
}

/** @param outputs of a stack. Before its first deployment by a version that leaves this, all of it is unknown. */
export function readLastDeployment(outputs: unknown): LastDeployment {
  const { customers, lastDeployment } = asRecord(outputs);
  const { protect, ...rest } = outputSchema.parse(asRecord(lastDeployment));
  const unprotected = protect || !isRecord(customers) ? [] : Object.keys(customers);
  return { ...rest, unprotected: new Set(unprotected) };
}

/** Joins what a main stack and its shards know of their customers. */
export function joinLastDeployments(main: LastDeployment, shards: readonly LastDeployment[]): LastDeployment {
  const all = [main, ...shards];
  return {
    ...main,
    unprotected: new Set(all.flatMap(({ unprotected }) => [...unprotected])),
    clients: Object.assign({}, ...all.map(({ clients }) => clients)),
    // If several know an organization, the main stack's entry wins.
    formerOrganizations: Object.assign(
      {},
      ...all.map(({ formerOrganizations }) => formerOrganizations).reverse(),
    ),
  };
}

/** By customer and key, for the output. */
export function clientsOf(
  customers: readonly CustomerDeclaration[],
): Record<string, Record<string, z.input<typeof clientSchema>>> {
  return Object.fromEntries(
    customers.map(({ id, clients }) => [
      id,
      Object.fromEntries(clients.flatMap(generationsOf).map((one) => [one.key, deployedClient(one)])),
    ]),
  );
}

function deployedClient(one: Generation): z.input<typeof clientSchema> {
  const keys = thumbprintsOf(one);
  return {
    scopes: one.scopes.join(" "),
    ...(keys.length > 0 && { keys: keys.join(" ") }),
    ...(mayGo(one) && { mayGo: true }),
  };
}

/** The customers in the stack's outputs of its last deployment; none before the first one. */
export function readDeployed(outputs: unknown): Record<string, DeployedCustomer> {
  const customers = Object.entries(asRecord(asRecord(outputs).customers));
  return Object.fromEntries(
    customers.map(([id, customer]) => {
      const { status, organizationId, organization, clients, retiring, keys } = asRecord(customer);
      const deployed = {
        status: String(status),
        ...(typeof organizationId === "string" && { organizationId }),
        ...(typeof organization === "string" && { organization }),
        clients: isRecord(clients) ? texts(clients) : {},
        ...(isRecord(retiring) && { retiring: texts(retiring) }),
        ...(isRecord(keys) && { keys: keyNames(keys) }),
      };
      return [id, deployed];
    }),
  );
}

function keyNames(keys: Record<string, unknown>): Record<string, Record<string, string>> {
  return Object.fromEntries(
    Object.entries(keys).flatMap(([client, names]) => (isRecord(names) ? [[client, texts(names)]] : [])),
  );
}

function texts(map: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, String(value)]));
}
