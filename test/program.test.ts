// index.ts: what it declares, and what it outputs.
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { managementScopes } from "../packages/customers-as-code/src/auth0/management-application";
import { thumbprintOf } from "../packages/customers-as-code/src/customers/public-key";
import { type Recording, secretValue } from "./support/recorder";
import { config, moesif, runProgram as run } from "./support/run-program";

/** The configuration in the authorizer's bundle. */
async function authorizerConfig(recording: Recording) {
  const { code } = recording.find("aws:lambda/function:Function", "gateway-authorizer").inputs;
  const { assets } = code as { assets: Promise<Record<string, { text: Promise<string> }>> };
  const files = await assets;
  expect(Object.keys(files).sort()).toEqual(["config.json", "index.js"]);
  return JSON.parse((await files["config.json"]?.text) ?? "");
}

let recording: Recording;
let outputs: Awaited<ReturnType<typeof run>>["outputs"];
let secrets: Record<string, boolean>;

beforeAll(async () => {
  const ran = await run(moesif);
  ({ recording, outputs } = ran);
  const { program, recorder } = ran;
  secrets = {
    portalEnv: await recorder.isSecret(program.portalEnv),
    credentials: await recorder.isSecret(program.credentials),
    customers: await recorder.isSecret(program.customers),
    url: await recorder.isSecret(program.url),
  };
});

describe("the management application", () => {
  it("may do on the Management API what the portal needs, and nothing else", () => {
    expect(recording.find("auth0:index/clientGrant:ClientGrant", "portal").inputs).toEqual({
      clientId: "client-of-portal",
      audience: "https://example.eu.auth0.com/api/v2/",
      scopes: [
        "create:client_grants",
        "read:users",
        "create:users",
        "update:users",
        "create:clients",
        "create:organizations",
        "read:organizations",
        "update:organizations",
        "create:organization_members",
        "create:organization_client_grants",
      ],
    });
    expect(managementScopes).toHaveLength(10);
  });

  it("gives the portal's .env with the company's own audience and scopes", () => {
    expect(outputs.portalEnv).toBe(`PLUGIN_APIM_PROVIDER="auth0-m2m"
PLUGIN_AUTH0_M2M_DOMAIN="example.eu.auth0.com"
PLUGIN_AUTH0_M2M_CLIENT_ID="client-of-portal"
PLUGIN_AUTH0_M2M_API_AUDIENCE="https://api.example.com/"
PLUGIN_AUTH0_M2M_API_SCOPE="read:orders write:orders read:invoices write:invoices"
PLUGIN_AUTH0_M2M_CLIENT_SECRET="secret-of-portal"
`);
  });
});

test("the API has the scopes of the OpenAPI document", () => {
  expect(recording.find("auth0:index/resourceServer:ResourceServer", "api").inputs).toEqual({
    name: "Orders API",
    identifier: "https://api.example.com/",
    signingAlg: "RS256",
    tokenLifetime: 86_400,
  });
  expect(
    recording.find("auth0:index/resourceServerScopes:ResourceServerScopes", "api").inputs.scopes,
  ).toEqual([
    { name: "read:orders", description: "Read orders" },
    { name: "write:orders", description: "Place and cancel orders" },
    { name: "read:invoices", description: "Read invoices" },
    { name: "write:invoices", description: "Write invoices" },
  ]);
});

describe("a customer", () => {
  it("is an organization, named after its file, that keeps its contact and metadata", () => {
    expect(recording.find("auth0:index/organization:Organization", "globex").inputs).toEqual({
      name: "globex",
      displayName: "Globex",
      metadata: {
        customer: "globex",
        contact: "api@globex.example",
        stripeCustomerId: "cus_example0000001",
      },
    });
  });

  it("has clients whose default organization it is", () => {
    expect(recording.find("auth0:index/client:Client", "globex/warehouse").inputs).toEqual({
      name: "globex/warehouse",
      description: 'Client "warehouse" of Globex.',
      appType: "non_interactive",
      grantTypes: ["client_credentials"],
      defaultOrganization: { organizationId: "globex-id", flows: ["client_credentials"] },
      organizationUsage: "require",
      clientMetadata: { customer: "globex", client: "warehouse" },
    });
  });

  it("has grants that demand the organization, of which each client has its own scopes", () => {
    const grant = (client: string) => recording.find("auth0:index/clientGrant:ClientGrant", client).inputs;
    expect(grant("globex/warehouse")).toEqual({
      clientId: "client-of-globex/warehouse",
      audience: "https://api.example.com/",
      scopes: ["read:orders", "write:orders"],
      organizationUsage: "require",
      allowAnyOrganization: false,
    });
    expect(grant("globex/bookkeeping")).toMatchObject({ scopes: ["read:invoices"] });
    expect(
      recording.find("auth0:index/organizationClientGrant:OrganizationClientGrant", "globex/warehouse")
        .inputs,
    ).toEqual({ organizationId: "globex-id", grantId: "globex/warehouse-id" });
  });

  it("is known by its ids in a plain output, and by its secrets in a secret one", () => {
    expect(outputs.customers).toMatchObject({
      globex: {
        organizationId: "globex-id",
        status: "active",
        clients: { warehouse: "client-of-globex/warehouse", bookkeeping: "client-of-globex/bookkeeping" },
      },
      initech: { status: "suspended" },
    });
    expect(outputs.credentials).toMatchObject({
      globex: {
        warehouse: {
          clientId: "client-of-globex/warehouse",
          clientSecret: "secret-of-globex/warehouse",
          tokenUrl: "https://example.eu.auth0.com/oauth/token",
          audience: "https://api.example.com/",
          scopes: ["read:orders", "write:orders"],
        },
      },
    });
    expect(JSON.stringify(outputs.customers)).not.toContain("secret-of");
    expect(secrets).toEqual({ portalEnv: true, credentials: true, customers: false, url: false });
  });
});

describe("the gateway", () => {
  it("deploys whenever the body is another one, and serves that deployment", () => {
    const { body } = recording.find("aws:apigateway/restApi:RestApi", "gateway").inputs;
    const { triggers } = recording.find("aws:apigateway/deployment:Deployment", "gateway").inputs;
    const { createHash } = jest.requireActual<typeof import("node:crypto")>("node:crypto");
    expect(triggers).toEqual({
      body: createHash("sha256").update(String(body)).digest("hex"),
      scopes: expect.stringMatching(/^[\da-f]{64}$/),
      defaultEndpoint: "on",
      securityPolicy: "TLS_1_2",
    });
    expect(recording.find("aws:apigateway/stage:Stage", "gateway").inputs).toMatchObject({
      deployment: "gateway-id",
      stageName: "v1",
    });
    expect(outputs.url).toBe("https://gateway.example.com/v1");
  });

  it("runs the authorizer with the tenant's keys and the suspended organizations baked in", async () => {
    const { runtime, architectures, handler } = recording.find(
      "aws:lambda/function:Function",
      "gateway-authorizer",
    ).inputs;
    expect({ runtime, architectures, handler }).toEqual({
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
    });
    const authorizer = await authorizerConfig(recording);
    expect(authorizer).toMatchObject({
      issuers: [
        {
          issuer: "https://example.eu.auth0.com/",
          audience: "https://api.example.com/",
          jwks: { keys: [{ kid: "key-1" }] },
        },
      ],
      organizations: "any",
      suspended: { organizations: ["initech-id"], clients: [], tokens: [] },
    });
    const paths = authorizer.routes.map(
      ({ method, path }: { method: string; path: string }) => `${method} ${path}`,
    );
    expect(paths).not.toContain("GET /health");
    expect(paths).toHaveLength(6);
  });

  it("lets API Gateway call the function for its authorizers only", () => {
    expect(recording.find("aws:lambda/permission:Permission", "gateway").inputs).toMatchObject({
      principal: "apigateway.amazonaws.com",
      sourceArn: "arn:aws:execute-api:eu-central-1:123456789012:gateway/authorizers/*",
    });
  });

  it("sends the access log through Firehose to Moesif, under the name that API Gateway demands", () => {
    const stream = recording.find(
      "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
      "gateway-access-logs",
    );
    expect(stream.inputs).toMatchObject({
      name: "amazon-apigateway-customers-as-code-test",
      destination: "http_endpoint",
    });
    expect(secretValue(stream.inputs.httpEndpointConfiguration)).toMatchObject({
      url: "https://moesif.example.com/ingest",
      accessKey: "moesif-application",
      s3BackupMode: "FailedDataOnly",
    });
  });
});

describe("an HTTP API", () => {
  const http = { "customers-as-code:apiType": "http" };

  it("has one resource for all routes, a stage that deploys by itself, and the same function", async () => {
    const { recording: made, outputs: told } = await run(http);
    const types = made.resources.map(({ type }) => type).filter((type) => type.startsWith("aws:apigateway"));
    expect(types).toEqual(["aws:apigatewayv2/api:Api", "aws:apigatewayv2/stage:Stage"]);
    const { body } = made.find("aws:apigatewayv2/api:Api", "gateway").inputs;
    expect(JSON.parse(String(body)).components.securitySchemes.authorizer).toMatchObject({
      "x-amazon-apigateway-authorizer": {
        type: "request",
        authorizerUri: "arn:aws:apigateway:::gateway-authorizer",
      },
    });
    expect(made.find("aws:apigatewayv2/stage:Stage", "gateway").inputs).toMatchObject({
      apiId: "gateway-id",
      name: "v1",
      autoDeploy: true,
      accessLogSettings: {
        destinationArn: "arn:aws:logs:eu-central-1:123456789012:log-group:gateway-access-logs",
      },
    });
    expect(made.find("aws:lambda/permission:Permission", "gateway").inputs).toMatchObject({
      sourceArn: "arn:aws:execute-api:eu-central-1:123456789012:gateway/authorizers/*",
    });
    const { suspended } = await authorizerConfig(made);
    expect(suspended.organizations).toEqual(["initech-id"]);
    expect(told.url).toBe("https://gateway.example.com/v1");
  });

  it("checks tokens by itself if the settings say so: there is no function then, and nobody may call one", async () => {
    const folder = mkdtempSync(join(tmpdir(), "customers-"));
    writeFileSync(
      join(folder, "acme.yaml"),
      "displayName: Acme\nclients:\n  default:\n    scopes: [read:orders]\n",
    );
    const documents = mkdtempSync(join(tmpdir(), "document-"));
    const document = join(documents, "openapi.json");
    const text = readFileSync("openapi.yaml", "utf8").replace(
      "[read:orders, write:invoices]",
      "[write:invoices]",
    );
    writeFileSync(document, JSON.stringify(parse(text)));
    const { recording: made } = await run({
      ...http,
      "customers-as-code:httpAuthorizer": "jwt",
      "customers-as-code:customers": folder,
      "customers-as-code:openapi": document,
    });
    for (const one of [folder, documents]) rmSync(one, { recursive: true });
    expect(made.resources.filter(({ type }) => /lambda|iam/.test(type))).toEqual([]);
    const { body } = made.find("aws:apigatewayv2/api:Api", "gateway").inputs;
    expect(JSON.parse(String(body)).components.securitySchemes.authorizer).toMatchObject({
      "x-amazon-apigateway-authorizer": {
        type: "jwt",
        jwtConfiguration: {
          issuer: "https://example.eu.auth0.com/",
          audience: ["https://api.example.com/"],
        },
      },
    });
  });

  it("is refused, with every reason, if it cannot do what the settings ask for", () => {
    const wanted = { ...moesif, ...http, "customers-as-code:httpAuthorizer": "jwt" };
    return expect(run(wanted)).rejects.toThrow(
      /^Pulumi\.test\.yaml {2}moesifIngestUrl: .*\n.*jwt, with initech \(suspended\).*\nopenapi\.yaml {2}POST .*\n3 problems in 2 of 5 files\. docs\/reference\/problems\.md explains .*$/,
    );
  });
});

test("without Moesif, the access log goes to CloudWatch and there is no stream", async () => {
  const { recording: plain } = await run();
  expect(plain.resources.some(({ type }) => type.includes("firehose"))).toBe(false);
  expect(plain.find("aws:apigateway/stage:Stage", "gateway").inputs.accessLogSettings).toMatchObject({
    destinationArn: "arn:aws:logs:eu-central-1:123456789012:log-group:gateway-access-logs",
  });
});

describe("with live suspensions", () => {
  it("makes the list, lets the authorizer read just this, and outputs its name", async () => {
    const { recording: live, program, recorder } = await run({ "customers-as-code:liveSuspensions": "true" });
    const parameter = live.find("aws:ssm/parameter:Parameter", "gateway-suspensions");
    expect(parameter.inputs).toMatchObject({
      name: "/customers-as-code/test/suspensions",
      type: "String",
    });
    expect(secretValue(parameter.inputs.value)).toBe("{}");
    expect(await recorder.known(program.suspensionsParameter)).toBe("/customers-as-code/test/suspensions");
    const { policy } = live.find("aws:iam/rolePolicy:RolePolicy", "gateway-authorizer").inputs;
    const { Statement } = typeof policy === "string" ? JSON.parse(policy) : policy;
    expect(Statement).toContainEqual({
      Effect: "Allow",
      Action: ["ssm:GetParameter"],
      Resource: "arn:aws:ssm:eu-central-1:123456789012:parameter/customers-as-code/test/suspensions",
    });
  });

  it("are off by default: there is no list, and no right to read one", () => {
    expect(recording.resources.filter(({ type }) => type.startsWith("aws:ssm/"))).toEqual([]);
    expect(
      JSON.stringify(recording.find("aws:iam/rolePolicy:RolePolicy", "gateway-authorizer").inputs),
    ).not.toContain("ssm:");
  });
});

test("the portal's clients get the scopes that the config names", async () => {
  const { outputs: chosen } = await run({ "customers-as-code:portalScopes": '["read:orders"]' });
  expect(chosen.portalEnv).toContain('PLUGIN_AUTH0_M2M_API_SCOPE="read:orders"\n');
});

describe("other customers", () => {
  const folder = mkdtempSync(join(tmpdir(), "customers-"));
  const newKey = () =>
    String(
      generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "pem" }),
    );
  const [pem, oldPem] = [newKey(), newKey()];
  let ran: Awaited<ReturnType<typeof run>>;

  beforeAll(async () => {
    // No two customers may have one display name.
    const write = (id: string, text: string) =>
      writeFileSync(join(folder, `${id}.yaml`), `displayName: Example ${id}\n${text}`);
    const start = "clients:\n  default:\n    scopes: [read:orders]\n";
    const key = `    authentication: private_key_jwt\n    publicKey: ${JSON.stringify(pem)}\n`;
    write("closing", `${start}status: closing\n`);
    const old = `    retiringPublicKey: ${JSON.stringify(oldPem)}\n`;
    write("keyed", start + key);
    write("keys", start + key + old);
    const part = "stacks:\n  test:\n    displayName: In the test\n    organization: staged-in-test\n";
    write("staged", `members: [Jane@wayne.example]\n${start}${part}`);
    write("rotating", `${start}    rotation: 3\n    retiring: 2\n`);
    ran = await run({ "customers-as-code:customers": folder });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("may be closing, which the output shows and the authorizer denies, and get no scopes any more", async () => {
    expect(ran.outputs.customers).toMatchObject({
      closing: { status: "closing", organizationId: "closing-id" },
    });
    const { suspended } = await authorizerConfig(ran.recording);
    expect(suspended.organizations).toEqual(["closing-id"]);
    const scopesOf = (client: string) =>
      ran.recording.find("auth0:index/clientGrant:ClientGrant", client).inputs.scopes;
    expect(scopesOf("closing/default")).toEqual([]);
    expect(scopesOf("keyed/default")).toEqual(["read:orders"]);
  });

  it("may be otherwise in the stack that runs", () => {
    const { name, displayName } = ran.recording.find(
      "auth0:index/organization:Organization",
      "staged",
    ).inputs;
    expect({ name, displayName }).toEqual({ name: "staged-in-test", displayName: "In the test" });
  });

  it("may have members, who are users of the tenant and may always go", () => {
    const type = "auth0:index/organizationMember:OrganizationMember";
    const found = ran.recording.resources.filter((one) => one.type === type);
    expect(found.map(({ name, inputs }) => [name, inputs])).toEqual([
      ["staged/jane@wayne.example", { organizationId: "staged-id", userId: "auth0|jane" }],
    ]);
  });

  it("may have clients with key pairs, which get no secret", () => {
    const { inputs } = ran.recording.find("auth0:index/clientCredentials:ClientCredentials", "keyed/default");
    expect(inputs).toEqual({
      clientId: "client-of-keyed/default",
      authenticationMethod: "private_key_jwt",
      privateKeyJwt: {
        credentials: [{ name: "customer", credentialType: "public_key", algorithm: "RS256", pem }],
      },
    });
    expect(new Map(Object.entries(ran.outputs.credentials)).get("keyed")).toEqual({
      default: {
        clientId: "client-of-keyed/default",
        tokenUrl: "https://example.eu.auth0.com/oauth/token",
        audience: "https://api.example.com/",
        scopes: ["read:orders"],
      },
    });
  });

  describe("while a credential rotates", () => {
    it("two clients with the same rights are there, the new one handed out and the old one marked", () => {
      const find = (type: string, name: string) => ran.recording.find(`auth0:index/${type}`, name).inputs;
      for (const rotation of ["3", "2"]) {
        const name = `rotating/default/${rotation}`;
        expect(find("client:Client", name)).toMatchObject({
          name,
          defaultOrganization: { organizationId: "rotating-id" },
          clientMetadata: { customer: "rotating", client: "default", rotation },
        });
        expect(find("clientGrant:ClientGrant", name)).toMatchObject({ scopes: ["read:orders"] });
        expect(find("organizationClientGrant:OrganizationClientGrant", name)).toMatchObject({
          organizationId: "rotating-id",
        });
      }
      const of = (rotation: string) => ({
        rotation,
        clientId: `client-of-rotating/default/${rotation}`,
        clientSecret: `secret-of-rotating/default/${rotation}`,
      });
      expect(new Map(Object.entries(ran.outputs.credentials)).get("rotating")).toEqual({
        default: {
          ...of("3"),
          tokenUrl: "https://example.eu.auth0.com/oauth/token",
          audience: "https://api.example.com/",
          scopes: ["read:orders"],
          retiring: of("2"),
        },
      });
      expect(new Map(Object.entries(ran.outputs.customers)).get("rotating")).toEqual({
        organizationId: "rotating-id",
        organization: "rotating",
        status: "active",
        clients: { default: "client-of-rotating/default/3" },
        retiring: { default: "client-of-rotating/default/2" },
      });
    });

    it("a key pair's client has both keys under names of their own, which the output keeps, and stays one", () => {
      const { privateKeyJwt } = ran.recording.find(
        "auth0:index/clientCredentials:ClientCredentials",
        "keys/default",
      ).inputs;
      const key = { credentialType: "public_key", algorithm: "RS256" };
      expect(privateKeyJwt).toEqual({
        credentials: [
          { ...key, name: "customer", pem: oldPem },
          { ...key, name: thumbprintOf(pem), pem },
        ],
      });
      expect(new Map(Object.entries(ran.outputs.customers)).get("keys")).toMatchObject({
        keys: { default: { [thumbprintOf(oldPem)]: "customer", [thumbprintOf(pem)]: thumbprintOf(pem) } },
      });
    });

    it("a key keeps its name in the next deployment, when the old one is gone", async () => {
      const known = { keyed: { default: { [thumbprintOf(pem)]: "its name" } } };
      const outputsOf = () => ({
        customers: { keyed: { status: "active", clients: { default: "abc" }, keys: known.keyed } },
      });
      const again = await run(
        { "customers-as-code:customers": folder, "customers-as-code:removalLimit": "100%" },
        { outputsOf },
      );
      const found = again.recording.find("auth0:index/clientCredentials:ClientCredentials", "keyed/default");
      expect(found.inputs.privateKeyJwt).toMatchObject({ credentials: [{ name: "its name", pem }] });
    });
  });
});

test("if files have problems, all are reported and no resource is declared", async () => {
  jest.resetModules();
  const recorder: typeof import("./support/recorder") = require("./support/recorder");
  const { resources } = await recorder.record({
    ...config,
    "customers-as-code:customers": "test/fixtures/wrong-customers",
    "customers-as-code:publicRoutes": "[]",
  });
  const { default: declare }: typeof import("../index") = require("../index");
  await expect(declare()).rejects.toThrow(
    `openapi.yaml:10:5  GET /health needs no token. Require scopes with "security", or list "GET /health" in the config key "publicRoutes".
test/fixtures/wrong-customers/acme.yaml:2:9  status: "gone" is not allowed. Known: "active", "suspended", "closing".
test/fixtures/wrong-customers/acme.yaml:5:14  clients.default.scopes: "read:order" is not a scope of the API. Did you mean "read:orders"?
test/fixtures/wrong-customers/globex.yaml:2:15  organization name "acme" is taken by test/fixtures/wrong-customers/acme.yaml:1:1
4 problems in 3 of 3 files. docs/reference/problems.md explains customer-file-invalid-value, operation-public, organization-name-taken, scope-not-in-api`,
  );
  expect(resources.filter(({ type }) => type !== "pulumi:pulumi:Stack")).toEqual([]);
});

test("where the OpenAPI document is missing, that is the only problem", async () => {
  jest.resetModules();
  const recorder: typeof import("./support/recorder") = require("./support/recorder");
  await recorder.record({ ...config, "customers-as-code:openapi": "none.yaml" });
  const { default: declare }: typeof import("../index") = require("../index");
  await expect(declare()).rejects.toThrow(/^none\.yaml {2}.*\n1 problem in 1 of /);
});

test("if the tenant's keys cannot be read, no resource is declared", async () => {
  jest.resetModules();
  jest.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("fetch failed"));
  const recorder: typeof import("./support/recorder") = require("./support/recorder");
  const { resources } = await recorder.record(config);
  const { default: declare }: typeof import("../index") = require("../index");
  await expect(declare()).rejects.toThrow(
    "https://example.eu.auth0.com/.well-known/jwks.json cannot be used: fetch failed.",
  );
  expect(resources.filter(({ type }) => type !== "pulumi:pulumi:Stack")).toEqual([]);
});

test("where too many customers would go, no resource is declared", async () => {
  jest.resetModules();
  const recorder: typeof import("./support/recorder") = require("./support/recorder");
  const gone = Object.fromEntries(
    ["one", "two", "three"].map((id) => [id, { status: "active", clients: {} }]),
  );
  const outputs = { customers: gone };
  const { resources } = await recorder.record(config, {
    "pulumi:pulumi:readStackOutputs": () => ({ outputs }),
  });
  const { default: declare }: typeof import("../index") = require("../index");
  await expect(declare()).rejects.toThrow("removalLimit: this deployment removes one, three, two: 3 of");
  expect(resources.filter(({ type }) => type !== "pulumi:pulumi:Stack")).toEqual([]);
});

describe("a customer whose file has gone", () => {
  const told = (status: string, lastDeployment?: object) => ({
    outputsOf: () => ({
      customers: { gone: { status, organizationId: "org_gone", clients: {} } },
      ...(lastDeployment && { lastDeployment }),
    }),
  });
  const deniedBy = async (ran: Awaited<ReturnType<typeof run>>) =>
    (await authorizerConfig(ran.recording)).suspended.organizations;
  const rememberedBy = async ({ recorder, program }: Awaited<ReturnType<typeof run>>) =>
    (await recorder.known(program.lastDeployment)).formerOrganizations;

  it.each(["active", "suspended"])("is protected if it was %s: no resource is declared", async (status) => {
    await expect(run({}, told(status))).rejects.toThrow(
      "customers/gone.yaml  protect: gone cannot be deleted because it is protected",
    );
  });

  it.each(["closing", "active"])("is denied if it was %s and may go, and remembered", async (status) => {
    const ran = await run({}, told(status, { protect: false }));
    expect(await deniedBy(ran)).toEqual(["initech-id", "org_gone"]);
    expect(await rememberedBy(ran)).toEqual({
      org_gone: { customer: "gone", since: expect.stringMatching(/^\d{4}-.*Z$/) },
    });
  });

  const former = (since: string, customer = "gone") => ({
    outputsOf: () => ({ lastDeployment: { formerOrganizations: { org_gone: { customer, since } } } }),
  });

  it("stays denied in the deployments after that, whether Auth0 can be asked or not", async () => {
    for (const since of [new Date().toISOString(), "2020-01-01T00:00:00Z"]) {
      const ran = await run({}, former(since));
      expect(await deniedBy(ran)).toEqual(["initech-id", "org_gone"]);
      expect(await rememberedBy(ran)).toEqual({ org_gone: { customer: "gone", since } });
    }
  });

  it("is not the customer who gets its name later", async () => {
    const ran = await run({}, former(new Date().toISOString(), "acme"));
    expect(await deniedBy(ran)).toEqual(["initech-id", "org_gone"]);
  });
});

test("of a customer who has another organization now, both are denied while it is suspended, and neither while it is active", async () => {
  const last = (id: string, status: string) => ({
    outputsOf: () => ({ customers: { [id]: { status, organizationId: `org_old_${id}`, clients: {} } } }),
  });
  const suspended = await run({}, last("initech", "suspended"));
  expect((await authorizerConfig(suspended.recording)).suspended.organizations).toEqual([
    "initech-id",
    "org_old_initech",
  ]);
  const active = await run({}, last("acme", "active"));
  expect((await authorizerConfig(active.recording)).suspended.organizations).toEqual(["initech-id"]);
  const { formerOrganizations } = await active.recorder.known(active.program.lastDeployment);
  expect(formerOrganizations).toEqual({
    org_old_acme: { customer: "acme", since: expect.any(String), replaced: true },
  });

  const after = { lastDeployment: { formerOrganizations } };
  const customers = { acme: { status: "active", organizationId: "acme-id", clients: {} } };
  const next = await run({}, { outputsOf: () => ({ ...after, customers }) });
  expect((await authorizerConfig(next.recording)).suspended.organizations).toEqual(["initech-id"]);
  expect((await next.recorder.known(next.program.lastDeployment)).formerOrganizations).toEqual(
    formerOrganizations,
  );
});

test("what the next deployment is held against is an output", async () => {
  const { recorder, program } = await run();
  expect(await recorder.known(program.lastDeployment)).toEqual({
    protect: true,
    clients: {
      acme: { default: { scopes: "read:orders write:orders read:invoices" } },
      globex: {
        bookkeeping: { scopes: "read:invoices" },
        warehouse: { scopes: "read:orders write:orders" },
      },
      initech: { default: { scopes: "read:orders" } },
    },
    address: {
      domain: "example.eu.auth0.com",
      audience: "https://api.example.com/",
      gateway: { apiType: "rest", stageName: "v1" },
    },
    losses: [],
    formerOrganizations: {},
  });
});
