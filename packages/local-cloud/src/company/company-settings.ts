// The settings of the company's own stack, as its files have them: those of Pulumi.yaml for all stacks, and those of Pulumi.STACK.yaml.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, Scalar } from "yaml";
import { isRecord } from "../record";
import { applyArgument, type ConfigArgument, commandLine } from "./config-argument";

export interface CompanySettings {
  /** Name of the project, which is the namespace of its own settings. */
  project: string;
  /** Name of the file that the settings are from; absent if there is none. */
  file?: string;
  settings: Setting[];
  /** Keys beside `config` that the file has, such as `environment`. */
  otherKeys: string[];
}

export interface Setting {
  /** As people write it: without the namespace of the project. */
  key: string;
  /** Maps, lists and strings: how a scalar is read is up to the Pulumi CLI. */
  value: unknown;
  /** The value as YAML on one line, which the CLI reads as it reads the file; of a map, without the entry of that key. */
  renderYaml(without?: string): string;
  /** Whether it, or a part of it, is. */
  isEncrypted: boolean;
  /** Of the two files, the one that has it; or `--config`. */
  file: string;
  /** Whether it holds for every stack that has no such setting itself. */
  isOfProject: boolean;
  /** Where problems of it are reported, such as `Pulumi.dev.yaml:3:5`. */
  place: string;
  /** Paths of the parts that the command line has set. */
  arguments: string[];
  /** Whether the value must be kept encrypted, though it is not: the command line has it instead of one that is. */
  isSecret: boolean;
}

const projectFile = "Pulumi.yaml";

/**
 * @param stack whose settings to read; by default `dev`, else the only one that has any
 * @param given settings that win over those of the files
 * @throws {Error} if the choice is unclear, or a file cannot be read
 */
export function readCompanySettings(
  folder: string,
  stack?: string,
  given: readonly ConfigArgument[] = [],
): CompanySettings {
  const project = parseYaml(folder, projectFile);
  const name = project.document.get("name");
  if (typeof name !== "string" || name === "") {
    throw new Error(`${projectFile}  name is missing. Add the project's name, such as: name: my-company`);
  }
  const file = chooseStackFile(folder, stack);
  const ofStack = file === undefined ? undefined : parseYaml(folder, file);
  const projectSettings = readConfig(project, name);
  const stackSettings = ofStack ? readConfig(ofStack, name) : [];
  const secrets = new Set([
    ...findDeclaredSecrets(project, name),
    ...stackSettings.filter(({ isEncrypted }) => isEncrypted).map(({ key }) => key),
  ]);
  const own = setArguments(stackSettings, given, name, secrets);
  const isOfStack = ({ key }: ReadSetting) => own.some((setting) => setting.key === key);
  return {
    project: name,
    ...(file !== undefined && { file }),
    // What the stack says wins over what the project says of all stacks.
    settings: [...projectSettings.filter((setting) => !isOfStack(setting)), ...own],
    otherKeys: ofStack ? keysOf(ofStack.document.contents).filter((key) => key !== "config") : [],
  };
}

function chooseStackFile(folder: string, stack: string | undefined): string | undefined {
  const files = readdirSync(folder)
    // The shards' files are copies of their main stack's.
    .filter((file) => /^Pulumi\..+\.yaml$/.test(file) && !/-shard-\d+\.yaml$/.test(file))
    .sort();
  const stacks = files.map((file) => file.slice("Pulumi.".length, -".yaml".length));
  if (stack !== undefined) {
    if (stacks.includes(stack)) return `Pulumi.${stack}.yaml`;
    const remedy =
      stacks.length === 0
        ? "No stack has settings. Leave out --settings-of."
        : `Stacks with settings: ${stacks.join(", ")}. Name one of them with --settings-of.`;
    throw new Error(`There is no Pulumi.${stack}.yaml in ${folder}. ${remedy}`);
  }
  if (files.includes("Pulumi.dev.yaml")) return "Pulumi.dev.yaml";
  if (files.length > 1) {
    throw new Error(
      `${files.join(" and ")} are there, but no Pulumi.dev.yaml. Choose the settings: --settings-of ${stacks.join(", or --settings-of ")}`,
    );
  }
  return files[0];
}

interface ParsedFile {
  file: string;
  document: Document;
  lines: LineCounter;
}

/** Every scalar stays the string that is written: the CLI reads some of them differently from YAML 1.2. */
function parseYaml(folder: string, file: string): ParsedFile {
  const lines = new LineCounter();
  const document = parseDocument(readText(folder, file), {
    schema: "failsafe",
    lineCounter: lines,
    prettyErrors: false,
  });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new Error(`${file}:${line}:${col}  ${error.message.replace(/\.?$/, ".")} Correct the YAML.`);
  }
  return { file, document, lines };
}

function readText(folder: string, file: string): string {
  try {
    return readFileSync(join(folder, file), "utf8");
  } catch (error) {
    const code = isRecord(error) ? error.code : error;
    throw new Error(`${file}  cannot be read (${code}). Make it readable.`);
  }
}

/** With the node that it is read from. */
interface ReadSetting extends Setting {
  node: unknown;
  document: Document;
}

function readConfig({ file, document, lines }: ParsedFile, project: string): ReadSetting[] {
  const config = document.get("config");
  if (!isMap(config)) return [];
  return config.items.flatMap(({ key, value }) => {
    const node = file === projectFile ? projectDefault(value) : value;
    if (node === undefined) return [];
    const { line, col } = lines.linePos(isScalar(key) && key.range ? key.range[0] : 0);
    return createSetting(shortenKey(textOfKey(key), project), node, document, {
      file,
      place: `${file}:${line}:${col}`,
    });
  });
}

function createSetting(
  key: string,
  node: unknown,
  document: Document,
  {
    file,
    place,
    ...more
  }: Pick<Setting, "file" | "place"> & Partial<Pick<Setting, "arguments" | "isSecret">>,
): ReadSetting {
  const value = toPlain(node, document);
  return {
    key,
    value,
    renderYaml: (without) => renderFlow(node, document, without),
    isEncrypted: holdsEncrypted(value),
    file,
    isOfProject: file === projectFile,
    place,
    arguments: [],
    isSecret: false,
    ...more,
    node,
    document,
  };
}

/** @param secrets keys whose values are encrypted in the files */
function setArguments(
  settings: readonly ReadSetting[],
  given: readonly ConfigArgument[],
  project: string,
  secrets: ReadonlySet<string>,
): ReadSetting[] {
  const all = new Map(settings.map((setting) => [setting.key, setting]));
  for (const argument of given) {
    const key = shortenKey(argument.key, project);
    const before = all.get(key);
    const document = before?.document ?? new Document();
    const node = applyArgument(before?.node, { ...argument, key }, document);
    // A part of a setting leaves the rest where it is.
    const isPart = argument.steps.length > 0 && before !== undefined;
    const setting = createSetting(key, node, document, {
      file: isPart ? before.file : commandLine,
      place: isPart ? before.place : commandLine,
      arguments: [...(isPart ? before.arguments : []), shortenKey(argument.path, project)],
      isSecret: secrets.has(key) || looksSecret.test(key),
    });
    all.set(key, setting);
  }
  return [...all.values()];
}

/** Names of providers' settings that the program refuses in clear. */
const looksSecret = /(secret|secretKey|token|password|privateKey|apiKey)$/i;

/** Those that Pulumi.yaml declares with `secret: true`. */
function findDeclaredSecrets({ document }: ParsedFile, project: string): string[] {
  const config = document.get("config");
  if (!isMap(config)) return [];
  return config.items.flatMap(({ key, value }) =>
    isMap(value) && value.get("secret") === "true" ? [shortenKey(textOfKey(key), project)] : [],
  );
}

/**
 * What the project says of all stacks that say nothing themselves; undefined if it only declares the setting.
 * https://www.pulumi.com/docs/iac/concepts/config/#project-level-configuration
 */
function projectDefault(node: unknown): unknown {
  if (!isMap(node)) return node;
  return node.get("value", true) ?? node.get("default", true);
}

/** `NAMESPACE:config:NAME` is the form of old (pulumi/pulumi, sdk/go/common/resource/config, ParseKey). */
function shortenKey(written: string, project: string): string {
  const key = written.replace(/^([^:]+):config:/, "$1:");
  return key.startsWith(`${project}:`) ? key.slice(project.length + 1) : key;
}

function toPlain(node: unknown, document: Document): unknown {
  if (isAlias(node)) return toPlain(node.resolve(document), document);
  if (isSeq(node)) return node.items.map((item) => toPlain(item, document));
  if (!isMap(node)) return isScalar(node) ? String(node.value ?? "") : "";
  return Object.fromEntries(node.items.map(({ key, value }) => [textOfKey(key), toPlain(value, document)]));
}

function holdsEncrypted(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsEncrypted);
  if (!isRecord(value)) return false;
  const entries = Object.entries(value);
  const isSecure = entries.length === 1 && typeof value.secure === "string";
  return isSecure || entries.some(([, inner]) => holdsEncrypted(inner));
}

/** A plain scalar stays plain, since `010` is another value than `"010"`. */
function renderFlow(node: unknown, document: Document, without?: string): string {
  if (isAlias(node)) return renderFlow(node.resolve(document), document, without);
  if (isSeq(node)) return `[${node.items.map((item) => renderFlow(item, document)).join(", ")}]`;
  if (isMap(node)) {
    const pairs = node.items
      .filter(({ key }) => without === undefined || textOfKey(key) !== without)
      .map(({ key, value }) => `${JSON.stringify(textOfKey(key))}: ${renderFlow(value, document)}`);
    return `{${pairs.join(", ")}}`;
  }
  const text = isScalar(node) ? String(node.value ?? "") : "";
  const isPlain = isScalar(node) && node.type === Scalar.PLAIN && mayBeNoString.test(text);
  return isPlain ? text : JSON.stringify(text);
}

/** Numbers, dates, booleans and null; and words, which are the same with quotes and without. */
const mayBeNoString = /^[\w.+~-][\w.+:~-]*( [\w.+:-]+)*$/;

function textOfKey(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function keysOf(node: unknown): string[] {
  return isMap(node) ? node.items.map(({ key }) => textOfKey(key)) : [];
}
