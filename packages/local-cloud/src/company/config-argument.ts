// `--config KEY=VALUE`: a setting of the local stack alone, over what the company's files have.
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  Scalar,
  YAMLMap,
  YAMLSeq,
} from "yaml";

/** Where problems of such settings are reported. */
export const commandLine = "--config";

type Step = string | number;

export interface ConfigArgument {
  /** As it is written: a key, or a path such as `plans.free.quota` or `publicRoutes[0]`. */
  path: string;
  key: string;
  /** What the path has after the key: names of maps' entries, and positions in lists. */
  steps: Step[];
  /** A node of YAML. */
  value: unknown;
}

/**
 * @param text KEY=VALUE; a value that begins with a bracket, a brace or a quotation mark is YAML
 * @throws {Error} with one sentence that includes the remedy
 */
export function parseConfigArgument(text: string): ConfigArgument {
  const end = text.indexOf("=");
  if (end <= 0) throw new Error("A setting is KEY=VALUE, such as apiType=http.");
  const path = text.slice(0, end);
  return { path, ...parsePath(path), value: parseValue(text.slice(end + 1)) };
}

/** A name with a dot or a bracket is written as `plans["a.b"]`, as for `pulumi config set --path`. */
function parsePath(path: string): Pick<ConfigArgument, "key" | "steps"> {
  const key = /^[^.[\]"\s]+/.exec(path)?.[0] ?? "";
  const rest = path.slice(key.length);
  const found = [...rest.matchAll(stepPattern)];
  if (key === "" || found.map(([step]) => step).join("") !== rest) {
    throw new Error(
      `"${path}" is not the path of a setting. Write it like apiType, customDomain.name, publicRoutes[0] or plans["a.b"].`,
    );
  }
  const steps = found.map(([, name, position, quoted]): Step => {
    if (position !== undefined) return Number(position);
    return name ?? quoted?.replace(/\\(.)/g, "$1") ?? "";
  });
  return { key, steps };
}

const stepPattern = /\.([^.[\]"\s]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)+)"\]/gy;

function parseValue(text: string): unknown {
  // How such a value is read is up to the Pulumi CLI, as in the file.
  if (!/^\s*[[{"']/.test(text)) return plainScalar(text);
  const document = parseDocument(text, { schema: "failsafe", prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    const message = error.message.replace(/\.?$/, ".");
    throw new Error(`${message} Correct the YAML, or quote all of the value: KEY='"VALUE"'.`);
  }
  return document.contents;
}

function plainScalar(text: string): Scalar {
  const scalar = new Scalar(text);
  scalar.type = Scalar.PLAIN;
  return scalar;
}

/**
 * @param node what the file has for the key; undefined for nothing
 * @returns that with the argument's value
 * @throws {Error} if the path leads into something that is neither a map nor a list
 */
export function applyArgument(
  node: unknown,
  { key, steps, value }: ConfigArgument,
  document: Document,
): unknown {
  return placeValue(node, [key], steps, value, document);
}

function placeValue(
  given: unknown,
  before: readonly Step[],
  [step, ...rest]: readonly Step[],
  value: unknown,
  document: Document,
): unknown {
  if (step === undefined) return value;
  const node = isAlias(given) ? given.resolve(document) : given;
  const isEmpty = node === undefined || (isScalar(node) && node.source === "");
  const place = (inner: unknown) => placeValue(inner, [...before, step], rest, value, document);
  if (typeof step === "string" && (isEmpty || isMap(node))) {
    // The file's own nodes stay as they are: an alias may lead to them.
    const map = new YAMLMap();
    for (const { key, value: entry } of isMap(node) ? node.items : []) map.set(key, entry);
    map.set(step, place(map.get(step, true)));
    return map;
  }
  const entries = isSeq(node) ? node.items : [];
  if (typeof step === "number" && (isEmpty || isSeq(node)) && step <= entries.length) {
    const list = new YAMLSeq();
    list.items.push(...entries);
    list.items[step] = place(list.items[step]);
    return list;
  }
  const name = printPath(before);
  const what =
    typeof step === "number" && (isEmpty || isSeq(node))
      ? `has ${entries.length} ${entries.length === 1 ? "entry" : "entries"}`
      : `is not a ${typeof step === "string" ? "map" : "list"}`;
  throw new Error(
    `${commandLine}  ${printPath([...before, step, ...rest])}: ${name} ${what}. Set all of it: --config '${name}=VALUE'`,
  );
}

function printPath([key = "", ...steps]: readonly Step[]): string {
  return String(key) + steps.map(printStep).join("");
}

function printStep(step: Step): string {
  if (typeof step === "number") return `[${step}]`;
  return /^[^.[\]"\s]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}

/** The remedies of the program's problem lines are commands that change a file; those of a line of the command line are options. */
export function adviseOption(line: string): string {
  return line
    .replace(
      /pulumi config set (?:--secret )?(?:--path )?('[^']*'|\S+) ('[^']*'|[^\s;]+)/g,
      (_, path, value) => {
        const argument = `${unquote(path)}=${unquote(value)}`;
        return `--config ${/^[\w%+,./:@=-]+$/.test(argument) ? argument : `'${argument}'`}`;
      },
    )
    .replace(/(Remove it|remove this) with: pulumi config rm (?:--path )?('[^']*'|\S+)/g, "$1.");
}

function unquote(word: string): string {
  return word.replace(/^'(.*)'$/, "$1");
}
