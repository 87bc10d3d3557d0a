// Calls the deployed API as its customers do, and tells which answers are not as they should be.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pc from "picocolors";
import type { BackendAnswer } from "./backend";
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

/** Of the example API: GET /orders and what is below it demands it. */
const scope = "read:orders";

/** Prints a line for each answer. @returns how many are not as they should be. */
export async function demonstrate(session: Session, deployed: Deployed): Promise<number> {
  let problems = 0;
  const check = async (title: string, findProblem: () => Promise<string | undefined>) => {
    session.signal.throwIfAborted();
    const started = performance.now();
    const problem = await findProblem().catch((error: Error) => error.message);
    const took = pc.dim(formatSeconds(performance.now() - started));
    if (problem === undefined) return console.log(`${pc.green("✓")} ${title} ${took}`);
    problems += 1;
    console.log(`${pc.red("✗")} ${title} ${took}\n  ${pc.red(problem)}`);
  };
  const call = async (path: string, credentials?: ClientCredentials) => {
    const headers: Record<string, string> = {};
    if (credentials) headers.authorization = `Bearer ${await getToken(session.fetch, credentials)}`;
    const response = await fetch(deployed.url + path, { headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const checkRefusal = (title: string, status: number, error: string, credentials?: ClientCredentials) =>
    check(`${status}: ${title}`, async () => {
      const answer = await call("/orders", credentials);
      if (answer.status === status && answer.body.error === error) return undefined;
      return `${answer.status} ${JSON.stringify(answer.body)}; expected ${status} ${error}`;
    });

  const clients = listClients(deployed);
  const able = clients.find(({ isActive, scopes }) => isActive && scopes.includes(scope));
  const unable = clients.find(({ isActive, scopes }) => isActive && !scopes.includes(scope));
  const suspended = clients.find(({ isActive, scopes }) => !isActive && scopes.includes(scope));
  const order = `/orders/${randomUUID()}`;
  if (able) {
    await check(`200: ${able.name} reads an order, and the backend sees the organization`, async () => {
      const { status, body } = await call(order, able);
      const { organization } = body as Partial<BackendAnswer>;
      if (status === 200 && organization === able.organizationId) return undefined;
      return `${status} ${JSON.stringify(body)}; expected 200 and the organization ${able.organizationId}`;
    });
  }
  await checkRefusal("without a token", 401, "invalid_token");
  if (unable)
    await checkRefusal(`${unable.name} lacks the scope ${scope}`, 403, "insufficient_scope", unable);
  if (suspended) await checkRefusal(`${suspended.name} is suspended`, 403, "access_denied", suspended);
  if (able) {
    await check(`Moesif has the call of ${able.name} as one of its organization`, async () => {
      const events = await eventsOf(session, able.organizationId);
      const event = events.find(({ metadata }) => String(metadata.path).endsWith(order));
      if (event?.response.status === 200) return undefined;
      return `no such event among ${events.length} with the company_id ${able.organizationId}`;
    });
  } else {
    console.log(pc.dim(`  No active client has the scope ${scope}, so there is no more to show.`));
  }
  return problems;
}

interface NamedClient extends ClientCredentials {
  /** `CUSTOMER/CLIENT` */
  name: string;
  isActive: boolean;
  organizationId: string;
}

function listClients({ customers, credentials }: Deployed): NamedClient[] {
  return Object.entries(customers).flatMap(([customer, { organizationId, status }]) =>
    Object.entries(credentials[customer] ?? {})
      // The others' private keys are where they belong: not here.
      .filter(([, { clientSecret }]) => clientSecret !== undefined)
      .map(([client, found]) => ({
        ...found,
        name: `${customer}/${client}`,
        isActive: status === "active",
        organizationId,
      })),
  );
}

/** What the collector has of a company: at once in our own cloud, after Firehose's buffering in one that was joined. */
async function eventsOf({ address, cloud, signal }: Session, company: string): Promise<MoesifEvent[]> {
  if (cloud) await cloud.aws.flushLogs();
  else await sleep(bufferingMilliseconds, undefined, { signal });
  const response = await fetch(`${address.moesif.ingestUrl}/events?company_id=${company}`);
  return (await response.json()) as MoesifEvent[];
}

const bufferingMilliseconds = 2_000;
