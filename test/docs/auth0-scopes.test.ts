// docs/reference/auth0-scopes.md: its tables against what the program uses, and its commands against a tenant.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv, promisify } from "node:util";
import { type RunningTenant, startTenant } from "../../packages/auth0-tenant/src";
import { managementScopes } from "../../packages/customers-as-code/src/auth0/management-application";
import { readTenant } from "../../packages/customers-as-code/src/tenant/tenant-reader";
import { getToken } from "../../packages/local-cloud/src/credentials";
import { pulumiScopes } from "../e2e/local-cloud";

const page = readFileSync("docs/reference/auth0-scopes.md", "utf8");
const section = (title: string) => page.split(/^## /m).find((one) => one.startsWith(title)) ?? "";
const rows = [
  ...section("The clients that you create").matchAll(/^\| `(\w+:\w+)` \|(.*)\|(.*)\|(.*)\|$/gm),
].map(([, scope = "", deploys = "", previews = "", drift = ""]) => ({
  scope,
  deploys: deploys.trim(),
  previews: previews.trim(),
  drift: drift.trim(),
}));
const scopesOf = (client: "deploys" | "previews" | "drift", ...marks: string[]) =>
  rows.filter((row) => marks.includes(row[client])).map(({ scope }) => scope);
const sorted = (scopes: readonly string[]) => [...scopes].sort();

const audience = "https://api.example.com/";
const directory = mkdtempSync(join(tmpdir(), "auth0-scopes-"));
let tenant: RunningTenant;
let token: string;

beforeAll(async () => {
  tenant = await startTenant({
    directory,
    seed: {
      apis: [{ identifier: audience, scopes: ["read:orders"] }],
      organizations: [{ name: "acme" }],
    },
  });
  token = await tokenOf({ AUTH0_CLIENT_ID: tenant.clientId, AUTH0_CLIENT_SECRET: tenant.clientSecret });
});
afterAll(async () => {
  await tenant?.close();
  rmSync(directory, { recursive: true });
});

type Client = Record<"AUTH0_CLIENT_ID" | "AUTH0_CLIENT_SECRET", string>;
/** What no command has printed. */
const none: Client = { AUTH0_CLIENT_ID: "", AUTH0_CLIENT_SECRET: "" };

const tokenOf = (client?: Client): Promise<string> =>
  getToken(tenant.fetch, {
    ...access(client),
    tokenUrl: `https://${tenant.domain}/oauth/token`,
    audience: `https://${tenant.domain}/api/v2/`,
    scopes: [],
  });

function scopesOfToken(accessToken: string): string[] {
  const [, claims = ""] = accessToken.split(".");
  const { scope }: { scope: string } = JSON.parse(Buffer.from(claims, "base64url").toString());
  return scope.split(" ");
}

/** The page's function, and then a command. */
async function runInShell(command: string): Promise<Client[]> {
  const [definition = ""] = blocks();
  const withoutValues = definition.replace(/^export .*$/gm, "");
  const { stdout } = await promisify(execFile)("bash", ["-c", `${withoutValues}\n${command}`], {
    env: {
      PATH: process.env.PATH,
      AUTH0_DOMAIN: tenant.domain,
      TOKEN: token,
      CURL_CA_BUNDLE: tenant.caFile,
    },
  });
  return stdout
    .trim()
    .split("\n")
    .map((line) => {
      const { AUTH0_CLIENT_ID = "", AUTH0_CLIENT_SECRET = "" } = parseEnv(line.replace(" ", "\n"));
      return { AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET };
    });
}

const blocks = () => [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = ""]) => block);
const access = ({ AUTH0_CLIENT_ID: clientId, AUTH0_CLIENT_SECRET: clientSecret }: Client = none) => ({
  domain: tenant.domain,
  fetch: tenant.fetch,
  clientId,
  clientSecret,
});

test("the client that deploys has the scopes with which the end-to-end tests deploy", () => {
  expect(sorted(scopesOf("deploys", "✓", "members"))).toEqual(sorted(pulumiScopes));
});

test("the first command creates the client that deploys, with the scopes of the table", async () => {
  const [, command = ""] = blocks();
  const [client] = await runInShell(command);
  const granted = scopesOfToken(await tokenOf(client));
  expect(sorted(granted)).toEqual(sorted(scopesOf("deploys", "✓")));
});

test("with the addition for members, it has the scopes of members too", async () => {
  const [, command = ""] = blocks();
  const [, addition = ""] = /list members, add `([^`]+)`/.exec(page) ?? [];
  const [client] = await runInShell(`${command.trim()} ${addition}`);
  const granted = scopesOfToken(await tokenOf(client));
  expect(sorted(granted)).toEqual(sorted(pulumiScopes));
});

test("the second command creates clients that can read the tenant, and lose that without any of their scopes", async () => {
  const [, , command = ""] = blocks();
  const [previews, drift] = await runInShell(command);
  for (const [name, client] of [["previews", previews] as const, ["drift", drift] as const]) {
    const granted = scopesOfToken(await tokenOf(client));
    expect(sorted(granted)).toEqual(sorted(scopesOf(name, "✓")));
  }
  const read = (client?: Client) => readTenant(access(client), audience);
  expect((await read(previews)).organizations).toHaveLength(1);
  for (const scope of scopesOf("previews", "✓")) {
    const others = scopesOf("previews", "✓").filter((one) => one !== scope);
    const [lacking] = await runInShell(`create_client "Lacks ${scope}" ${others.join(" ")}`);
    await expect(read(lacking)).rejects.toThrow(
      new RegExp(`403 Insufficient scope, expected any of: .*${scope}.* Grant them to the client`),
    );
  }
});

test("a refusal ends the command, and prints Auth0's reason instead of credentials", async () => {
  await expect(runInShell('TOKEN=wrong; create_client "Refused" read:clients')).rejects.toMatchObject({
    code: 22,
    stdout: "",
    stderr: expect.stringContaining("401"),
  });
});

test("the management application has the scopes of its table", () => {
  const named = [...section("The management application").matchAll(/^\| `(\w+:\w+)` \|/gm)].map(
    ([, scope]) => scope,
  );
  expect(named.sort()).toEqual(sorted(managementScopes));
});
