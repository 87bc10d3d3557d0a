// The stack `local` of the project: its configuration points at the cloud on this machine, nothing else is different.
import { resolve } from "node:path";
import type { ConfigMap, Stack } from "@pulumi/pulumi/automation";
import type { EngineCommand } from "./engine/command";
import { openStack } from "./engine/stack";
import type { CloudAddress } from "./presence";

interface LocalStackOptions {
  command: EngineCommand;
  /** Folder of Pulumi.yaml. */
  project: string;
  /** Where the cloud keeps its state. */
  directory: string;
  address: CloudAddress;
  /** Whose auth0 provider the engine runs; the local one needs no download. */
  plugins?: "local" | "official";
  /** Settings beside, or instead of, those that the cloud gives. */
  config?: ConfigMap;
}

export async function openLocalStack(options: LocalStackOptions): Promise<Stack> {
  const { address, plugins = "local" } = options;
  const { auth0, ...others } = address.providers;
  return openStack({
    command: options.command,
    project: options.project,
    name: "local",
    directory: resolve(options.directory, "engine"),
    config: { ...configOf(address), ...options.config },
    providers: plugins === "official" || auth0 === undefined ? others : { auth0, ...others },
    environment: {
      // The program (Node) and the official provider (Go) trust the tenant's certificate by these.
      NODE_EXTRA_CA_CERTS: address.tenant.caFile,
      SSL_CERT_FILE: address.tenant.caFile,
    },
  });
}

function configOf({ tenant, backendUrl, moesif }: CloudAddress): ConfigMap {
  return {
    "auth0:domain": { value: tenant.domain },
    "auth0:clientId": { value: tenant.clientId },
    "auth0:clientSecret": { value: tenant.clientSecret, secret: true },
    "aws:region": { value: "us-east-1" },
    audience: { value: "https://api.example.com/" },
    backendUrl: { value: backendUrl },
    "publicRoutes[0]": { value: "GET /health" },
    moesifIngestUrl: { value: moesif.ingestUrl },
    moesifApplicationId: { value: moesif.applicationId, secret: true },
    liveSuspensions: { value: "true" },
    protect: { value: "false" },
  };
}
