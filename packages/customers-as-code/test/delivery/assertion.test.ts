// The programs that a customer with a key pair gets: each runs, and the tenant takes what it prints.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { privateKeyOf, publicPem } from "../../../auth0-tenant/testing/assertion";
import { inProcessTenant } from "../../../auth0-tenant/testing/in-process";
import { assertionLanguages, explainAssertion, type Language } from "../../src/delivery/assertion";
import { type Format, printCredentials } from "../../src/delivery/print";
import { asRecord } from "../../src/problems/record";

const folder = mkdtempSync(join(tmpdir(), "assertion-"));
const key = join(folder, "private.pem");
let tenant: Awaited<ReturnType<typeof inProcessTenant>>;
let clientId: string;

beforeAll(async () => {
  tenant = await inProcessTenant();
  const { domain, clientId: id, clientSecret } = tenant;
  const form = { grant_type: "client_credentials", audience: `https://${domain}/api/v2/` };
  const { access_token } = await ask("oauth/token", { ...form, client_id: id, client_secret: clientSecret });
  const headers = { authorization: `Bearer ${access_token}` };
  const credentials = [{ name: "customer", credential_type: "public_key", pem: publicPem("one") }];
  const made = await ask(
    "api/v2/clients",
    {
      ...{ name: "keyed", app_type: "non_interactive", grant_types: ["client_credentials"] },
      client_authentication_methods: { private_key_jwt: { credentials } },
    },
    headers,
  );
  clientId = String(made.client_id);
  await ask("api/v2/client-grants", { client_id: clientId, audience: form.audience, scope: [] }, headers);
  writeFileSync(key, privateKeyOf("one").export({ type: "pkcs8", format: "pem" }));
});
afterAll(async () => {
  await tenant.close();
  rmSync(folder, { recursive: true });
});

async function ask(path: string, body: object, headers = {}): Promise<Record<string, unknown>> {
  const response = await tenant.fetch(`https://${tenant.domain}/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json();
  return asRecord(answer);
}

const outputsOf = (client: object) => ({
  customers: { acme: { status: "active" } },
  credentials: { acme: { warehouse: client } },
});
const shared = () => ({
  ...{ clientId, tokenUrl: `https://${tenant.domain}/oauth/token` },
  ...{ audience: `https://${tenant.domain}/api/v2/`, scopes: [] },
});
const given = (client: object) => ({ outputs: outputsOf(client), customer: "acme", retiring: false });
const print = (format: Format, client: object = shared()) => printCredentials({ ...given(client), format });
const printProgram = (program: Language, client: object = shared()) =>
  printCredentials({ ...given(client), format: "env", program });

const commands = {
  node: ["assertion.mjs", "node"],
  python: ["assertion.py", "python3"],
  go: ["assertion.go", "go", "run"],
  java: ["Assertion.java", "java"],
} as const;

test.each(assertionLanguages)(
  "a program in %s makes an assertion for which the tenant gives a token, each time another",
  async (language) => {
    const [name, command, ...args] = commands[language];
    const file = join(folder, name);
    writeFileSync(file, printProgram(language));
    const run = () => execFileSync(command, [...args, file, key], { encoding: "utf8" }).trim();
    for (const assertion of [run(), run()]) {
      const { audience } = shared();
      const answer = await ask("oauth/token", {
        ...{ grant_type: "client_credentials", audience, client_assertion: assertion },
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      });
      expect(answer).toMatchObject({ token_type: "Bearer" });
    }
  },
  180_000,
);

test("what is printed for a client with a key pair says how its assertion is made", () => {
  const said = explainAssertion(shared());
  expect(said).toContain(`aud: "https://${tenant.domain}/", a single string`);
  expect(print("env")).toContain(said);
  expect(print("curl")).toContain(said);
  expect(JSON.parse(print("json"))).toMatchObject({
    warehouse: { assertionAudience: `https://${tenant.domain}/` },
  });
});

test("there is no program for a client with a secret, which needs no assertion", () => {
  const secret = { ...shared(), clientSecret: "s3cret" };
  expect(() => printProgram("node", secret)).toThrow(
    "No client of acme that you ask for has a key pair. For one with a secret, print --format curl.",
  );
  expect(print("env", secret)).not.toContain("assertion");
  expect(print("json", secret)).not.toContain("assertion");
});

test("one client must be named when several have a key pair", () => {
  const outputs = {
    customers: { acme: { status: "active" } },
    credentials: { acme: { warehouse: shared(), shop: shared() } },
  };
  const request = { outputs, customer: "acme", format: "env", program: "go", retiring: false } as const;
  expect(() => printCredentials(request)).toThrow("Name one client of acme with --client: warehouse, shop.");
  expect(printCredentials({ ...request, client: "shop" })).toContain("package main");
});
