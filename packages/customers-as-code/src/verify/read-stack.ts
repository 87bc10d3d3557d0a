// The stack that is verified: from its outputs, its settings and the company's OpenAPI document.
import { CodedError, UsageError } from "../problems/command";
import { asRecord, getOwn } from "../problems/record";
import { type EffectiveSettings, effectiveSettings } from "../settings/effective-settings";
import type { ApiKind, Caller, NamedOperation, StackUnderTest } from "./claim";

/** The customer that a stack may declare for this purpose alone. */
const defaultCustomer = "canary";

export interface VerifiedStack {
  /** As {@link import("../stacks/outputs").findOutputs} has them, secrets in clear. */
  outputs: unknown;
  /** As {@link import("../stacks/stack-settings").readStack} has them. */
  settings: Readonly<Record<string, string | undefined>>;
  /** `CUSTOMER` or `CUSTOMER/CLIENT`. */
  who: string | undefined;
  /** Domain of the tenant, if the settings don't name it. */
  domain: string;
}

/** @throws {CodedError} if the stack has no such customer, or its client cannot be used */
export function readStackUnderTest({
  outputs,
  settings: given,
  who = defaultCustomer,
  domain,
}: VerifiedStack): Omit<StackUnderTest, "showsCaller" | "operations" | "marker" | "given"> {
  const { url, customers } = asRecord(outputs);
  if (typeof url !== "string" || !URL.canParse(url))
    throw new CodedError(
      "credentials-unavailable",
      "The stack's outputs have no url: deploy the stack first.",
    );
  const settings = effectiveSettings(given);
  const { tokenLifetime, authorizerCacheSeconds, stageName, customDomain, liveSuspensions } = settings;
  const all = asRecord(customers);
  const customer = findCaller(outputs, who);
  const isOther = (id: string) => id !== who.split("/")[0];
  const suspended = Object.keys(all)
    .filter((id) => isOther(id) && statusOf(all, id) === "suspended")
    .flatMap((id) => callersOf(outputs, id))[0];
  const foreign = Object.keys(all).find(isOther);
  const foreignOrganizationId = foreign === undefined ? undefined : organizationOf(all, foreign);
  return {
    ...{ url, kind: kindOf(settings), domain: given.domain ?? domain, customer },
    ...(suspended && { suspended }),
    ...(foreignOrganizationId !== undefined && { foreignOrganizationId }),
    ...{ tokenLifetime, authorizerCacheSeconds, stageName },
    hasCustomDomain: customDomain !== undefined,
    keepsDefaultEndpoint: customDomain?.defaultEndpoint === true,
    hasLiveSuspensions: liveSuspensions,
    sendsToMoesif: settings.moesifIngestUrl !== "",
  };
}

/** @param text `GET /orders` @throws {UsageError} */
export function readOperation(option: string, text: string): NamedOperation {
  const [, method, path] = /^([A-Z]+) (\/[\x21-\x7e]*)$/.exec(text) ?? [];
  if (method === undefined || path === undefined || /[{}]/.test(path))
    throw new UsageError(
      `${option} "${text}" is not an operation. Write its method and its path, with values for its parameters: "GET /orders/1".`,
    );
  return { method, path };
}

/** @param text `https://ID.execute-api.REGION.amazonaws.com` @throws {UsageError} */
export function readDefaultEndpoint(text: string): string {
  const [, endpoint] =
    /^(https:\/\/[a-z0-9]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?)\/?$/.exec(text) ?? [];
  if (endpoint !== undefined) return endpoint;
  throw new UsageError(
    `--default-endpoint "${text}" is not an API's own endpoint. Write it without a stage: https://ID.execute-api.REGION.amazonaws.com.`,
  );
}

function kindOf({ apiType, httpAuthorizer }: EffectiveSettings): ApiKind {
  if (apiType !== "http") return "rest";
  return httpAuthorizer === "jwt" ? "jwt" : "http";
}

function findCaller(outputs: unknown, who: string): Caller {
  const [id = "", client] = who.split("/");
  const { customers, credentials } = asRecord(outputs);
  const known = Object.keys(asRecord(customers));
  if (!known.includes(id))
    throw new CodedError(
      "customer-unknown",
      `The stack has no customer "${id}". Name one with --customer: ${known.join(", ") || "there are none"}.`,
    );
  const status = statusOf(asRecord(customers), id);
  if (status !== "active")
    throw new CodedError(
      "credentials-unavailable",
      `Customer "${id}" is ${status}, so that nothing can be called. Name an active one.`,
    );
  const callers = callersOf(outputs, id);
  const caller = client === undefined ? callers[0] : callers.find(({ name }) => name === who);
  if (caller) return caller;
  const clients = Object.keys(asRecord(getOwn(asRecord(credentials), id)));
  if (client !== undefined && !clients.includes(client))
    throw new CodedError(
      "client-unknown",
      `Customer "${id}" has no client "${client}". Its clients: ${clients.join(", ")}.`,
    );
  throw new CodedError(
    "credentials-unavailable",
    `${who} has no client with a secret: only the owner of a private key can get tokens with it. Give another customer, or a client with a secret.`,
  );
}

/** The clients of a customer that have a secret. */
function callersOf(outputs: unknown, id: string): Caller[] {
  const { customers, credentials } = asRecord(outputs);
  const organizationId = organizationOf(asRecord(customers), id);
  const clients = asRecord(getOwn(asRecord(credentials), id));
  return Object.entries(clients).flatMap(([name, value]) => {
    const { clientId, clientSecret, tokenUrl, audience, scopes } = asRecord(value);
    if (organizationId === undefined || typeof clientId !== "string" || typeof clientSecret !== "string")
      return [];
    if (typeof tokenUrl !== "string" || typeof audience !== "string" || !Array.isArray(scopes)) return [];
    const named = { name: `${id}/${name}`, organizationId, clientId, clientSecret };
    return [{ ...named, tokenUrl, audience, scopes: scopes.map(String) }];
  });
}

function organizationOf(customers: Record<string, unknown>, id: string): string | undefined {
  const { organizationId } = asRecord(getOwn(customers, id));
  return typeof organizationId === "string" ? organizationId : undefined;
}

function statusOf(customers: Record<string, unknown>, id: string): string {
  return String(asRecord(getOwn(customers, id)).status);
}
