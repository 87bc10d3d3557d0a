// docs/how-to/first-errors.md: each error is brought about, is printed as the page shows it, and is gone after the page's remedy.
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTenant } from "../../packages/auth0-tenant/src";
import { entityLimits } from "../../packages/auth0-tenant/src/plans";
import { getToken } from "../../packages/local-cloud/src/credentials";
import { findCommand } from "../../packages/local-cloud/src/engine/command";
import { startEngine } from "./engine-process";
import { managementApi, openTestCloud, pulumiScopes, type TestCloud } from "./local-cloud";

const page = readFileSync("docs/how-to/first-errors.md", "utf8");

/** What the page shows, in one of its "you see" cells; every such cell must be shown by a test, or is listed here. */
const shown = new Set<string>();
function shows(output: string, ...messages: string[]): void {
  const [cell] = messages.map((message) => `\`${message}\``);
  expect(page).toMatch(new RegExp(`^\\| [^|]*${escapeRegExp(cell ?? "")}`, "m"));
  for (const message of messages) {
    shown.add(message);
    expect(output).toContain(message);
  }
}
const escapeRegExp = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

describe("Pulumi", () => {
  const folder = mkdtempSync(join(tmpdir(), "first-errors-"));
  let cli = "";
  beforeAll(async () => {
    cli = (await findCommand((line) => console.info(line))).path;
    mkdirSync(join(folder, "state"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: example\nruntime: nodejs\n");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const stateful = { PULUMI_BACKEND_URL: `file://${join(folder, "state")}` };
  const secret = { ...stateful, PULUMI_CONFIG_PASSPHRASE: "first" };
  function pulumi(args: string, environment: Record<string, string>): string {
    const { stdout, stderr } = spawnSync(cli, [...args.split(" "), "--non-interactive", "--color", "never"], {
      cwd: folder,
      encoding: "utf8",
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        PULUMI_HOME: join(folder, "home"),
        PULUMI_SKIP_UPDATE_CHECK: "true",
        ...environment,
      },
    });
    return stdout + stderr;
  }

  test("without a backend, a stack, the passphrase, the right one, or Pulumi Cloud", () => {
    shows(pulumi("preview", {}), "PULUMI_ACCESS_TOKEN must be set for login");
    shows(pulumi("preview", secret), "no stack selected");
    pulumi("stack init dev", secret);
    pulumi("config set --secret password abc", secret);
    shows(pulumi("preview", stateful), "passphrase must be set with PULUMI_CONFIG_PASSPHRASE");
    shows(pulumi("preview", { ...secret, PULUMI_CONFIG_PASSPHRASE: "second" }), "incorrect passphrase");
    appendFileSync(join(folder, "Pulumi.dev.yaml"), "environment:\n  - dev\n");
    shows(pulumi("preview", secret), "does not support environments");
  });
});

describe("Auth0 and AWS", () => {
  let system: TestCloud;
  beforeAll(async () => {
    system = await openTestCloud();
    // As a company begins, whose log goes to CloudWatch.
    for (const key of ["moesifIngestUrl", "moesifApplicationId"]) await system.stack.removeConfig(key);
  });
  afterAll(() => system?.close());

  const up = () => startEngine(system.stack, ["up", "--yes", "--skip-preview"]).ended;
  const set = (key: string, value: string, secret = false) => system.stack.setConfig(key, { value, secret });

  /** Deploys with the fault, which must be refused, and takes it away. */
  async function refused(fault: () => Promise<() => Promise<unknown>>): Promise<string> {
    const remedy = await fault();
    const { code, output } = await up();
    expect(code).not.toBe(0);
    await remedy();
    return output;
  }

  test("a region that doesn't exist, and an ARN of another region", async () => {
    const output = await refused(async () => {
      await set("aws:region", "eu-centrl-1");
      return () => set("aws:region", "us-east-1");
    });
    shows(output, "is not an AWS region");
    const other = await refused(async () => {
      await set(
        "kmsKeyArn",
        "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555",
      );
      return () => system.stack.removeConfig("kmsKeyArn");
    });
    expect(other).toContain("is in eu-central-1, and the stack is in us-east-1");
    expect(page).toContain("is in us-east-1, and the stack is in eu-central-1");
  });

  test("a domain without a tenant", async () => {
    const output = await refused(async () => {
      await set("auth0:domain", "localhost:1");
      return () => set("auth0:domain", system.environment.AUTH0_DOMAIN);
    });
    shows(output, "/.well-known/jwks.json cannot be used");
  });

  test("another client's secret", async () => {
    const output = await refused(async () => {
      await set("auth0:clientSecret", "another", true);
      return () => set("auth0:clientSecret", system.environment.AUTH0_CLIENT_SECRET, true);
    });
    shows(output, "access_denied", "Unauthorized");
  });

  test("a missing scope", async () => {
    const output = await refused(async () => {
      const api = await managementApi(system.cloud);
      const [grant] = await api<{ id: string }[]>(
        `client-grants?client_id=${system.environment.AUTH0_CLIENT_ID}`,
      );
      const grants = (scope: string[]) => api(`client-grants/${grant?.id}`, { scope }, "PATCH");
      await grants(pulumiScopes.filter((scope) => scope !== "create:organizations"));
      return () => grants(pulumiScopes);
    });
    shows(output, "Insufficient scope, expected any of: create:organizations");
  });

  test("an API, and an organization, that the tenant already has, and no role for logs", async () => {
    const output = await refused(async () => {
      const api = await managementApi(system.cloud);
      const server = await api<{ id: string }>("resource-servers", {
        name: "Orders",
        identifier: "https://api.example.org/",
      });
      const organization = await api<{ id: string }>("organizations", { name: "taken" });
      await set("audience", "https://api.example.org/");
      const file = join(system.customers, "acme.yaml");
      const before = readFileSync(file, "utf8");
      writeFileSync(file, `${before}organization: taken\n`);
      return async () => {
        await set("audience", "https://api.example.com/");
        writeFileSync(file, before);
        for (const path of [`resource-servers/${server.id}`, `organizations/${organization.id}`])
          await deleteFromTenant(path);
      };
    });
    shows(output, "A resource server with the same identifier already exists");
    shows(output, "An organization with this name already exists");
  });

  test("no role for logs, until the setting makes it, and the deployment continues", async () => {
    const { code, output } = await up();
    expect(code).not.toBe(0);
    shows(output, "CloudWatch Logs role ARN must be set in account settings to enable logging");
    expect(page).toContain("`pulumi config set manageCloudWatchRole true`");
    await set("manageCloudWatchRole", "true");
    expect(await up()).toMatchObject({ code: 0 });
  });

  async function deleteFromTenant(path: string): Promise<void> {
    const { domain, clientId, clientSecret } = system.cloud.address.tenant;
    const audience = `https://${domain}/api/v2/`;
    const tokenUrl = `https://${domain}/oauth/token`;
    const token = await getToken(system.cloud.fetch, {
      ...{ clientId, clientSecret, tokenUrl, audience, scopes: [] },
    });
    const headers = { authorization: `Bearer ${token}` };
    const { status } = await system.cloud.fetch(audience + path, {
      method: "DELETE",
      headers,
    });
    expect(status).toBe(204);
  }
});

describe("a tenant with a plan", () => {
  let system: TestCloud;
  afterEach(() => system.close());

  async function upWithPlan(plan: "free" | "self-service", prepare?: () => Promise<void>): Promise<string> {
    system = await openTestCloud({ startTenant: (directory) => startTenant({ directory, plan }) });
    await prepare?.();
    const { code, output } = await startEngine(system.stack, ["up", "--yes", "--skip-preview"]).ended;
    expect(code).not.toBe(0);
    return output;
  }

  test("without organizations in machine-to-machine tokens", async () => {
    const output = await upWithPlan("free");
    shows(output, "Please upgrade your subscription to use Machine to Machine access to Organizations");
  });

  test("without room for more clients", async () => {
    const output = await upWithPlan("self-service", async () => {
      const api = await managementApi(system.cloud);
      const most = entityLimits["self-service"].clients;
      const { length } = await api<object[]>("clients?per_page=100&is_global=false");
      for (let number = length; number < most; number += 1) {
        await api("clients", { name: `Client ${number}`, app_type: "non_interactive" });
      }
    });
    shows(output, "You reached the limit of entities of this type for this tenant");
  });
});

test("the page shows nothing else that a test could bring about", () => {
  const cells = [...page.matchAll(/^\| (?!you see|---)([^|]+) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, message = ""]) => message),
  );
  // The real providers' and AWS's own, or shown in another test (runbook, alarms) or with the regions the other way around.
  const elsewhere = [
    "Global limit has been reached",
    "No valid credential sources found",
    "AccessDenied",
    "is not authorized to perform",
    "is in us-east-1, and the stack is in eu-central-1",
    "failed-deliveries",
  ];
  expect(cells.filter((cell) => !shown.has(cell)).sort()).toEqual(elsewhere.sort());
});
