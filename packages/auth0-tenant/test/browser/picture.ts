// Takes docs/images/tenant.png: npm run ts -- packages/auth0-tenant/test/browser/picture.ts
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTenant } from "../../src";
import { launchBrowser } from "../../testing/browser";
import { openSession, type Session } from "../../testing/main-session";
import { createEntity } from "../page-content";

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "tenant-"));
  const tenant = await startTenant({ directory, port: 8443 });
  const browser = await launchBrowser();
  try {
    const session = await openSession(tenant);
    await fill(session);
    tenant.setFaults(["POST /api/v2/organizations 503 count=1"]);
    await session.call("POST", "/organizations", { name: "hooli" });
    await session.call("POST", "/organizations", { name: "acme" });
    const context = await browser.newContext({
      ignoreHTTPSErrors: true,
      colorScheme: "light",
      viewport: { width: 1280, height: 740 },
    });
    const page = await context.newPage();
    await page.goto(tenant.url);
    await page.getByText("2 clients").click();
    await page.screenshot({ path: join(__dirname, "../../../../docs/images/tenant.png") });
  } finally {
    await browser.close();
    await tenant.close();
    rmSync(directory, { recursive: true });
  }
}

async function fill(session: Session): Promise<void> {
  const audience = "https://api.example.com";
  const scopes = ["read:orders", "write:orders", "read:invoices"];
  const api = { name: "Orders", identifier: audience, scopes: scopes.map((value) => ({ value })) };
  await createEntity(session, "/resource-servers", api);
  const customers = [
    ["acme", "Acme Corporation", ["ci", "reporting"]],
    ["globex", "Globex", ["orders"]],
    ["initech", "Initech", ["orders"]],
    ["umbrella", "Umbrella Health", ["orders"]],
  ] as const;
  for (const [name, display_name, uses] of customers) {
    const organization = await createEntity(session, "/organizations", { name, display_name });
    for (const use of uses) {
      const client = { app_type: "non_interactive", token_endpoint_auth_method: "client_secret_post" };
      const client_id = await createEntity(session, "/clients", { name: `${name} ${use}`, ...client });
      const scope = use === "reporting" ? ["read:orders", "read:invoices"] : ["read:orders", "write:orders"];
      const grant = { client_id, audience, scope, organization_usage: "require" };
      const grant_id = await createEntity(session, "/client-grants", grant);
      await createEntity(session, `/organizations/${organization}/client-grants`, { grant_id });
    }
  }
}

void main();
