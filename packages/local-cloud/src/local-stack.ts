// The stack `local` of the project: its configuration points at the cloud on this machine, nothing else is different.
import { resolve } from "node:path";
import type { ConfigMap, Stack } from "@pulumi/pulumi/automation";
import type { LocalSettings } from "./company/local-settings";
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
  /** The company's own, for a command that deploys; the others find what the last deployment had. */
  settings?: Pick<LocalSettings, "config" | "leftOut" | "secrets">;
  /** Settings beside, or instead of, those. */
  config?: ConfigMap;
}

export async function openLocalStack(options: LocalStackOptions): Promise<Stack> {
  const { address, plugins = "local", settings } = options;
  const { auth0, ...others } = address.providers;
  return openStack({
    command: options.command,
    project: options.project,
    name: "local",
    directory: resolve(options.directory, "engine"),
    ...(settings && { settings: settings.config, withoutDefault: settings.leftOut }),
    config: { ...encrypted(settings?.secrets ?? {}), ...options.config },
    providers: plugins === "official" || auth0 === undefined ? others : { auth0, ...others },
    environment: {
      // The program (Node) and the official provider (Go) trust the tenant's certificate by these.
      NODE_EXTRA_CA_CERTS: address.tenant.caFile,
      SSL_CERT_FILE: address.tenant.caFile,
    },
  });
}

/** Only the CLI can encrypt them. */
function encrypted(secrets: Readonly<Record<string, string>>): ConfigMap {
  return Object.fromEntries(Object.entries(secrets).map(([key, value]) => [key, { value, secret: true }]));
}
