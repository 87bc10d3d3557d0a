// A stack of the project, driven by the real CLI; the program is loaded as `pulumi up` loads it.
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { type ConfigMap, LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import { parse, parseDocument } from "yaml";
import { privateFolder } from "../private-files";
import { isRecord } from "../record";
import type { EngineCommand } from "./command";
import { passphrase } from "./stored-outputs";

interface StackOptions {
  command: EngineCommand;
  /** Folder of Pulumi.yaml. */
  project: string;
  name: string;
  /** Where the state and the engine's own files are kept; made where there is none. */
  directory: string;
  /** Instead of all settings that the stack has, by key, values as YAML on one line; absent to leave them as they are. */
  settings?: Record<string, string>;
  /** Beside those, by key; a list's entries by paths such as `publicRoutes[0]`. */
  config: ConfigMap;
  /** Settings of which Pulumi.yaml's own value doesn't count. */
  withoutDefault?: readonly string[];
  /** Ports of the local providers by package; without it the engine uses the official plugins. */
  providers?: Record<string, number>;
  /** For the program and the official plugins. */
  environment: Record<string, string>;
}

/** Opens the stack, or creates it; its state is in files and its secrets are kept by a passphrase that is no secret. */
export async function openStack(options: StackOptions): Promise<Stack> {
  const { command, directory, providers } = options;
  const state = join(directory, "state");
  privateFolder(directory);
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const environment: Record<string, string> = {
    ...options.environment,
    ...bypassProxies(process.env),
    // Without the files `*.attrs`, which the backend does not replace in one step: a killed engine can leave one empty, and then
    // the engine cannot read the state beside it, which is whole.
    PULUMI_BACKEND_URL: `file://${state}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
    PATH: [languageHostFolder(directory), process.env.PATH].join(delimiter),
  };
  if (providers) {
    environment.PULUMI_HOME = join(directory, "home");
    // The engine looks for the official plugins all the same; without this, it tries five times to download them.
    environment.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION = "true";
    environment.PULUMI_DEBUG_PROVIDERS = Object.entries(providers)
      .map(([name, port]) => `${name}:${port}`)
      .join(",");
  }
  const workDir = projectFolder(options);
  if (options.settings) writeSettings(join(workDir, `Pulumi.${options.name}.yaml`), options);
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: options.name, workDir },
    {
      pulumiCommand: await PulumiCommand.get({ root: command.root, skipVersionCheck: true }),
      envVars: environment,
    },
  );
  if (Object.keys(options.config).length > 0) await setConfig(stack, options.config);
  return stack;
}

/**
 * In one step, since the state's secrets are lost without the salt that the file has. Secrets that the CLI will set again stay until
 * then: another process may be about to deploy with them.
 */
function writeSettings(file: string, { settings = {}, config }: StackOptions): void {
  const before: unknown = existsSync(file) ? parse(readFileSync(file, "utf8")) : {};
  const { encryptionsalt: salt, config: given } = isRecord(before) ? before : {};
  const secrets = Object.keys(config).filter((name) => config[name]?.secret);
  const encrypted = Object.entries(isRecord(given) ? given : {}).filter(([key]) =>
    secrets.some((name) => key === name || key.endsWith(`:${name}`)),
  );
  const kept = Object.fromEntries(encrypted.map(([key, value]) => [key, JSON.stringify(value)]));
  const lines = Object.entries({ ...settings, ...kept }).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${value}`,
  );
  if (typeof salt === "string") lines.push(`encryptionsalt: ${salt}`);
  writeFileSync(`${file}.new`, `config:\n${lines.join("\n")}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The Automation API reports a failure with the whole command line, and that has the secrets. */
async function setConfig(stack: Stack, config: ConfigMap): Promise<void> {
  try {
    await stack.setAllConfig(config, true);
  } catch (error) {
    const secrets = Object.values(config).flatMap(({ value, secret }) => (secret && value ? [value] : []));
    const message = error instanceof Error ? error.message : String(error);
    // Without a cause: that one has the secrets, too.
    throw new Error(secrets.reduce((text, secret) => text.replaceAll(secret, "[secret]"), message));
  }
}

/**
 * The engine, the program and the providers reach each other on this machine. gRPC for Node.js would ask the proxy for that, and
 * reads the variables in lower case only.
 */
function bypassProxies({ NO_PROXY, no_proxy }: NodeJS.ProcessEnv): Record<string, string> {
  const hosts = [no_proxy || NO_PROXY, "localhost", "127.0.0.1", "::1"].filter(Boolean).join(",");
  return { NO_PROXY: hosts, no_proxy: hosts };
}

/**
 * A folder with the project's own Pulumi.yaml, whose `main` is the project's program: the stack's settings are written
 * here, so that nothing is in the user's folder.
 */
function projectFolder({ project, directory, withoutDefault = [] }: StackOptions): string {
  const folder = join(directory, "project");
  const file = parseDocument(readFileSync(join(project, "Pulumi.yaml"), "utf8"));
  file.set("main", resolve(project, String(file.get("main") ?? ".")));
  // The local stack's settings are beside this file, and its state is in `directory`.
  for (const key of ["backend", "stackConfigDir"]) file.delete(key);
  for (const key of withoutDefault) {
    for (const written of [key, `${file.get("name")}:${key}`]) {
      if (file.hasIn(["config", written])) file.deleteIn(["config", written]);
    }
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, "Pulumi.yaml"), String(file), { mode: 0o600 });
  return folder;
}

/** Made by the build, also for tests, which run the sources of everything else. */
const languageHost = resolve(__dirname, "../../dist/engine/language-host.cjs");

/**
 * A folder with our language host as an executable. First on the PATH, it wins over the official one, which would have
 * the engine download the official plugins even where the local providers take their place.
 */
function languageHostFolder(directory: string): string {
  const folder = join(directory, "bin");
  const file = join(folder, "pulumi-language-nodejs");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${languageHost}" "$@"\n`);
  chmodSync(file, 0o700);
  return folder;
}
