// The operations of the company's OpenAPI document, and requests that fit them. The program itself checks the document: what
// cannot be read here is left out.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { sample } from "openapi-sampler";
import { parse } from "yaml";
import { isRecord } from "../record";

export interface ApiOperation {
  /** Upper case. */
  method: string;
  /** As in the document: `/orders/{orderId}`. */
  path: string;
  operationId?: string;
  /** Alternatives, of each of which all scopes are required; empty for a public operation. */
  security: string[][];
  /** Name of its backend; absent for the default one. */
  backend?: string;
  /** With values from the document's examples and schemas; undefined if no JSON body would fit. */
  makeRequest(): ExampleRequest | undefined;
}

export interface ExampleRequest {
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** A part of the document, and the file that its references are relative to. */
interface Element {
  value: unknown;
  file: string;
}

const methods = ["get", "put", "post", "delete", "patch"];

/** @param file OpenAPI 3 in YAML or JSON @returns in the order of the document; nothing if there is none */
export function readOperations(file: string): ApiOperation[] {
  const document = new ReferenceReader();
  const root = document.open(file);
  const scheme = findScheme(document, root);
  const shared = document.get(root, "security").value;
  return document.entries(document.get(root, "paths")).flatMap(([path, item]) => {
    const own = document.follow(item);
    return methods.flatMap((method): ApiOperation[] => {
      const operation = document.get(own, method);
      if (!isRecord(operation.value)) return [];
      const { operationId } = operation.value;
      const backend = readBackendName(document, operation) ?? readBackendName(document, own);
      return [
        {
          method: method.toUpperCase(),
          path,
          ...(typeof operationId === "string" && { operationId }),
          security: readAlternatives(operation.value.security ?? shared, scheme),
          ...(backend !== undefined && { backend }),
          makeRequest: () => makeRequest(document, path, [own, operation]),
        },
      ];
    });
  });
}

/** Name of the scheme whose scopes are the API's. */
function findScheme(document: ReferenceReader, root: Element): string | undefined {
  const schemes = document.entries(document.get(document.get(root, "components"), "securitySchemes"));
  return schemes.find(([, scheme]) =>
    isRecord(document.get(document.get(scheme, "flows"), "clientCredentials").value),
  )?.[0];
}

function readAlternatives(security: unknown, scheme: string | undefined): string[][] {
  const requirements = Array.isArray(security) ? security.filter(isRecord) : [];
  // An empty requirement makes the token optional.
  if (requirements.some((requirement) => Object.keys(requirement).length === 0)) return [];
  return requirements.flatMap((requirement) => {
    const scopes = scheme === undefined ? undefined : requirement[scheme];
    return Array.isArray(scopes) ? [scopes.map(String)] : [];
  });
}

/** What the operation says wins over what its path says. */
function readBackendName(document: ReferenceReader, element: Element): string | undefined {
  const { value } = document.get(element, "x-backend");
  const name = isRecord(value) ? value.name : value;
  return typeof name === "string" ? name : undefined;
}

/** @param levels the path item and the operation, whose parameters replace those of the same name */
function makeRequest(
  document: ReferenceReader,
  path: string,
  levels: readonly Element[],
): ExampleRequest | undefined {
  const values = { path: new Map<string, string>(), query: new Map<string, string>() };
  const headers: Record<string, string> = {};
  for (const level of levels) {
    for (const element of document.items(document.get(level, "parameters"))) {
      const parameter = document.follow(element);
      if (!isRecord(parameter.value)) continue;
      const { in: place, name, required } = parameter.value;
      if (place === "path") values.path.set(String(name), exampleOf(document, parameter));
      if (required !== true) continue;
      if (place === "query") values.query.set(String(name), exampleOf(document, parameter));
      if (place === "header") headers[String(name).toLowerCase()] = exampleOf(document, parameter);
    }
  }
  const body = document.get(levels.at(-1) ?? { value: undefined, file: "" }, "requestBody");
  const media = document
    .entries(document.get(body, "content"))
    .find(([type]) => /^application\/([\w.+-]+\+)?json\b/i.test(type));
  if (media) headers["content-type"] = media[0];
  else if (isRecord(body.value) && body.value.required === true) return undefined;
  const filled = path.replace(/\{([^}]+)\}/g, (_, name: string) =>
    encodeURIComponent(values.path.get(name.replace(/\+$/, "")) ?? "example"),
  );
  const query = new URLSearchParams([...values.query]).toString();
  return {
    path: query === "" ? filled : `${filled}?${query}`,
    headers,
    ...(media && { body: JSON.stringify(readExample(document, media[1])) }),
  };
}

/** As a string that is not empty, since an empty one is another path. */
function exampleOf(document: ReferenceReader, parameter: Element): string {
  // A parameter may have one media type instead of a schema.
  const [media] = document.entries(document.get(parameter, "content"));
  const value = readExample(document, media?.[1] ?? parameter);
  const [first = value] = Array.isArray(value) ? value : [];
  // "string" is what a schema makes that says no more than that.
  if (first === "" || first === "string") return "example";
  return typeof first === "object" ? JSON.stringify(first) : String(first);
}

/** Of a parameter or a media type: its own example, or one that its schema makes. */
function readExample(document: ReferenceReader, element: Element): unknown {
  const { example } = isRecord(element.value) ? element.value : {};
  if (example !== undefined) return example;
  for (const [, one] of document.entries(document.get(element, "examples"))) {
    const { value } = isRecord(one.value) ? one.value : {};
    if (value !== undefined) return value;
  }
  const schema = document.inline(document.get(element, "schema"));
  return sample(isRecord(schema) ? schema : {}, sampling);
}

const sampling = { skipReadOnly: true, skipNonRequired: true, enablePatterns: true, quiet: true };

/** Reads parts of a document that may be spread over references and files. */
class ReferenceReader {
  private readonly files = new Map<string, unknown>();
  /** References that are being followed, so that one that leads back to itself ends. */
  private readonly followed = new Set<string>();

  open(file: string): Element {
    if (!this.files.has(file)) this.files.set(file, readYaml(file));
    return { value: this.files.get(file), file };
  }

  /** @returns what the element refers to, with the keys beside the reference, or the element itself */
  follow(element: Element): Element {
    const { value, file } = element;
    if (!isRecord(value) || typeof value.$ref !== "string") return element;
    const { $ref: reference, ...beside } = value;
    const id = `${file} ${reference}`;
    if (this.followed.has(id)) return { value: undefined, file };
    this.followed.add(id);
    const [path = "", pointer = ""] = splitReference(reference);
    let target = this.open(path === "" ? file : resolve(dirname(file), path));
    for (const part of pointer.split("/").slice(1)) {
      target = this.get(target, part.replaceAll("~1", "/").replaceAll("~0", "~"));
    }
    const found = this.follow(target);
    this.followed.delete(id);
    if (!isRecord(found.value) || Object.keys(beside).length === 0) return found;
    return { value: { ...found.value, ...beside }, file: found.file };
  }

  get(element: Element, key: string): Element {
    const { value, file } = this.follow(element);
    const inner = isRecord(value) || Array.isArray(value) ? Object.entries(value) : [];
    return this.follow({ value: inner.find(([name]) => name === key)?.[1], file });
  }

  entries(element: Element): [string, Element][] {
    const { value, file } = this.follow(element);
    return isRecord(value) ? Object.entries(value).map(([key, inner]) => [key, { value: inner, file }]) : [];
  }

  items(element: Element): Element[] {
    const { value, file } = this.follow(element);
    return Array.isArray(value) ? value.map((inner: unknown) => ({ value: inner, file })) : [];
  }

  /** The whole value without references. One that leads back to itself ends in a schema that allows anything. */
  inline(element: Element, within: readonly unknown[] = []): unknown {
    const { value, file } = this.follow(element);
    const { $ref: reference } = isRecord(element.value) ? element.value : {};
    const id = typeof reference === "string" ? `${element.file} ${reference}` : value;
    if (within.includes(id) || within.length > 30) return {};
    // Only what holds other values can lead back to itself.
    const inner = typeof value === "object" && value !== null ? [...within, id] : within;
    if (Array.isArray(value)) return value.map((item: unknown) => this.inline({ value: item, file }, inner));
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, this.inline({ value: item, file }, inner)]),
    );
  }
}

/** The path and the pointer, decoded; if an escape in them is not valid, as they are written. */
function splitReference(reference: string): string[] {
  const parts = reference.split("#");
  try {
    return parts.map(decodeURIComponent);
  } catch {
    return parts;
  }
}

function readYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
