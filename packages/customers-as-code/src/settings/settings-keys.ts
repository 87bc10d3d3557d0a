// Which settings a stack may have by name: the program's own, those of the providers that it uses, and any of other providers.
import { join } from "node:path";
import * as auth0 from "@pulumi/auth0/config/vars";
import * as aws from "@pulumi/aws/config/vars";
import { distance } from "fastest-levenshtein";
import { setCommand, unsetCommand } from "../problems/config-command";
import { asRecord } from "../problems/record";
import { parseSource } from "../problems/source";
import { findNearest } from "../problems/suggestion";
import { readTextFile } from "../problems/text-file";
import { secretSettings, settingsSchema } from "./settings-schema";

/** Settings by namespace. */
export type KnownKeys = ReadonlyMap<string, readonly string[]>;

/** The engine takes these of every provider: https://www.pulumi.com/docs/iac/concepts/resources/providers/ */
const ofEveryProvider = ["version", "pluginDownloadURL"];

/**
 * @param project its name, which is the namespace of its own settings
 * @param root folder of Pulumi.yaml, which may declare more for what a company adds to the program
 */
export function knownKeys(project: string, root: string): KnownKeys {
  const own = [...Object.keys(settingsSchema.shape), ...secretSettings, ...declaredKeys(project, root)];
  return new Map([
    [project, [...new Set(own)]],
    ["auth0", [...Object.keys(auth0), ...ofEveryProvider]],
    ["aws", [...Object.keys(aws), ...ofEveryProvider]],
  ]);
}

function declaredKeys(project: string, root: string): string[] {
  const file = join(root, "Pulumi.yaml");
  // What is wrong with the file is reported by whoever reads the stack's settings.
  const { text = "" } = readTextFile(file, { remedy: "" });
  const { config } = asRecord(parseSource(file, text).value);
  return Object.keys(asRecord(config)).flatMap((key) => {
    const [namespace, name] = splitKey(key, project);
    return namespace === project ? [name] : [];
  });
}

/** `auth0:domain` → `auth0` and `domain`; a key without a namespace has the project's. */
function splitKey(key: string, project: string): [namespace: string, name: string] {
  const colon = key.indexOf(":");
  return colon === -1 ? [project, key] : [key.slice(0, colon), key.slice(colon + 1)];
}

/** As people write it: without the namespace of the project. */
export function shortKey(key: string, project: string): string {
  return key.startsWith(`${project}:`) ? key.slice(project.length + 1) : key;
}

/** What is wrong with a key of the form `namespace:name`, and what to do; undefined for one that may be. */
export function keyFault(key: string, project: string, known: KnownKeys): string | undefined {
  const [namespace, name] = splitKey(key, project);
  const names = known.get(namespace);
  if (names?.includes(name)) return undefined;
  const short = shortKey(key, project);
  const is =
    names === undefined || namespace === project ? "is not a setting" : `is not a setting of ${namespace}`;
  if (names === undefined && meantNamespace(namespace, name, known) === undefined) return undefined;
  const meant = meantKey(namespace, name, project, known);
  if (meant === undefined) {
    const own = namespace === project ? ". If it is your own, declare it under config in Pulumi.yaml." : "";
    return `${short} ${is}. Remove it with: ${unsetCommand([short])}${own}`;
  }
  const isSecret = isSecretKey(meant, project);
  const right = shortKey(meant, project);
  return `${short} ${is}. Did you mean "${right}"? Set that with: ${setCommand([right], "VALUE", isSecret)}; and remove this with: ${unsetCommand([short])}`;
}

/** The namespace that a misspelt one stands for. Those of other providers may be anything. */
function meantNamespace(namespace: string, name: string, known: KnownKeys): string | undefined {
  if (namespace === "pulumi" || otherProviders.has(namespace)) return undefined;
  const lower = namespace.toLowerCase();
  return [...known.keys()].find(
    (one) =>
      distance(lower, one) <= Math.min(3, Math.floor(one.length / 3)) ||
      ([...lower].sort().join() === [...one].sort().join() && known.get(one)?.includes(name)),
  );
}

/** Whose names are near to ours. */
const otherProviders = new Set(["awsx"]);

function meantKey(namespace: string, name: string, project: string, known: KnownKeys): string | undefined {
  const inOrder = [meantNamespace(namespace, name, known) ?? namespace, project, ...known.keys()];
  const isOf = (one: string) => known.get(one)?.includes(name);
  const exact = inOrder.find(isOf);
  if (exact !== undefined) return `${exact}:${name}`;
  for (const one of inOrder) {
    const found = findNearest(name, known.get(one) ?? []);
    if (found !== undefined) return `${one}:${found}`;
  }
  return undefined;
}

/**
 * Settings whose values must be encrypted: the program's, and those that the schemas of the providers mark as secret. Of other
 * providers, the name says it.
 * https://www.pulumi.com/registry/packages/auth0/installation-configuration/
 * https://www.pulumi.com/registry/packages/aws/installation-configuration/
 */
export function isSecretKey(key: string, project: string): boolean {
  const [namespace, name] = splitKey(key, project);
  if (namespace === project) return secretSettings.some((one) => one === name);
  return /(secret|secretKey|token|password|privateKey|apiKey)$/i.test(name);
}
