// The settings of the company's own stack, as its files have them: those of Pulumi.yaml for all stacks, and those of Pulumi.STACK.yaml.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, Scalar } from "yaml";
import { isRecord } from "../record";

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
  /** The value as YAML on one line, which the CLI reads as it reads the file. */
  yaml: string;
  /** Whether it, or a part of it, is. */
  isEncrypted: boolean;
  /** Of the two files, the one that has it. */
  file: string;
  line: number;
  column: number;
}

const projectFile = "Pulumi.yaml";

/**
 * @param stack whose settings to read; by default `dev`, else the only one that has any
 * @throws {Error} if the choice is unclear, or a file cannot be read
 */
export function readCompanySettings(folder: string, stack?: string): CompanySettings {
  const project = parseYaml(folder, projectFile);
  const name = project.document.get("name");
  if (typeof name !== "string" || name === "") {
    throw new Error(`${projectFile}  name is missing. Add the project's name, such as: name: my-company`);
  }
  const file = chooseStackFile(folder, stack);
  const ofStack = file === undefined ? undefined : parseYaml(folder, file);
  const stackSettings = ofStack ? readConfig(ofStack, name) : [];
  const isOfStack = ({ key }: Setting) => stackSettings.some((setting) => setting.key === key);
  return {
    project: name,
    ...(file !== undefined && { file }),
    // What the stack says wins over what the project says of all stacks.
    settings: [...readConfig(project, name).filter((setting) => !isOfStack(setting)), ...stackSettings],
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

function readConfig({ file, document, lines }: ParsedFile, project: string): Setting[] {
  const config = document.get("config");
  if (!isMap(config)) return [];
  return config.items.flatMap(({ key, value }) => {
    const node = file === projectFile ? projectDefault(value) : value;
    if (node === undefined) return [];
    const plain = toPlain(node, document);
    const { line, col } = lines.linePos(isScalar(key) && key.range ? key.range[0] : 0);
    return {
      key: shortenKey(textOfKey(key), project),
      value: plain,
      yaml: renderFlow(node, document),
      isEncrypted: holdsEncrypted(plain),
      file,
      line,
      column: col,
    };
  });
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
function renderFlow(node: unknown, document: Document): string {
  if (isAlias(node)) return renderFlow(node.resolve(document), document);
  if (isSeq(node)) return `[${node.items.map((item) => renderFlow(item, document)).join(", ")}]`;
  if (isMap(node)) {
    const pairs = node.items.map(
      ({ key, value }) => `${JSON.stringify(textOfKey(key))}: ${renderFlow(value, document)}`,
    );
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
