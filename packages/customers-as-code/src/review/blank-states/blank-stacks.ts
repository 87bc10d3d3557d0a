// The stacks of a company without their secrets, as a folder: written with access to the secrets, and previewed without it.
import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import {
  type Deployment,
  LocalWorkspace,
  PulumiCommand,
  StackNotFoundError,
} from "@pulumi/pulumi/automation";
import { parseDocument } from "yaml";
import { mainOf, plainName } from "../../customers/shard-placement";
import { asRecord } from "../../problems/record";
import type { Target } from "../../stacks/pulumi-cli";
import { settingsFile } from "../../stacks/stack-settings";
import {
  type BlankSettings,
  blankSettings,
  blankSettingsSchema,
  digestCiphertext,
  encryptedSettings,
  fromEnvironments,
  valueAt,
} from "./blank-settings";
import { Blanks } from "./blanks";

/** It encrypts nothing but placeholders: the CLI demands one for values that are marked as secret. */
const passphrase = "placeholders";

const settingsName = "settings.json";

/**
 * Writes the folder: the state of each stack in a backend of files, and what is secret in the settings of the first one.
 * @param stacks as `pulumi stack select` takes them, of which the first is the main one; those that don't exist are left out
 * @returns names of the stacks in the folder
 */
export async function writeBlankStacks(
  stacks: readonly string[],
  project: string,
  folder: string,
): Promise<string[]> {
  emptyOwn(folder);
  const pulumiCommand = await PulumiCommand.get();
  const [main = ""] = stacks;
  const workDir = resolve(project);
  const exported: { name: string; deployment: Deployment }[] = [];
  let config: Record<string, { value: string; secret?: boolean | undefined }> = {};
  for (const stackName of stacks) {
    try {
      const stack = await LocalWorkspace.selectStack({ stackName, workDir }, { pulumiCommand });
      exported.push({ name: plainName(stackName), deployment: await stack.exportStack() });
      if (stackName === main) config = await stack.getAllConfig();
    } catch (error) {
      if (!(error instanceof StackNotFoundError) || stackName === main) throw error;
    }
  }
  const text = readFileSync(join(project, settingsFile(main)), "utf8");
  const secrets = encryptedSettings(text).map(({ path, ciphertext }) => ({
    ciphertext,
    value: valueAt(config, path) ?? "",
  }));
  const ofEnvironments = fromEnvironments(text, config, defaultsOf(project));
  const hidden = Object.values(ofEnvironments).flatMap(({ value, isSecret }) => (isSecret ? [value] : []));
  const blanks = new Blanks(
    randomBytes(32),
    [...secrets.map(({ value }) => value), ...hidden],
    exported.map(({ deployment }) => deployment),
  );
  const settings: BlankSettings = {
    stack: plainName(main),
    placeholders: Object.fromEntries(
      secrets.map(({ ciphertext, value }) => [digestCiphertext(ciphertext), blanks.of(value)]),
    ),
    fromEnvironments: Object.fromEntries(
      Object.entries(ofEnvironments).map(([key, { value, isSecret }]) => [
        key,
        { value: isSecret ? blanks.of(value) : value, isSecret },
      ]),
    ),
  };
  mkdirSync(join(folder, "backend"), { recursive: true });
  writeFileSync(join(folder, settingsName), JSON.stringify(settings, null, 2));
  const name = String(projectOf(project).get("name"));
  // The CLI writes settings beside Pulumi.yaml: not into the user's folder.
  const scratch = mkdtempSync(join(tmpdir(), "blank-stacks-"));
  try {
    for (const { name: stackName, deployment } of exported) {
      const stack = await LocalWorkspace.createStack(
        { stackName, workDir: scratch },
        { pulumiCommand, projectSettings: { name, runtime: "nodejs" }, envVars: backendOf(folder) },
      );
      const { encryptionSalt: salt } = await stack.workspace.stackSettings(stackName);
      await stack.importStack(blankDeployment(blanks, deployment, salt));
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
  return exported.map(({ name }) => name);
}

/** @throws if the folder has anything else: a mistyped name must not empty the project */
function emptyOwn(folder: string): void {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  if (names.some((name) => name !== "backend" && name !== settingsName)) {
    throw new Error(`${folder} has other files. Give an empty folder, or a new one.`);
  }
  for (const name of names) rmSync(join(folder, name), { recursive: true });
}

/**
 * The company's own secrets provider is of no use for placeholders, and names its keys. Without any, the CLI ends with a panic
 * (3.276, "attempt to encrypt value").
 * @param salt of the new stack's passphrase
 */
function blankDeployment(
  blanks: Blanks,
  { version, deployment }: Deployment,
  salt: string | undefined,
): Deployment {
  const provider = { type: "passphrase", state: { salt } };
  return { version, deployment: { ...asRecord(blanks.state(deployment)), secrets_providers: provider } };
}

/**
 * A project of its own for previews with placeholders: the program of the target's project, its settings of the main stack, and the
 * states of the folder. It changes the environment of this process, so that the CLI finds them.
 */
export async function openBlankStacks(folder: string, target: Target): Promise<Target> {
  const { stack, project } = target;
  const settings = blankSettingsSchema.parse(JSON.parse(readFileSync(join(folder, settingsName), "utf8")));
  const main = mainOf(stack) ?? stack;
  if (settings.stack !== plainName(main)) {
    throw new Error(
      `${folder} has the state of ${settings.stack}, not of ${plainName(main)}. Give the folder of this stack.`,
    );
  }
  Object.assign(process.env, backendOf(folder));
  delete process.env.PULUMI_ACCESS_TOKEN;
  const workDir = mkdtempSync(join(tmpdir(), "blank-project-"));
  process.once("exit", () => rmSync(workDir, { recursive: true, force: true }));
  const file = projectOf(project);
  file.set("main", resolve(project, String(file.get("main") ?? ".")));
  file.delete("backend");
  writeFileSync(join(workDir, "Pulumi.yaml"), String(file));
  const { text, secrets } = blankSettings(readFileSync(join(project, settingsFile(main)), "utf8"), settings);
  writeFileSync(join(workDir, settingsFile(main)), text);
  const pulumiCommand = await PulumiCommand.get();
  const stackName = plainName(main);
  const opened = await LocalWorkspace.selectStack({ stackName, workDir }, { pulumiCommand });
  for (const { path, value } of secrets) {
    await opened.setConfig(configPath(path), { value, secret: true }, path.length > 1);
  }
  return { ...target, stack: plainName(stack), project: workDir };
}

/** As `pulumi config set --path` takes it. */
function configPath([key, ...rest]: readonly (string | number)[]): string {
  return [
    String(key),
    ...rest.map((part) => (typeof part === "number" ? `[${part}]` : `[${JSON.stringify(part)}]`)),
  ].join("");
}

function backendOf(folder: string) {
  return {
    PULUMI_BACKEND_URL: `file://${resolve(folder, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
  };
}

function projectOf(project: string) {
  return parseDocument(readFileSync(join(project, "Pulumi.yaml"), "utf8"));
}

/** Keys that the project has a default for. */
function defaultsOf(project: string): string[] {
  const { name, config } = asRecord(projectOf(project).toJS());
  return Object.keys(asRecord(config)).map((key) => (key.includes(":") ? key : `${name}:${key}`));
}
