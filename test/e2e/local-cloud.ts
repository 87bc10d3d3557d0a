// The local cloud, the real engine and the real program, in a folder of their own.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { ConfigMap, Stack } from "@pulumi/pulumi/automation";
import { createSigner } from "fast-jwt";
import { type Cloud, type CloudOptions, startCloud } from "../../packages/local-cloud/src/cloud";
import { type ClientCredentials, getToken } from "../../packages/local-cloud/src/credentials";
import { findCommand } from "../../packages/local-cloud/src/engine/command";
import { openLocalStack } from "../../packages/local-cloud/src/local-stack";
import { exampleConfig } from "../../packages/local-cloud/testing/example-config";

export { changesOf } from "../support/changes-of";

export const project = resolve(__dirname, "../..");

export interface TestCloud {
  cloud: Cloud;
  stack: Stack;
  /** Where all of it keeps its state. */
  directory: string;
  /** The client that the stack uses, as the environment has it. */
  environment: Record<"AUTH0_DOMAIN" | "AUTH0_CLIENT_ID" | "AUTH0_CLIENT_SECRET", string>;
  /** Copy of the customer files, which a test may change. */
  customers: string;
  close(): Promise<void>;
}

/** What the README has a user grant to the client that Pulumi uses: no more than this is needed in the whole life of a stack. */
export const pulumiScopes = [
  ...["clients", "client_grants", "resource_servers", "organizations"].flatMap((entity) =>
    ["read", "create", "update", "delete"].map((action) => `${action}:${entity}`),
  ),
  ...["read", "create", "delete"].map((action) => `${action}:organization_client_grants`),
  "read:client_keys",
  "update:client_keys",
  ...["read", "create", "update", "delete"].map((action) => `${action}:client_credentials`),
  "read:users",
  ...["read", "create", "delete"].map((action) => `${action}:organization_members`),
];

interface TestCloudOptions extends CloudOptions {
  /** Settings beside, or instead of, those of the example. */
  config?: ConfigMap;
  /** The company's folder; default: this repository's. */
  company?: string;
}

export async function openTestCloud({
  company = project,
  ...options
}: TestCloudOptions = {}): Promise<TestCloud> {
  const directory = mkdtempSync(join(tmpdir(), "customers-as-code-"));
  const customers = join(directory, "customers");
  cpSync(join(company, "customers"), customers, { recursive: true });
  const command = await findCommand((line) => console.info(line));
  const cloud = await startCloud(directory, options);
  const environment = await pulumiClient(cloud);
  const stack = await openLocalStack({
    command,
    project: company,
    directory,
    address: cloud.address,
    config: {
      ...exampleConfig(cloud.address),
      customers: { value: customers },
      "auth0:clientId": { value: environment.AUTH0_CLIENT_ID },
      "auth0:clientSecret": { value: environment.AUTH0_CLIENT_SECRET, secret: true },
      ...options.config,
    },
  });
  return {
    cloud,
    stack,
    directory,
    environment,
    customers,
    async close() {
      await cloud.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** A client with just those scopes, as the stack's own. */
async function pulumiClient(cloud: Cloud): Promise<TestCloud["environment"]> {
  const api = await managementApi(cloud);
  const { client_id, client_secret } = await api<Record<string, string>>("clients", {
    name: "Pulumi, as in the README",
    app_type: "non_interactive",
  });
  const { domain } = cloud.address.tenant;
  await api("client-grants", { client_id, audience: `https://${domain}/api/v2/`, scope: pulumiScopes });
  return {
    AUTH0_DOMAIN: domain,
    AUTH0_CLIENT_ID: String(client_id),
    AUTH0_CLIENT_SECRET: String(client_secret),
  };
}

/** Calls the Management API with every scope: POST with a body, unless another method is given, and GET without. */
export async function managementApi(cloud: Cloud) {
  const { domain, clientId, clientSecret } = cloud.address.tenant;
  const audience = `https://${domain}/api/v2/`;
  const tokenUrl = `https://${domain}/oauth/token`;
  const token = await getToken(cloud.fetch, { clientId, clientSecret, tokenUrl, audience, scopes: [] });
  return async <T>(path: string, body?: object, method = body ? "POST" : "GET"): Promise<T> => {
    const response = await cloud.fetch(audience + path, {
      method,
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

/** Asks for a token as a client with a key pair does (RFC 7523 section 2.2). @param jti another one each time */
export function askByKey(
  { cloud }: TestCloud,
  { clientId, tokenUrl, audience }: Pick<ClientCredentials, "clientId" | "tokenUrl" | "audience">,
  privateKey: string,
  jti: string,
) {
  const sign = createSigner({
    key: privateKey,
    algorithm: "RS256",
    iss: clientId,
    sub: clientId,
    aud: new URL("/", tokenUrl).href,
    jti,
    expiresIn: "1m",
  });
  return cloud.fetch(tokenUrl, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      audience,
      client_assertion: sign({}),
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }),
  });
}
