// The local cloud, the real engine and the real program, in a folder of their own.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { type Cloud, startCloud } from "../../local/cloud";
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

export async function openTestCloud(): Promise<TestCloud> {
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
    config: { customers: { value: customers } },
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

/** Everything that the tenant holds, by the names and ids that Auth0 gives. */
export async function readTenant({ cloud }: TestCloud): Promise<Record<string, string[]>> {
  const { domain, clientId, clientSecret } = cloud.address.tenant;
  const token = await cloud.fetch(`https://${domain}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      audience: `https://${domain}/api/v2/`,
      client_id: clientId,
      client_secret: clientSecret,
    }),
  });
  const { access_token } = (await token.json()) as { access_token: string };
  const list = async (path: string, id: string) => {
    const response = await cloud.fetch(`https://${domain}/api/v2/${path}?per_page=100`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    const found = (await response.json()) as Record<string, string>[];
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
