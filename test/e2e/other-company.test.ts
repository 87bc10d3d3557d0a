// `customers local start` in the folder of a company that shares nothing with the example: an HTTP API that is only written to, a client
// with a key of its own, and settings of a stack that runs in real clouds.
import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { portal } from "../../packages/customers-as-code/testing/portal-blocks";
import { project } from "./local-cloud";

const folder = mkdtempSync(join(tmpdir(), "parcels-"));
const environment: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: "1" };
// Jest's own, which chooses the sources of the packages.
delete environment.NODE_OPTIONS;

const { publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

function write(name: string, content: unknown): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : stringify(content));
}

beforeAll(() => {
  symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
  cpSync(join(project, "index.ts"), join(folder, "index.ts"));
  write("package.json", JSON.stringify({ name: "parcels", private: true, type: "module" }));
  write("Pulumi.yaml", {
    name: "parcels",
    main: "index.ts",
    runtime: {
      name: "nodejs",
      options: { typescript: false, nodeargs: "--import customers-as-code/start-up" },
    },
  });
  write("Pulumi.prod.yaml", {
    environment: ["parcels/prod"],
    config: {
      "auth0:domain": "parcels.eu.auth0.com",
      "aws:region": "eu-west-1",
      "aws:profile": "production",
      "parcels:audience": "urn:parcels",
      "parcels:openapi": "api/parcels.json",
      "parcels:apiType": "http",
      "parcels:stageName": "$default",
      "parcels:publicRoutes": ["GET /status"],
      "parcels:backends": {
        default: { kind: "http", url: "https://parcels.internal.example" },
        labels: { kind: "lambda", functionArn: "arn:aws:lambda:eu-west-1:210987654321:function:labels" },
      },
      "parcels:customDomain": {
        name: "api.parcels.example",
        certificateArn: "arn:aws:acm:eu-west-1:210987654321:certificate/0a1b2c3d-1111-2222-3333-444455556666",
      },
      "parcels:shards": 4,
      "parcels:stripeApiKey": { secure: "v1:abcdefgh:xyz" },
    },
  });
  const responses = { "200": { description: "It is done." } };
  write(
    "api/parcels.json",
    JSON.stringify({
      openapi: "3.1.0",
      info: { title: "Parcels", version: "3" },
      security: [{ m2m: ["parcels.write"] }],
      paths: {
        "/status": { get: { security: [], responses } },
        "/parcels": {
          post: {
            requestBody: {
              required: true,
              content: { "application/json": { schema: { $ref: "#/components/schemas/Parcel" } } },
            },
            responses,
          },
        },
        "/parcels/{number}/labels": {
          parameters: [
            { name: "number", in: "path", required: true, schema: { type: "integer", minimum: 1 } },
          ],
          post: { security: [{ m2m: ["labels.print"] }], "x-backend": "labels", responses },
        },
      },
      components: {
        schemas: {
          Parcel: {
            type: "object",
            required: ["to"],
            properties: { to: { type: "string", examples: ["Lima"] } },
          },
        },
        securitySchemes: {
          m2m: {
            type: "oauth2",
            flows: {
              clientCredentials: {
                tokenUrl: "https://parcels.eu.auth0.com/oauth/token",
                scopes: { "parcels.write": "Send parcels", "labels.print": "Print labels" },
              },
            },
          },
        },
      },
    }),
  );
  const scopes = ["parcels.write", "labels.print"];
  write("customers/hooli.yaml", {
    displayName: "Hooli",
    clients: { shop: { scopes, authentication: "private_key_jwt", publicKey } },
  });
  writePiedPiper();
});

afterAll(() => rmSync(folder, { recursive: true }));

function writePiedPiper(more: object = {}, scopes = ["parcels.write"]): void {
  write("customers/piedpiper.yaml", { displayName: "Pied Piper", ...more, clients: { box: { scopes } } });
}

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

function local(...args: string[]): Promise<Ran> {
  const command = join(project, "packages/customers-as-code/bin.cjs");
  return new Promise((resolve) => {
    const options = { cwd: folder, env: environment };
    execFile(process.execPath, [command, "local", ...args], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

/** Without times, and what the engine does to each resource. */
function linesOf({ stdout }: Ran): string[] {
  const lines = stdout.split("\n").map((line) => line.replace(/ \d+\.\d s$/, "").trim());
  return lines.filter((line) => line !== "" && !/^(created|updated|\d|.*in all$)/.test(line));
}

test("npm start shows the company's own API, and says which of its settings have no effect here", async () => {
  const before = readdirSync(folder).sort();
  const run = await local("start");
  expect(run).toMatchObject({ code: 0, stderr: "" });
  const notice = (text: string) => `Pulumi.prod.yaml: ${text}`;
  expect(linesOf(run)).toEqual([
    "Customers as code, on this machine",
    "Settings: Pulumi.prod.yaml",
    notice("auth0:domain is replaced: the tenant runs on this machine"),
    notice("aws:profile is left out: the AWS account is on this machine"),
    notice("customDomain is kept: local calls reach that name without DNS and without TLS"),
    notice("shards is left out: the local stack has all customers"),
    notice("stripeApiKey is left out: only the Developer Portal needs it"),
    notice("backends.default is replaced: the local backend answers instead"),
    notice("backends.labels is replaced: the local backend answers instead"),
    notice("environment is left out: nothing is read from Pulumi ESC"),
    "✓ Pulumi CLI",
    "✓ Stack local",
    "✓ pulumi up",
    "✓ 200: piedpiper/box calls POST /parcels, and the backend sees the organization",
    "✓ 401: without a token",
    "✓ 403: piedpiper/box lacks the scope labels.print",
    "✓ 200: GET /status needs no token",
    "No customer is suspended or closing, so none is refused for that.",
    "The access log of an HTTP API goes to CloudWatch, so Moesif has no call of it.",
  ]);
  expect(readdirSync(folder).sort()).toEqual([".local", ...before]);
});

test("local call reaches the domain name, sends a body, and the client's key stays with its owner", async () => {
  const call = await local("call", "POST", "/parcels", "--as", "piedpiper", "--data", '{"to":"Lima"}');
  expect(call).toMatchObject({ code: 0, stderr: expect.stringContaining("200 OK") });
  expect(JSON.parse(call.stdout)).toMatchObject({
    method: "POST",
    path: "/parcels",
    scopes: ["parcels.write"],
  });
  const { stdout } = await local("outputs");
  expect(JSON.parse(stdout)).toMatchObject({ url: "https://api.parcels.example" });
  const token = await local("token", "hooli");
  expect(token).toMatchObject({ code: 1, stderr: expect.stringContaining("has no secret") });
});

test("mistakes in the company's files are the program's own lines, with places in those files", async () => {
  writePiedPiper({}, ["parcel.write"]);
  const wrong = await local("start");
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toBe(
    `customers/piedpiper.yaml:5:9  clients.box.scopes: "parcel.write" is not a scope of the API. Did you mean "parcels.write"?
1 problem in 1 of 3 files. docs/reference/problems.md explains scope-not-in-api
`,
  );
  writePiedPiper();
  const settings = readFileSync(join(folder, "Pulumi.prod.yaml"), "utf8");
  write("Pulumi.prod.yaml", settings.replace("stageName", "stagName"));
  const { code, stderr } = await local("start");
  write("Pulumi.prod.yaml", settings);
  const line = settings.slice(0, settings.indexOf("parcels:stageName")).split("\n").length;
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(`^Pulumi.prod.yaml:${line}:3  stagName is not a setting.`),
  });
});

test("mistakes in --config are placed there; what is no setting at all is a wrong command line", async () => {
  const wrong = await local("up", "--config", "logRetentionDays=2", "--config", "customDomain.basePath=a b");
  expect(wrong.code).toBe(1);
  expect(wrong.stderr.split("\n").slice(0, -2)).toEqual([
    expect.stringMatching(/^--config {2}customDomain\.basePath .*--config customDomain\.basePath=VALUE$/),
    expect.stringMatching(/^--config {2}logRetentionDays .* Set it with: --config logRetentionDays=VALUE$/),
  ]);
  const malformed = await local("up", "--config", "apiType");
  expect(malformed).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("A setting is KEY=VALUE, such as apiType=http."),
  });
});

test("if nobody may call who has a secret, what is missing is printed, and that is no failure", async () => {
  writePiedPiper({ status: "suspended" });
  const run = await local("start");
  expect(run.code).toBe(0);
  expect(linesOf(run).slice(-4)).toEqual([
    "✓ 401: without a token",
    "✓ 403: piedpiper/box is suspended",
    "✓ 200: GET /status needs no token",
    "Every active client (hooli/shop) authenticates with a private key, which is not here. To see calls, add a client with a secret.",
  ]);
});

test("another stack's settings make it a REST API, whose calls Moesif has", async () => {
  writePiedPiper();
  write("Pulumi.dev.yaml", {
    config: {
      "auth0:domain": "parcels-dev.eu.auth0.com",
      audience: "urn:parcels",
      openapi: "api/parcels.json",
      publicRoutes: ["GET /status"],
      validateRequests: "all",
      backendUrl: "https://parcels.internal.example",
      backends: { labels: { kind: "mock" } },
      plans: { small: { throttle: { rate: 50, burst: 50 } } },
      defaultPlan: "small",
    },
  });
  const run = await local("start");
  expect(run).toMatchObject({ code: 0, stderr: "" });
  expect(linesOf(run).slice(-6)).toEqual([
    "✓ 200: piedpiper/box calls POST /parcels, and the backend sees the organization",
    "✓ 401: without a token",
    "✓ 403: piedpiper/box lacks the scope labels.print",
    "✓ 200: GET /status needs no token",
    "✓ Moesif has the call of piedpiper/box as one of its organization",
    "No customer is suspended or closing, so none is refused for that.",
  ]);
});

test("with --config, it has a portal, alarms, a domain name and protection, as a stack in AWS would", async () => {
  const arn = (resource: string) => `arn:aws:${resource}`;
  const certificateArn = arn("acm:us-east-1:210987654321:certificate/0a1b2c3d-1111-2222-3333-444455556666");
  const options = [
    `portal=${JSON.stringify({ ...portal, certificateArn })}`,
    `customDomain={name: api.parcels.example, certificateArn: "${certificateArn}", basePath: v3}`,
    `alarms.topicArns[0]=${arn("sns:us-east-1:210987654321:on-call")}`,
    `kmsKeyArn=${arn("kms:us-east-1:210987654321:key/0a1b2c3d-1111-2222-3333-444455556666")}`,
    `webAclArn=${arn("wafv2:us-east-1:210987654321:regional/webacl/api/0a1b2c3d-1111-2222-3333-444455556666")}`,
    "dashboard=true",
    "protect=true",
  ].flatMap((option) => ["--config", option]);
  const run = await local("start", ...options);
  expect(run).toMatchObject({ code: 0, stderr: "" });
  const kept = linesOf(run).flatMap((line) => /^--config: (\w+) is kept: /.exec(line)?.[1] ?? []);
  expect(kept.sort()).toEqual(["alarms", "customDomain", "kmsKeyArn", "portal", "protect", "webAclArn"]);
  expect(linesOf(run)).toContain("✓ Moesif has the call of piedpiper/box as one of its organization");
  const { stdout } = await local("outputs");
  expect(JSON.parse(stdout)).toMatchObject({
    url: "https://api.parcels.example/v3",
    portalUrl: `https://${portal.domainName}`,
  });

  // As in AWS, a customer with a file that has gone is protected.
  rmSync(join(folder, "customers/hooli.yaml"));
  const refused = await local("up", ...options);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("it is protected") });
});

test("destroy deletes all of it, in spite of protection", async () => {
  expect(await local("destroy")).toMatchObject({ code: 0 });
  const { code, stderr } = await local("token", "piedpiper");
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("npx customers local up") });
});

test("without settings, it runs with those that the document has", async () => {
  for (const file of ["Pulumi.dev.yaml", "Pulumi.prod.yaml"]) rmSync(join(folder, file));
  cpSync(join(folder, "api/parcels.json"), join(folder, "openapi.yaml"));
  write(
    "openapi.yaml",
    readFileSync(join(folder, "openapi.yaml"), "utf8").replace('"x-backend":"labels",', ""),
  );
  const run = await local("start");
  expect(run).toMatchObject({ code: 0, stderr: "" });
  expect(linesOf(run)[1]).toBe("Settings: none of your own, since there is no Pulumi.STACK.yaml");
  expect(linesOf(run).slice(-6)).toEqual([
    "✓ 200: piedpiper/box calls POST /parcels, and the backend sees the organization",
    "✓ 401: without a token",
    "✓ 403: piedpiper/box lacks the scope labels.print",
    "✓ 200: GET /status needs no token",
    "✓ Moesif has the call of piedpiper/box as one of its organization",
    "No customer is suspended or closing, so none is refused for that.",
  ]);
});
