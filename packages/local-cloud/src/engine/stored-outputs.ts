// A stack's outputs as its state has them: in milliseconds, while the CLI takes seconds for each command.
import { createDecipheriv, pbkdf2Sync } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { OutputMap } from "@pulumi/pulumi/automation";
import { isRecord } from "../record";
import { stacksFolder } from "./stored-state";

/** Of the secrets of local stacks, which are worth nothing elsewhere: it is public. */
export const passphrase = "local";

/**
 * @param directory the one that `openStack` got
 * @returns undefined if the state can't be read, such as one of another version: then only the CLI knows
 */
export function readStoredOutputs(directory: string, project: string, stack: string): OutputMap | undefined {
  const file = join(stacksFolder(directory), project, `${stack}.json`);
  // The CLI compresses it if the user's environment has PULUMI_SELF_MANAGED_STATE_GZIP.
  if (!existsSync(file)) return existsSync(`${file}.gz`) ? undefined : {};
  try {
    return outputsOf(JSON.parse(readFileSync(file, "utf8")), directory);
  } catch {
    return undefined;
  }
}

/** sdk/go/common/apitype of pulumi/pulumi: CheckpointV3 and DeploymentV3. */
const knownVersion = 3;

function outputsOf(state: unknown, directory: string): OutputMap | undefined {
  if (!isRecord(state) || state.version !== knownVersion || !isRecord(state.checkpoint)) return undefined;
  const { latest } = state.checkpoint;
  if (latest === undefined || latest === null) return {};
  if (!isRecord(latest)) return undefined;
  const { resources = [], secrets_providers: provider } = latest;
  if (!Array.isArray(resources)) return undefined;
  const root: unknown = resources.find((one) => isRecord(one) && one.type === "pulumi:pulumi:Stack");
  const outputs = isRecord(root) && isRecord(root.outputs) ? root.outputs : {};
  const decrypt = openSecrets(provider, directory);
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [
      name,
      { value: reveal(value, decrypt), secret: isSecret(value) },
    ]),
  );
}

/** sdk/go/common/resource/sig of pulumi/pulumi */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

const isSecret = (value: unknown): value is Record<string, unknown> =>
  isRecord(value) && value[signatureKey] === secretSignature;

function reveal(value: unknown, decrypt: (ciphertext: string) => string): unknown {
  if (isSecret(value)) return JSON.parse(decrypt(String(value.ciphertext)));
  if (Array.isArray(value)) return value.map((one) => reveal(one, decrypt));
  if (!isRecord(value)) return value;
  if (signatureKey in value) throw new Error("an asset, an archive or a reference to a resource");
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, reveal(one, decrypt)]));
}

/** As sdk/go/common/resource/config/crypt.go of pulumi/pulumi: AES-256-GCM, `v1:NONCE:CIPHERTEXT` in base64, the tag last. */
function openSecrets(provider: unknown, directory: string): (ciphertext: string) => string {
  let key: Buffer | undefined;
  return (text) => {
    const [version, nonce = "", encrypted = ""] = text.split(":");
    if (version !== "v1") throw new Error(`a ciphertext of version ${version}`);
    key ??= deriveKey(saltOf(provider), directory);
    const bytes = Buffer.from(encrypted, "base64");
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
    decipher.setAuthTag(bytes.subarray(-tagLength));
    return `${decipher.update(bytes.subarray(0, -tagLength), undefined, "utf8")}${decipher.final("utf8")}`;
  };
}

const tagLength = 16;

function saltOf(provider: unknown): string {
  const state = isRecord(provider) && provider.type === "passphrase" ? provider.state : undefined;
  const salt = isRecord(state) ? state.salt : undefined;
  const [version, encoded] = typeof salt === "string" ? salt.split(":") : [];
  if (version !== "v1" || encoded === undefined) throw new Error("not a passphrase's salt");
  return encoded;
}

/** Pulumi's million rounds take a third of a second; the passphrase is public, so the key need not be more of a secret. */
function deriveKey(salt: string, directory: string): Buffer {
  const file = join(directory, "state-key");
  const [knownSalt, known] = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  if (knownSalt === salt && known !== undefined) return Buffer.from(known, "base64");
  const key = pbkdf2Sync(passphrase, Buffer.from(salt, "base64"), 1_000_000, 32, "sha256");
  writeFileSync(file, `${salt}\n${key.toString("base64")}\n`, { mode: 0o600 });
  return key;
}
