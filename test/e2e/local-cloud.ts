// The local cloud, the real engine and the real program, in a folder of their own.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { ConfigMap, Stack } from "@pulumi/pulumi/automation";
import { type Cloud, startCloud } from "../../local/cloud";
import { getToken } from "../../local/credentials";
import { findCommand } from "../../local/engine/command";
import { openLocalStack } from "../../local/local-stack";

export const project = resolve(__dirname, "../..");

export interface TestCloud {
  cloud: Cloud;
  stack: Stack;
  /** Where all of it keeps its state. */
  directory: string;
  /** Copy of the customer files, which a test may change. */
  customers: string;
  close(): Promise<void>;
}

/** What the README has a user grant to the client that Pulumi uses: no more than this is needed in the whole life of a stack. */
export const pulumiScopes = [
  ...["clients", "client_grants", "resource_servers", "organizations", "organization_client_grants"].flatMap(
    (entity) => ["read", "create", "update", "delete"].map((action) => `${action}:${entity}`),
  ),
  "read:client_keys",
  "update:client_keys",
  ...["read", "create", "update", "delete"].map((action) => `${action}:client_credentials`),
];

/** @param options.config settings beside, or instead of, those of the local stack */
export async function openTestCloud(options: { config?: ConfigMap } = {}): Promise<TestCloud> {
  const directory = mkdtempSync(join(tmpdir(), "customers-as-code-"));
  const customers = join(directory, "customers");
  cpSync(join(project, "customers"), customers, { recursive: true });
  const command = await findCommand((line) => console.info(line));
  const cloud = await startCloud(directory);
  const stack = await openLocalStack({
    command,
    project,
    directory,
    address: cloud.address,
    config: { customers: { value: customers }, ...(await pulumiClient(cloud)), ...options.config },
  });
  return {
    cloud,
    stack,
    directory,
    customers,
    async close() {
      await cloud.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** A client with just those scopes, as the stack's own. */
async function pulumiClient(cloud: Cloud): Promise<ConfigMap> {
  const api = await managementApi(cloud);
  const { client_id, client_secret } = await api<Record<string, string>>("clients", {
    name: "Pulumi, as in the README",
    app_type: "non_interactive",
  });
  const audience = `https://${cloud.address.tenant.domain}/api/v2/`;
  await api("client-grants", { client_id, audience, scope: pulumiScopes });
  return {
    "auth0:clientId": { value: String(client_id) },
    "auth0:clientSecret": { value: String(client_secret), secret: true },
  };
}

/** Calls the Management API with every scope: POST with a body, GET without. */
async function managementApi(cloud: Cloud) {
  const { domain, clientId, clientSecret } = cloud.address.tenant;
  const audience = `https://${domain}/api/v2/`;
  const tokenUrl = `https://${domain}/oauth/token`;
  const token = await getToken(cloud.fetch, { clientId, clientSecret, tokenUrl, audience, scopes: [] });
  return async <T>(path: string, body?: object): Promise<T> => {
    const response = await cloud.fetch(audience + path, {
      method: body ? "POST" : "GET",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
}

/** Everything that the tenant holds, by the names and ids that Auth0 gives. */
export async function readTenant({ cloud }: TestCloud): Promise<Record<string, string[]>> {
  const api = await managementApi(cloud);
  const list = async (path: string, id: string) => {
    const found = await api<Record<string, string>[]>(`${path}?per_page=100`);
    return found.map((one) => `${one.name ?? one.audience ?? ""} ${one[id]}`).sort();
  };
  return {
    organizations: await list("organizations", "id"),
    clients: await list("clients", "client_id"),
    clientGrants: await list("client-grants", "id"),
    resourceServers: await list("resource-servers", "id"),
  };
}

/** What the engine did, by resource: `Client globex/warehouse` → `update`. What stayed the same is left out. */
export async function changesOf(
  run: (onEvent: Parameters<Stack["up"]>[0] & object) => Promise<unknown>,
): Promise<Record<string, string>> {
  const changes: Record<string, string> = {};
  await run({
    onEvent: (event) => {
      const metadata = event.resourcePreEvent?.metadata;
      if (!metadata || metadata.op === "same" || metadata.op === "refresh") return;
      const [, , type = "", name = ""] = metadata.urn.split("::");
      changes[`${type.split(/[:$]/).at(-1)} ${name}`] = metadata.op;
    },
  });
  return changes;
}
