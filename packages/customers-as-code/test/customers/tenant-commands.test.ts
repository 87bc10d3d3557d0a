// `npx customers import` and `npx customers drift` as processes, against a local tenant over TLS: what they say of members.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunningTenant } from "../../../auth0-tenant/src";
import { type Session, withTenant } from "../../../auth0-tenant/testing/main-session";

const audience = "https://api.example.com/";
const folder = mkdtempSync(join(tmpdir(), "customers-"));
const wayne = join(folder, "wayne.yaml");
afterAll(() => rmSync(folder, { recursive: true }));

async function run(
  command: "import" | "drift",
  tenant: Pick<RunningTenant, "domain" | "clientId" | "clientSecret" | "caFile">,
  ...more: string[]
) {
  const args = [
    "packages/customers-as-code/bin.cjs",
    command,
    "--customers",
    folder,
    "--audience",
    audience,
    ...more,
  ];
  const child = spawn(process.execPath, args, {
    env: {
      ...process.env,
      AUTH0_DOMAIN: tenant.domain,
      AUTH0_CLIENT_ID: tenant.clientId,
      AUTH0_CLIENT_SECRET: tenant.clientSecret,
      NODE_EXTRA_CA_CERTS: tenant.caFile,
    },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
  const code = await new Promise((resolve) => child.on("close", resolve));
  return { code, said };
}

/** What a client gets back that made something. */
async function make({ call }: Session, path: string, body: object): Promise<Record<string, string>> {
  const { status, body: made } = await call("POST", path, body);
  expect([path, status]).toEqual([path, expect.any(Number)]);
  if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(made)}`);
  return (made ?? {}) as Record<string, string>;
}

/** An organization with a client of the API, and two members. */
async function fill(session: Session): Promise<string> {
  await make(session, "/resource-servers", {
    name: "Orders",
    identifier: audience,
    scopes: [{ value: "read:orders" }],
  });
  const { id = "" } = await make(session, "/organizations", { name: "wayne", display_name: "Wayne" });
  const { client_id } = await make(session, "/clients", {
    name: "ci",
    app_type: "non_interactive",
    grant_types: ["client_credentials"],
  });
  const scope = ["read:orders"];
  const grant = { client_id, audience, scope, organization_usage: "require" };
  const { id: grant_id } = await make(session, "/client-grants", grant);
  await make(session, `/organizations/${id}/client-grants`, { grant_id });
  for (const email of ["bruce@wayne.example", "joker@evil.example"]) {
    const connection = "Username-Password-Authentication";
    const user = await make(session, "/users", { connection, email, password: "correct horse battery 9!" });
    await make(session, `/organizations/${id}/members`, { members: [user.user_id] });
  }
  return id;
}

/** A client that may read all but members. */
async function readerOf(tenant: RunningTenant, session: Session) {
  const { client_id = "", client_secret = "" } = await make(session, "/clients", {
    name: "reader",
    app_type: "non_interactive",
  });
  const rights = [
    "clients",
    "client_grants",
    "organizations",
    "organization_client_grants",
    "resource_servers",
  ];
  const scope = rights.map((right) => `read:${right}`);
  await make(session, "/client-grants", { client_id, audience: `${tenant.url}/api/v2/`, scope });
  return { domain: tenant.domain, caFile: tenant.caFile, clientId: client_id, clientSecret: client_secret };
}

test("import lists members, and drift names who is missing and who is there beside those whom a file lists", async () => {
  await withTenant({}, async (tenant, session) => {
    const id = await fill(session);
    const reader = await readerOf(tenant, session);

    const withoutRight = await run("import", reader);
    expect(withoutRight).toMatchObject({ code: 0, said: expect.stringContaining("imports 1 customer") });
    expect(withoutRight.said).toMatch(
      /\nMembers are not listed: they stay as they are\. The members of organization "wayne" .*read:organization_members/,
    );
    for (const file of [wayne, join(folder, "imports.json")]) rmSync(file);

    const planned = await run("import", tenant, "--dry-run", "--json");
    expect({ ...planned, said: JSON.parse(planned.said) }).toEqual({
      code: 0,
      said: {
        dryRun: true,
        importsFile: join(folder, "imports.json"),
        customers: [
          {
            id: "wayne",
            name: expect.any(String),
            file: wayne,
            organizationId: id,
            isPortalMade: false,
            clients: [{ name: expect.any(String), clientId: expect.any(String), scopes: expect.any(Array) }],
          },
        ],
        left: expect.arrayContaining([
          expect.objectContaining({ kind: "members of organization", name: "wayne", id }),
        ]),
        notes: [],
      },
    });

    const { code, said } = await run("import", tenant);
    expect(code).toBe(0);
    expect(said).toContain(
      `  members of organization "wayne" (${id}) stay as they are: bruce@wayne.example, joker@evil.example\n`.trimEnd(),
    );
    expect(readFileSync(wayne, "utf8")).not.toContain("members");

    writeFileSync(
      wayne,
      `members: [Bruce@wayne.example, alfred@wayne.example]\n${readFileSync(wayne, "utf8")}`,
    );
    const drifted = await run("drift", tenant);
    expect(drifted.code).toBe(1);
    expect(drifted.said).toMatch(/^missing {5}member wayne\/alfred@wayne\.example$/m);
    expect(drifted.said).toMatch(/^undeclared {2}member wayne\/joker@evil\.example \(auth0\|\w+\)$/m);
    expect(drifted.said).not.toContain("bruce");
  });
}, 300_000);
