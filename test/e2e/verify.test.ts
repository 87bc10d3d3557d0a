// `customers verify` against a deployed stack, and against one that lies: in one point each, so that each check is shown to fail.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { startTenant } from "../../packages/auth0-tenant/src/index";
import { loadDocument } from "../../packages/customers-as-code/src/openapi/load-document";
import type { Connections } from "../../packages/customers-as-code/src/verify/ask-question";
import {
  type AwsResources,
  readAwsResources,
} from "../../packages/customers-as-code/src/verify/aws-resources";
import type { StackUnderTest } from "../../packages/customers-as-code/src/verify/claim";
import { themes } from "../../packages/customers-as-code/src/verify/claims/all-claims";
import { readStackUnderTest } from "../../packages/customers-as-code/src/verify/read-stack";
import { exitCodeOf, type Result, runClaims } from "../../packages/customers-as-code/src/verify/run-claims";
import { createTransport } from "../../packages/customers-as-code/src/verify/transport";
import {
  type Credentials,
  type Customers,
  getToken,
  readOutput,
} from "../../packages/local-cloud/src/credentials";
import { ssm } from "../../packages/local-cloud/testing/ssm-client";
import { runCommand } from "./engine-process";
import { openTestCloud, readTenant, type TestCloud } from "./local-cloud";
import { type LyingGateway, lies, startLyingGateway } from "./lying-gateway";

let system: TestCloud;
let backend: Server;
let search: Server;
/** As AWS answers at an API's own endpoint that is off. */
let closedEndpoint: Server;
let gateway: LyingGateway;
let outputs: Awaited<ReturnType<TestCloud["stack"]["outputs"]>>;
/** Of the tenant. */
let secondsBack = 0;
let aws: AwsResources;
/** Lies of {@link readAws}. */
let isLogLost = false;
let hasMoreRights = false;

beforeAll(async () => {
  backend = await listen(createServer(answerWithRequest));
  const { port } = backend.address() as AddressInfo;
  system = await openTestCloud({
    startTenant: (directory) => startTenant({ directory, clock: () => Date.now() - secondsBack * 1000 }),
    config: {
      backendUrl: { value: `http://127.0.0.1:${port}` },
      authorizerCacheSeconds: { value: "1" },
    },
  });
  search = await listen(createServer(searchEvents));
  closedEndpoint = await listen(
    createServer((_, response) => response.writeHead(403).end(JSON.stringify({ message: "Forbidden" }))),
  );
  const document = join(system.directory, "openapi.yaml");
  writeFileSync(document, readFileSync("openapi.yaml", "utf8").replace("paths:\n", `paths:\n${morePaths}`));
  await system.stack.setConfig("openapi", { value: document });
  await system.stack.up();
  outputs = await system.stack.outputs();
  aws = readAwsResources(await system.stack.exportStack());
  gateway = await startLyingGateway(system);
});

afterAll(async () => {
  await gateway?.close();
  for (const server of [backend, search, closedEndpoint]) server?.close();
  await system?.close();
});

const morePaths = `  /echo:
    post:
      operationId: echo
      requestBody:
        content: { application/octet-stream: { schema: { type: string, format: binary } } }
      responses:
        "200":
          description: The same.
          content: { application/octet-stream: { schema: { type: string, format: binary } } }
  /slow:
    get:
      operationId: waitForever
      x-backend: { timeoutMs: 300 }
      responses:
        "200": { description: Too late. }
`;

/** Answers a POST with its body, and anything else with its headers. */
function answerWithRequest(
  ...[request, response]: Parameters<Parameters<typeof createServer>[1] & object>
): void {
  if (request.url === "/slow") return void setTimeout(() => response.end("{}"), 1500).unref();
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    if (request.method === "POST") {
      response.setHeader("content-type", "application/octet-stream").end(Buffer.concat(chunks));
      return;
    }
    const { authorization: _, ...headers } = request.headersDistinct;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ url: request.url, headers }));
  });
}

/** Moesif's search for the newest event of a company, over what the collector has. */
async function searchEvents(request: IncomingMessage, response: { end(body: string): void }): Promise<void> {
  await system.cloud.aws.flushLogs();
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const company = JSON.parse(Buffer.concat(chunks).toString()).query.bool.filter[0].term["company_id.raw"];
  const newest = system.cloud.moesif
    .events()
    .filter((event) => event.company_id === company)
    .at(-1);
  const hits = newest ? [{ _source: { company_id: company, request: newest.request } }] : [];
  response.end(JSON.stringify({ hits: { hits } }));
}

function listen(server: Server): Promise<Server> {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** The stack as the command reads it, behind the gateway that may lie. */
async function stackBehind(given: StackUnderTest["given"]): Promise<Omit<StackUnderTest, "showsCaller">> {
  const values = Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  const { domain } = system.cloud.address.tenant;
  return {
    ...readStackUnderTest({
      outputs: gateway.redirect(values),
      settings: {
        ...{ liveSuspensions: "true", authorizerCacheSeconds: "1" },
        moesifIngestUrl: "https://moesif.example.com/ingest",
        customDomain: JSON.stringify({
          name: "api.example.com",
          certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1a2b",
        }),
      },
      ...{ who: "acme", domain },
    }),
    operations: loadDocument(join(system.directory, "openapi.yaml"), []).api.operations,
    marker: "verify00ff00ff00ff",
    given: { defaultEndpoint: urlOf(closedEndpoint), aws, ...given },
  };
}

function connections(lastSeen: number | "never" = Date.now() + 60_000): Connections {
  return {
    send: createTransport(readFileSync(system.cloud.address.tenant.caFile, "utf8")),
    management: {
      clientId: system.environment.AUTH0_CLIENT_ID,
      clientSecret: system.environment.AUTH0_CLIENT_SECRET,
    },
    lastSeen: async () => lastSeen,
    askAws: readAws,
    ...{ moesifSeconds: 1, pollSeconds: 0.5, logSeconds: 5 },
  };
}

/** As the AWS CLI answers, from the log files of the local cloud and from the roles of the state. */
async function readAws(args: readonly string[]): Promise<string> {
  const optionOf = (option: string) => args[args.indexOf(option) + 1] ?? "";
  if (args[1] === "filter-log-events") {
    await system.cloud.aws.flushLogs();
    const file = system.cloud.aws.logs.fileOf(optionOf("--log-group-name"));
    const lines = isLogLost || !existsSync(file) ? [] : readFileSync(file, "utf8").split("\n");
    const text: string = JSON.parse(optionOf("--filter-pattern"));
    return JSON.stringify({ events: lines.filter((message) => message.includes(text)) });
  }
  const role = aws.roles.find(({ name }) => name === optionOf("--role-name"));
  if (!role) throw new Error("NoSuchEntity");
  const PolicyNames = [...Object.keys(role.inline), ...(hasMoreRights ? ["more"] : [])];
  const answers: Record<string, object> = {
    "list-role-policies": { PolicyNames },
    "list-attached-role-policies": { AttachedPolicies: role.attached.map((PolicyArn) => ({ PolicyArn })) },
    "get-role-policy": { PolicyDocument: role.inline[optionOf("--policy-name")] },
  };
  return JSON.stringify(answers[args[1] ?? ""]);
}

/** Everything that a user can give, so that every claim is tried that can be. */
const everything: StackUnderTest["given"] = {
  showsHeaders: { method: "GET", path: "/orders" },
  echoesBody: { method: "POST", path: "/echo" },
  tooSlow: { method: "GET", path: "/slow" },
  ...{ hasManagementToken: true, hasMoesifKey: true },
};

/** A token of acme that expired a day ago. */
async function expiredToken(): Promise<string> {
  const credentials = readOutput<Credentials>(outputs, "credentials").acme?.default;
  if (!credentials) throw new Error("there is no client acme/default");
  secondsBack = 2 * 86_400;
  try {
    return await getToken(system.cloud.fetch, credentials);
  } finally {
    secondsBack = 0;
  }
}

const only = (id: string) => ({ theme: claims.filter((claim) => claim.id === id) });
const claims = Object.values(themes).flat();

const verdicts = (results: readonly Result[]) =>
  Object.fromEntries(results.map(({ id, verdict, seen, reason }) => [id, `${verdict}: ${seen ?? reason}`]));

test("as a command, it reports what holds of the stack, in JSON and with its exit code", async () => {
  const before = await readTenant(system);
  const moesif = { MOESIF_MANAGEMENT_API_KEY: "key", MOESIF_MANAGEMENT_API_URL: urlOf(search) };
  const environment = Object.assign({}, system.environment, moesif);
  const args = [
    ...["--customer", "acme", "--json", "--moesif-seconds", "30"],
    ...["--echoes-body", "POST /echo", "--too-slow", "GET /slow"],
  ];
  const { code, output } = await runCommand({ ...system, environment }, "verify", args);
  const { results }: { results: Result[] } = JSON.parse(output);
  expect(results.filter(({ verdict }) => verdict === "fails" || verdict === "unclear")).toEqual([]);
  expect(results.find(({ id }) => id === "moesif-event")?.verdict).toBe("holds");
  expect(output).not.toMatch(/eyJ|clientSecret/);
  expect(code).toBe(0);
  // Nothing is left behind.
  expect(await readTenant(system)).toEqual(before);
});

test("through a gateway that passes everything on, by TLS and HTTP/2, every claim holds", async () => {
  const stack = await stackBehind({ ...everything, expiredToken: await expiredToken() });
  const results = await runClaims(stack, connections());
  expect(exitCodeOf(results)).toBe(0);
  const others = results.filter(({ verdict }) => verdict !== "holds");
  expect(verdicts(others)).toEqual({
    "suspension-delay": expect.stringContaining("not tried"),
  });
});

describe.each(claims)("$id", ({ id, guardsCustomers }) => {
  it("fails for a gateway that lies in this point", async () => {
    const stack = await stackBehind({
      ...everything,
      ...{ expiredToken: await expiredToken(), awaitSuspensionSeconds: 1 },
    });
    // The endpoint that should be closed is the gateway itself.
    if (id === "default-endpoint") stack.given.defaultEndpoint = stack.url.replace(/\/v1\/?$/, "");
    gateway.lie = id === "moesif-event" ? undefined : lies[id];
    isLogLost = id === "log-lines";
    hasMoreRights = id === "least-privilege";
    const lastSeen = id === "moesif-event" ? "never" : undefined;
    const results = await runClaims(stack, connections(lastSeen), only(id));
    gateway.lie = undefined;
    expect(results.map(({ verdict }) => verdict)).toEqual(["fails"]);
    if (guardsCustomers) expect(exitCodeOf(results)).toBe(1);
  });
});

test("it measures how soon a suspension takes effect", async () => {
  const Name = readOutput<string>(outputs, "suspensionsParameter");
  const organizations = [readOutput<Customers>(outputs, "customers").acme?.organizationId];
  const Value = JSON.stringify({ organizations });
  await ssm(system.cloud.aws.ssmUrl, "PutParameter", { Name, Value, Overwrite: true });
  const stack = await stackBehind({ ...everything, awaitSuspensionSeconds: 90 });
  const results = await runClaims(stack, connections(), only("suspension-delay"));
  expect(results).toMatchObject([
    { verdict: "holds", seen: expect.stringMatching(/^403 access_denied after \d+ seconds$/) },
  ]);
});
