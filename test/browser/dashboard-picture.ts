// Takes docs/images/dashboard.png: npm run ts -- test/browser/dashboard-picture.ts [MINUTES]
// The stack is deployed to the local cloud by the real engine, called for so long, and its dashboard drawn from the body that
// was deployed, with what the local services measured. CloudWatch itself is not asked.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { launchBrowser } from "../../packages/auth0-tenant/testing/browser";
import type { DashboardBody } from "../../packages/customers-as-code/src/gateway/observability/dashboard-body";
import { alarmState } from "../../packages/local-cloud/src/aws/alarm-state";
import { dashboardType, metricAlarmType } from "../../packages/local-cloud/src/aws/services/cloudwatch";
import { type Credentials, getToken, readOutput } from "../../packages/local-cloud/src/credentials";
import { openTestCloud, type TestCloud } from "../e2e/local-cloud";
import { renderDashboardPage } from "./dashboard-page";

const minutes = Number(process.argv[2] ?? 20);

/** Within the run, as shares of it: when the backend fails, and when Moesif takes nothing. */
const outages = { backend: [0.35, 0.45], moesif: [0.65, 0.75] } as const;

async function main(): Promise<void> {
  let began = Number.POSITIVE_INFINITY;
  const isOut = ([from, to]: readonly [number, number]) => {
    const share = (Date.now() - began) / (minutes * 60_000);
    return share >= from && share < to;
  };
  const backend = await serve(async (_, response) => {
    await sleep(5 + 15 * Math.random());
    response.statusCode = isOut(outages.backend) ? 503 : 200;
    response.end("{}");
  });
  const moesif = await serve(async (request, response) => {
    const { requestId } = JSON.parse(gunzipSync(await bodyOf(request)).toString()) as { requestId: string };
    response.statusCode = isOut(outages.moesif) ? 503 : 200;
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ requestId, timestamp: Date.now() }));
  });
  const system = await openTestCloud({
    config: {
      backendUrl: { value: backend.url },
      moesifIngestUrl: { value: moesif.url },
      authorizerCacheSeconds: { value: "10" },
      dashboard: { value: "true" },
      "alarms.topicArns[0]": { value: "arn:aws:sns:us-east-1:123456789012:on-call" },
    },
  });
  try {
    await system.stack.up();
    const callers = await callersOf(system);
    began = Date.now();
    const end = began + minutes * 60_000;
    while (Date.now() < end) {
      // More and less of it, as of a day.
      const rate = 4 + 3 * Math.sin(((Date.now() - began) / (minutes * 60_000)) * 3 * Math.PI);
      const caller = callers[Math.floor(Math.random() * callers.length)];
      if (caller) void caller().catch(() => undefined);
      await sleep(1000 / rate);
    }
    await sleep(2000);
    await takePicture(system, began, Date.now());
  } finally {
    await system.close();
    backend.close();
    moesif.close();
  }
}

/** Calls as customers make them: most are good. */
async function callersOf({ stack, cloud }: TestCloud): Promise<(() => Promise<unknown>)[]> {
  const outputs = await stack.outputs();
  const url = readOutput<string>(outputs, "url");
  const credentials = readOutput<Credentials>(outputs, "credentials");
  const tokenOf = (customer: string, client: string) => {
    const found = credentials[customer]?.[client];
    if (!found) throw new Error(`no credentials of ${customer}/${client}`);
    return getToken(cloud.fetch, found);
  };
  const calling = (token: string, path: () => string) => () =>
    fetch(url + path(), { headers: { authorization: `Bearer ${token}` } });
  const acme = await tokenOf("acme", "default");
  const globex = await tokenOf("globex", "warehouse");
  const order = () => `/orders/${randomUUID()}`;
  const good = [calling(acme, () => "/orders"), calling(acme, order), calling(globex, order)];
  return [
    ...good,
    ...good,
    ...good,
    calling(await tokenOf("globex", "bookkeeping"), order),
    calling(await tokenOf("initech", "default"), order),
    calling("no.good.token", order),
  ];
}

async function takePicture({ cloud }: TestCloud, from: number, to: number): Promise<void> {
  const { account, metrics, flushLogs } = cloud.aws;
  await flushLogs();
  const [dashboard] = account.list(dashboardType);
  const body = JSON.parse(String(dashboard?.inputs.dashboardBody)) as DashboardBody;
  const alarms = new Map(
    account
      .list(metricAlarmType)
      .map((alarm) => [
        String(alarm.outputs.arn),
        { name: alarm.id.replace(/-[\da-f]{7}$/, ""), state: alarmState(alarm, metrics, to) },
      ]),
  );
  // Minutes that are not whole would look like a beginning and an end of the traffic.
  const [first, end] = [Math.ceil(from / 60_000) * 60_000, Math.floor(to / 60_000) * 60_000];
  const caption =
    `Drawn from the dashboard's own definition, with the metrics of a local run of ${minutes} minutes, in which the backend ` +
    "failed for a tenth of the time and Moesif, later, for another. Times in UTC. CloudWatch's console looks otherwise.";
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 400 }, deviceScaleFactor: 1 });
    await page.setContent(renderDashboardPage({ body, metrics, alarms, from: first, to: end, caption }));
    await page.screenshot({ path: join(__dirname, "../../docs/images/dashboard.png"), fullPage: true });
  } finally {
    await browser.close();
  }
}

async function serve(listener: RequestListener): Promise<{ url: string; close(): void }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  return { url: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

void main();
