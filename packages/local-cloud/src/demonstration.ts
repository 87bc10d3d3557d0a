// Calls the deployed API as its customers do, and reports which answers are not as they should be.
import { setTimeout as sleep } from "node:timers/promises";
import pc from "picocolors";
import type { BackendAnswer } from "./backend";
import { type ChosenCall, type ClientCall, chooseCalls } from "./company/choose-calls";
import type { LocalSettings } from "./company/local-settings";
import type { ApiOperation } from "./company/operations";
import { type ClientCredentials, type Credentials, type Customers, getToken } from "./credentials";
import type { MoesifEvent } from "./moesif/start-collector";
import type { Session } from "./session";
import { formatSeconds } from "./terminal";

/** The stack's outputs. */
export interface Deployed {
  url: string;
  customers: Customers;
  credentials: Credentials;
}

export type DemonstratedApi = Pick<LocalSettings, "apiType" | "hasJwtAuthorizer" | "mocks"> & {
  operations: readonly ApiOperation[];
};

/** Prints a line for each answer. @returns how many are not as they should be. */
export async function demonstrate(
  session: Session,
  { url, customers, credentials }: Deployed,
  api: DemonstratedApi,
): Promise<number> {
  let problems = 0;
  const check = async (title: string, findProblem: () => Promise<string | undefined>) => {
    session.signal.throwIfAborted();
    const started = performance.now();
    const problem = await findProblem().catch((error: Error) => error.message);
    session.signal.throwIfAborted();
    const took = pc.dim(formatSeconds(performance.now() - started));
    if (problem === undefined) return console.log(`${pc.green("✓")} ${title} ${took}`);
    problems += 1;
    console.log(`${pc.red("✗")} ${title} ${took}\n  ${pc.red(problem)}`);
  };
  const call = async (chosen: ChosenCall, credentials?: ClientCredentials, scope?: string) => {
    const { operation, request } = chosen;
    const headers: Record<string, string> = { ...request.headers };
    if (credentials) headers.authorization = `Bearer ${await getToken(session.fetch, credentials, scope)}`;
    const response = await session.fetchApi(url.replace(/\/$/, "") + request.path, {
      method: operation.method,
      headers,
      ...(request.body !== undefined && { body: request.body }),
    });
    const text = await response.text();
    return { status: response.status, text, requestId: response.headers.get("x-amzn-requestid") };
  };
  const checkRefusal = (
    title: string,
    status: number,
    reason: string,
    chosen: ChosenCall & Partial<ClientCall>,
  ) =>
    check(`${status}: ${title}`, async () => {
      const answer = await call(chosen, chosen.client, chosen.scope);
      // The answers of an HTTP API have no reason.
      const expected = api.apiType === "rest" ? `${status} ${reason}` : `${status}`;
      const found =
        api.apiType === "rest" ? `${answer.status} ${readJson(answer.text).error}` : `${answer.status}`;
      return found === expected ? undefined : `${answer.status} ${answer.text}; expected ${expected}`;
    });

  const { allowed, secured, denied, open, inactive, notes } = chooseCalls(
    api.operations,
    customers,
    credentials,
    api.mocks,
  );
  let requestId: string | null = null;
  if (allowed) {
    const { name, organizationId } = allowed.client;
    const title = `${name} ${describeCall(allowed)}, and the backend sees the organization`;
    await check(`200: ${title}`, async () => {
      const answer = await call(allowed, allowed.client);
      requestId = answer.requestId;
      // A JWT authorizer adds no headers: the backend reads the token that API Gateway has checked.
      const { organization, organizationInToken }: Partial<BackendAnswer> = readJson(answer.text);
      const seen = api.hasJwtAuthorizer ? organizationInToken : organization;
      if (answer.status === 200 && seen === organizationId) return undefined;
      return `${answer.status} ${answer.text}; expected 200 and the organization ${organizationId}`;
    });
  }
  if (secured) await checkRefusal("without a token", 401, "invalid_token", withoutClient(secured));
  if (denied) {
    const { client, scope, lacking } = denied;
    const who = scope === undefined ? client.name : `${client.name}, with ${scope} only,`;
    await checkRefusal(`${who} lacks ${lacking}`, 403, "insufficient_scope", denied);
  }
  if (inactive) {
    const { name, status } = inactive.client;
    await checkRefusal(`${name} is ${status}`, 403, "access_denied", inactive);
  }
  if (open) {
    const { method, path } = open.operation;
    await check(`200: ${method} ${path} needs no token`, async () => {
      const answer = await call(open);
      return answer.status === 200 ? undefined : `${answer.status} ${answer.text}; expected 200`;
    });
  }
  if (allowed && api.apiType === "rest") {
    const { name, organizationId } = allowed.client;
    await check(`Moesif has the call of ${name} as one of its organization`, async () => {
      const events = await eventsOf(session, organizationId);
      const event = events.find(({ metadata }) => metadata.requestId === requestId);
      if (event?.response.status === 200) return undefined;
      return `no such event among ${events.length} with the company_id ${organizationId}`;
    });
  } else if (allowed) {
    notes.push("The access log of an HTTP API goes to CloudWatch, so Moesif has no call of it.");
  }
  for (const note of notes) console.log(pc.dim(`  ${note}`));
  return problems;
}

function withoutClient({ operation, request }: ChosenCall): ChosenCall {
  return { operation, request };
}

/** Such as `reads an order`, if the document's own words make that sentence, or `calls GET /orders`. */
export function describeCall({ operation }: ChosenCall): string {
  const { method, path, operationId = "" } = operation;
  const [, name] = /^(?:get|read|retrieve|fetch)((?:[A-Z][a-z]+)+)$/.exec(operationId) ?? [];
  const noun = name?.replace(/(?<=[a-z])[A-Z]/g, " $&").toLowerCase();
  const isOneThing = method === "GET" && path.endsWith("}") && noun !== undefined && !/s$| by /.test(noun);
  if (!isOneThing) return `calls ${method} ${path}`;
  return `reads ${/^([aeio]|un(?!i))/.test(noun) ? "an" : "a"} ${noun}`;
}

function readJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** What the collector has of a company: at once in our own cloud, after Firehose's buffering in one that was joined. */
async function eventsOf({ address, cloud, signal }: Session, company: string): Promise<MoesifEvent[]> {
  if (cloud) await cloud.aws.flushLogs();
  else await sleep(bufferingMilliseconds, undefined, { signal });
  const response = await fetch(`${address.moesif.ingestUrl}/events?company_id=${company}`);
  return (await response.json()) as MoesifEvent[];
}

const bufferingMilliseconds = 2_000;
