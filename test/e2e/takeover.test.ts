// Import data that names what is another's: refused on the real engine before anything is registered, and nothing changes.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { compareStrings } from "../../packages/customers-as-code/src/problems/problem";
import {
  type Credentials,
  type Customers,
  getToken,
  readOutput,
} from "../../packages/local-cloud/src/credentials";
import { runCommand, startUp } from "./engine-process";
import { changesOf, managementApi, openTestCloud, project, readTenant, type TestCloud } from "./local-cloud";

const audience = "https://api.example.com/";
let system: TestCloud;
let api: Awaited<ReturnType<typeof managementApi>>;

beforeAll(async () => {
  const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555";
  system = await openTestCloud({
    config: { protect: { value: "true" }, deliveryKmsKeyArn: { value: kmsKeyArn } },
  });
  await system.stack.up();
  api = await managementApi(system.cloud);
});
afterAll(() => system?.close());
afterEach(() => rmSync(importsFile(), { force: true }));

const importsFile = () => join(system.customers, "imports.json");
const fileOf = (id: string) => join(system.customers, `${id}.yaml`);
const customers = async () => readOutput<Customers>(await system.stack.outputs(), "customers");
const credentials = async () => readOutput<Credentials>(await system.stack.outputs(), "credentials");
const preview = () => changesOf((options) => system.stack.preview(options));
const repair = (...args: string[]) =>
  runCommand(system, "repair", [...args, "--openapi", join(project, "openapi.yaml")]);

interface Named {
  organization?: string;
  client?: string;
  grant?: string;
}

/** Writes import data for a customer with one client. */
function writeImports(id: string, name: string, { organization = "", client = "", grant }: Named): void {
  const imported = { id: client, keeps: ["name", "description", "clientMetadata", "defaultOrganization"] };
  const clients = { [name]: { ...imported, ...(grant && { grant: { id: grant, keeps: ["scopes"] } }) } };
  const all = { [id]: { organization: { id: organization, keeps: ["displayName", "metadata"] }, clients } };
  const text = JSON.stringify({ [system.environment.AUTH0_DOMAIN]: { customers: all } }, null, 2);
  writeFileSync(importsFile(), text);
}

/** What Auth0 and the state have. */
async function everything() {
  const { deployment } = await system.stack.exportStack();
  const resources: { urn: string }[] = deployment.resources ?? [];
  // The engine puts a provider that was asked for something at the end.
  const sorted = [...resources].sort((a, b) => compareStrings(a.urn, b.urn));
  return { tenant: await readTenant(system), resources: sorted };
}

/** What the preview and `up --skip-preview` say, neither of which changes anything. */
async function refused(): Promise<string> {
  const before = await everything();
  const said = await system.stack.preview().then(() => "", String);
  const up = await startUp(system.stack).ended;
  expect({ said, code: up.code }).toEqual({ said: expect.stringContaining("imports.json:"), code: 1 });
  expect(up.output).toContain("imports.json:");
  expect(await everything()).toEqual(before);
  return up.output;
}

const mallory = `displayName: Mallory
organization: ORGANIZATION
delivery: { awsAccountId: "210987654321" }
clients:
  default:
    scopes: [read:orders]
`;

/** A new customer with delivery to its author's AWS account, that imports what it names. */
async function takeOver(named: Named, organization: string): Promise<string> {
  writeFileSync(fileOf("mallory"), mallory.replace("ORGANIZATION", organization));
  writeImports("mallory", "default", named);
  try {
    return await refused();
  } finally {
    rmSync(fileOf("mallory"));
    rmSync(importsFile());
  }
}

async function makeOrganization(name: string): Promise<string> {
  return (await api<{ id: string }>("organizations", { name })).id;
}

/** A client by hand, with a grant that the organization may use. */
async function makeClient(organization: string, more: object = {}): Promise<Required<Named>> {
  const { client_id: client } = await api<{ client_id: string }>("clients", {
    ...{ name: "By hand", app_type: "non_interactive", grant_types: ["client_credentials"] },
    ...more,
  });
  const scope = ["read:orders"];
  const given = { client_id: client, audience, scope, organization_usage: "require" };
  const { id: grant } = await api<{ id: string }>("client-grants", given);
  await api(`organizations/${organization}/client-grants`, { grant_id: grant });
  return { organization, client, grant };
}

test("a client of another customer, with its secret, cannot be imported by a new one", async () => {
  const organization = await makeOrganization("mallory");
  const { globex } = await customers();
  const [[name, client] = []] = Object.entries(globex?.clients ?? {});
  expect(await takeOver({ organization, client }, "mallory")).toContain(
    `client ${client} is globex/${name}, which is deployed.`,
  );
});

test("nor can the portal's application, Pulumi's own client, or a client of an organization that people made", async () => {
  const organization = await makeOrganization("mallory-too");
  const env = parseEnv(readOutput<string>(await system.stack.outputs(), "portalEnv"));
  const portal = env.PLUGIN_AUTH0_M2M_CLIENT_ID ?? "";
  expect(await takeOver({ organization, client: portal }, "mallory-too")).toContain(
    "is the application of the Developer Portal.",
  );
  const pulumi = system.environment.AUTH0_CLIENT_ID;
  expect(await takeOver({ organization, client: pulumi }, "mallory-too")).toContain(
    `client ${pulumi} is the one with which Pulumi signs in to Auth0.`,
  );
  const victim = await makeClient(await makeOrganization("victim"));
  expect(await takeOver({ ...victim, organization }, "mallory-too")).toContain(
    `has no grant on ${audience} that organization ${organization} may use`,
  );
  expect(await takeOver(victim, "mallory-too")).toContain(
    'is named "victim", and customer mallory says "mallory-too".',
  );
  const broad = await makeClient(organization, { grant_types: ["client_credentials", "password"] });
  expect(await takeOver(broad, "mallory-too")).toContain(
    "has other grant types, for which files have no key: password.",
  );
});

test("another id than the state's is refused, and the protected customer stays as it is", async () => {
  const { acme } = await customers();
  const [name = ""] = Object.keys(acme?.clients ?? {});
  const organization = acme?.organizationId ?? "";
  const other = await makeClient(organization, { name: `acme/${name}` });
  writeImports("acme", name, other);
  expect(await refused()).toContain(
    `acme/${name} is client ${acme?.clients[name]}, which Auth0 still has, and not ${other.client}`,
  );
  writeImports("acme", name, { organization: await makeOrganization("acme-too"), client: other.client });
  expect(await refused()).toContain(`customer acme has organization ${organization}, which Auth0 still has`);
  rmSync(importsFile());
  await api(`clients/${other.client}`, undefined, "DELETE").catch(() => undefined);
  expect(await preview()).toEqual({});
});

test("a second client with a grant is listed, and deleted only by its id", async () => {
  const { acme } = await customers();
  const [[name = "", client] = []] = Object.entries(acme?.clients ?? {});
  const organization = acme?.organizationId ?? "";
  const second = await makeClient(organization, {
    name: `acme/${name}`,
    default_organization: { organization_id: organization, flows: ["client_credentials"] },
    client_metadata: { customer: "acme", client: name },
  });
  const { code, output: said } = await repair("--delete-duplicates");
  expect(code).toBe(1);
  expect(said).toContain(`client "acme/${name}" (${second.client}) of acme/${name}, beside ${client}`);
  expect(said).toContain(
    `it could be in use. If it is not: npx customers repair --stack ${system.stack.name} --delete-client ${second.client}`,
  );
  expect((await readTenant(system)).clients?.join()).toContain(second.client);
  expect(await repair("--delete-client", client ?? "", "--delete-client", second.client)).toMatchObject({
    code: 2,
    output: expect.stringContaining(`acme/${name} would have no client left`),
  });
  expect(await repair("--delete-client", second.client)).toMatchObject({
    code: 0,
    output: expect.stringContaining("Created twice: deleted (1):"),
  });
  expect((await readTenant(system)).clients?.join()).not.toContain(second.client);
});

test("with a state older than the tenant, repair deletes no client in use, and the next up adopts it", async () => {
  const backup = await system.stack.exportStack();
  const { acme: before } = await customers();
  const [name = ""] = Object.keys(before?.clients ?? {});
  const gone = before?.clients[name] ?? "";
  await api(`clients/${gone}`, undefined, "DELETE").catch(() => undefined);
  await system.stack.up({ refresh: true });
  const inUse = (await credentials()).acme?.[name];
  if (!inUse) throw new Error("acme has no credentials");
  await getToken(system.cloud.fetch, inUse);
  await system.stack.importStack(backup);

  const { code, output: said } = await repair("--delete-duplicates");
  expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining(inUse.clientId) });
  expect(said).not.toContain("Created twice");
  expect(existsSync(importsFile())).toBe(true);
  expect(readFileSync(importsFile(), "utf8")).toContain(inUse.clientId);
  const up = await startUp(system.stack).ended;
  expect({ ...up, output: up.code === 0 ? "" : up.output }).toEqual({ code: 0, output: "" });
  rmSync(importsFile());
  expect(await preview()).toEqual({});
  expect((await credentials()).acme?.[name]).toMatchObject({
    clientId: inUse.clientId,
    clientSecret: inUse.clientSecret,
  });
  await getToken(system.cloud.fetch, inUse);
});

describe("the name of an organization that another one still has", () => {
  const rename = (id: string, organization: string) => {
    const text = readFileSync(fileOf(id), "utf8").replace(/^organization: .*\n/m, "");
    writeFileSync(fileOf(id), text.replace("displayName:", `organization: ${organization}\ndisplayName:`));
  };

  it("is refused before anything is registered, and two names are swapped by way of a third", async () => {
    const organizations = async () => (await readTenant(system)).organizations;
    const before = await organizations();
    rename("acme", "globex");
    rename("globex", "acme");
    const swap = await startUp(system.stack).ended;
    expect(swap.code).toBe(1);
    expect(swap.output).toMatch(/acme\.yaml:2:15 {2}organization name "globex" is that of customer globex/);
    expect(await organizations()).toEqual(before);

    rename("acme", "acme-new");
    rename("globex", "globex");
    expect((await startUp(system.stack).ended).code).toBe(0);
    rename("globex", "acme");
    expect((await startUp(system.stack).ended).code).toBe(0);
    rename("acme", "globex");
    expect((await startUp(system.stack).ended).code).toBe(0);
    const ids = (names: string[] = [], name: string) =>
      names.find((one) => one.startsWith(`${name} `))?.split(" ")[1];
    expect(ids(await organizations(), "globex")).toBe(ids(before, "acme"));
    expect(ids(await organizations(), "acme")).toBe(ids(before, "globex"));
  });

  it("is refused for a new customer while the one that has it goes", async () => {
    const text = readFileSync(fileOf("initech"), "utf8");
    writeFileSync(fileOf("initech"), text.replace(/^status: .*$/m, "status: closing"));
    expect((await startUp(system.stack).ended).code).toBe(0);
    rmSync(fileOf("initech"));
    writeFileSync(
      fileOf("initrode"),
      mallory.replace(/^delivery.*\n/m, "").replace("ORGANIZATION", "initech"),
    );
    const up = await startUp(system.stack).ended;
    expect(up).toMatchObject({
      code: 1,
      output: expect.stringContaining("Deploy the removal of initech first, and initrode after it"),
    });
    writeFileSync(fileOf("initech"), text);
    rmSync(fileOf("initrode"));
  });
});
