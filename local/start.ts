// `npm start`: customers as code on the local cloud, from nothing to a metered call.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import pc from "picocolors";
import type { BackendAnswer } from "./backend";
import { type Credentials, type Customers, findCredentials, getToken, output } from "./credentials";
import { printCurl } from "./curl";
import type { MoesifEvent } from "./moesif";
import { bringUp, Interrupted, type Session, withCloud } from "./session";
import { seconds, step } from "./terminal";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      keep: { type: "boolean", default: false },
      plugins: { type: "string", default: "local" },
      directory: { type: "string" },
    },
  });
  if (values.plugins !== "local" && values.plugins !== "official") {
    throw new Error(`--plugins is "local" or "official", not "${values.plugins}"`);
  }
  const started = performance.now();
  await withCloud({ directory: values.directory, plugins: values.plugins }, async (session) => {
    const { signal } = session;
    console.log(pc.bold("Customers as code, on this machine"));
    const command = await step("Pulumi CLI", async (say) => {
      const found = await session.findEngine(say);
      say(`${found.version}, ${found.origin}`);
      return found;
    });
    const stack = await step("Stack local", () => session.openStack(command));
    await step("pulumi up", async (say) => {
      say(await bringUp(stack, say, signal));
    });
    const outputs = await stack.outputs();
    const problems = await show(session, {
      url: output(outputs, "url"),
      customers: output(outputs, "customers"),
      credentials: output(outputs, "credentials"),
    });
    console.log(pc.dim(`${seconds(performance.now() - started)} in all`));
    if (problems > 0) throw new Error(`${problems} of the answers are not as they should be`);
    if (values.keep) {
      printCurl(outputs, session.address);
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    }
  });
}

interface Deployed {
  url: string;
  customers: Customers;
  credentials: Credentials;
}

/** Calls the API as its customers do. @returns how many answers are not as they should be. */
async function show(session: Session, { url, customers, credentials }: Deployed): Promise<number> {
  let problems = 0;
  const expect = async (title: string, check: () => Promise<string | undefined>) => {
    session.signal.throwIfAborted();
    const started = performance.now();
    const wrong = await check().catch((error: Error) => error.message);
    const took = pc.dim(seconds(performance.now() - started));
    if (wrong === undefined) console.log(`${pc.green("✓")} ${title} ${took}`);
    else console.log(`${pc.red("✗")} ${title} ${took}\n  ${pc.red(wrong)}`);
    if (wrong !== undefined) problems += 1;
  };
  const call = async (path: string, who?: string) => {
    const headers: Record<string, string> = {};
    if (who !== undefined) {
      headers.authorization = `Bearer ${await getToken(session.fetch, findCredentials(credentials, who))}`;
    }
    const response = await fetch(url + path, { headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const acme = customers.acme?.organizationId ?? "(no customer acme)";

  const order = `/orders/${randomUUID()}`;
  await expect("200: acme reads an order, and the backend sees the organization", async () => {
    const { status, body } = await call(order, "acme");
    const seen = (body as Partial<BackendAnswer>).organization;
    return status === 200 && seen === acme
      ? undefined
      : `${status} ${JSON.stringify(body)}; expected organization ${acme}`;
  });
  const refusals: [string, number, string | undefined, string][] = [
    ["without a token", 401, undefined, "invalid_token"],
    ["globex's bookkeeping lacks the scope read:orders", 403, "globex/bookkeeping", "insufficient_scope"],
    ["initech is suspended", 403, "initech", "access_denied"],
  ];
  for (const [title, expected, who, error] of refusals) {
    await expect(`${expected}: ${title}`, async () => {
      const { status, body } = await call("/orders", who);
      return status === expected && body.error === error
        ? undefined
        : `${status} ${JSON.stringify(body)}; expected ${expected} ${error}`;
    });
  }
  await expect("Moesif has the call as one of the company acme", async () => {
    await session.cloud?.aws.flushLogs();
    const events = await eventsOf(session, acme);
    const found = events.find(({ metadata }) => String(metadata.path).endsWith(order));
    return found?.response.status === 200
      ? undefined
      : `no such event among ${events.length} of company_id ${acme}`;
  });
  return problems;
}

/** What the collector has of a company: at once in our own cloud, after Firehose's buffering in one that was joined. */
async function eventsOf({ address, cloud, signal }: Session, company: string): Promise<MoesifEvent[]> {
  if (!cloud) await sleep(bufferingMilliseconds, undefined, { signal });
  const response = await fetch(`${address.moesif.ingestUrl}/events?company_id=${company}`);
  return (await response.json()) as MoesifEvent[];
}

const bufferingMilliseconds = 2_000;

main().catch((error: unknown) => {
  if (error instanceof Interrupted) {
    process.exitCode = 130;
    return;
  }
  console.error(pc.red(error instanceof Error ? error.message : String(error)));
  process.exitCode = 1;
});
