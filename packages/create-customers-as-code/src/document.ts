// The company's OpenAPI document: the file or files to copy, and the little that the new repository needs to know of it.
import { readFileSync } from "node:fs";
import { dirname, extname, join, normalize, relative } from "node:path";
import { TextDecoder } from "node:util";
import { type Document, LineCounter, parseDocument } from "yaml";
import { type Adaptation, adaptSecurity } from "./adapt-security";
import { defaults } from "./answers";
import { packagePath, readPackageFile } from "./package-folder";
import { errorCode, type Problem } from "./problem";
import { asRecord, isRecord } from "./record";

export interface CompanyDocument {
  /** Path in the company's folder. */
  file: string;
  /** By path in the company's folder: the document, and the files that it refers to. */
  files: ReadonlyMap<string, Buffer>;
  title: string;
  /** Those that GET operations require; all that the document declares, if they require none. */
  scopesToRead: string[];
  /** Operations that need no token, such as `GET /health`. */
  publicRoutes: string[];
  /** What of its security is not as in the file that was given, in sentences. */
  adaptations: string[];
}

interface ReadOptions {
  /** What problems call the document, such as `--openapi`. */
  place?: string;
  /** Whether its security becomes what the gateway can check. */
  adaptSecurity?: boolean | undefined;
  /** Of the Auth0 tenant. */
  domain?: string | undefined;
}

/** @param given path, as the user names it */
export function readCompanyDocument(
  given: string,
  { place = "--openapi", adaptSecurity: isAdapting = false, domain = defaults.domain }: ReadOptions = {},
): { document?: CompanyDocument; problems: Problem[] } {
  if (/^https?:\/\//i.test(given)) {
    const message = "is a URL. Download the document, and name the file.";
    return { problems: [{ place: `${place} ${given}`, message }] };
  }
  const problems: Problem[] = [];
  const path = normalize(given);
  const reader = new DocumentReader(path, (message, at = path) =>
    problems.push({ place: `${place} ${at}`, message }),
  );
  const root = reader.read(path);
  if (!root || problems.length > 0) return { problems };
  let top = asRecord(root);
  if (typeof top.swagger === "string") {
    reader.report(`is Swagger ${top.swagger}. Convert it to OpenAPI 3.`);
  } else if (!/^3\.\d/.test(String(top.openapi))) {
    reader.report("is not an OpenAPI 3 document: it doesn't begin with a version such as openapi: 3.0.3.");
  }
  if (problems.length > 0) return { problems };
  const adaptations: string[] = [];
  if (isAdapting) {
    const schemes = findSchemes(reader, top).map(({ name }) => name);
    // Which of several is right is not for this command to say.
    if (schemes.length <= 1) {
      adaptations.push(
        ...reader.adapt((document) => adaptSecurity(document, schemes, `https://${domain}/oauth/token`)),
      );
    }
    if (problems.length > 0) return { problems };
    top = asRecord(reader.read(path));
  }
  const { title } = asRecord(top.info);
  if (typeof title !== "string" || title === "") reader.report("has no info.title. Add the API's name.");
  const scheme = readScheme(reader, top);
  const operations = listOperations(reader, top, scheme.name);
  if (operations.length === 0)
    reader.report("has no operation under paths. Add the operations that customers may call.");
  const files = reader.companyFiles();
  if (problems.length > 0) return { problems };
  const readable = scheme.scopes.filter((scope) =>
    operations.some(({ route, scopes }) => route.startsWith("GET ") && scopes.includes(scope)),
  );
  return {
    problems,
    document: {
      file: reader.companyPath(path),
      files,
      title: String(title),
      scopesToRead: readable.length > 0 ? readable : scheme.scopes,
      publicRoutes: operations.filter(({ isPublic }) => isPublic).map(({ route }) => route),
      adaptations,
    },
  };
}

/** Its token URL is the tenant's. */
export function readExampleDocument(domain: string): CompanyDocument {
  const { document, problems } = readCompanyDocument(packagePath("template/openapi.yaml"));
  if (!document) throw new Error(problems.map(({ message }) => message).join(" "));
  const text = readPackageFile("template/openapi.yaml").replaceAll(defaults.domain, domain);
  return { ...document, files: new Map([[document.file, Buffer.from(text)]]) };
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

function listOperations(reader: DocumentReader, top: Record<string, unknown>, scheme: string) {
  return Object.entries(asRecord(top.paths)).flatMap(([path, item]) => {
    const operations = asRecord(reader.resolve(item));
    return methods
      .filter((method) => isRecord(operations[method]))
      .map((method) => {
        const security = asRecord(operations[method]).security ?? top.security ?? [];
        const requirements = Array.isArray(security) ? security : [security];
        return {
          route: `${method.toUpperCase()} ${path}`,
          // An empty requirement makes the token optional, so that anyone may call.
          scopes: requirements.flatMap((one) => asRecord(one)[scheme] ?? []),
          isPublic:
            requirements.length === 0 || requirements.some((one) => Object.keys(asRecord(one)).length === 0),
        };
      });
  });
}

function readScheme(
  reader: DocumentReader,
  top: Record<string, unknown>,
): { name: string; scopes: string[] } {
  const found = findSchemes(reader, top);
  const [first, second] = found;
  if (!first || second) {
    const others = Object.keys(declaredSchemes(top))
      .map((name) => `"${name}"`)
      .join(", ");
    const kind = "of type oauth2 with the clientCredentials flow";
    reader.report(
      second
        ? `has ${found.length} security schemes ${kind}: ${found.map(({ name }) => `"${name}"`).join(", ")}. Keep one of them.`
        : `has no security scheme ${kind}${others && `, only ${others}`}. Add one under components.securitySchemes; its scopes are what customers can get. Or add --adapt-security, which does that to the copy.`,
    );
    return { name: "", scopes: [] };
  }
  const scopes = Object.keys(asRecord(first.flow.scopes));
  if (scopes.length === 0) {
    reader.report(
      `declares no scopes in components.securitySchemes.${first.name}.flows.clientCredentials. Add at least one.`,
    );
  }
  return { name: first.name, scopes };
}

function declaredSchemes(top: Record<string, unknown>): Record<string, unknown> {
  return asRecord(asRecord(top.components).securitySchemes);
}

/** Those with the client credentials flow. */
function findSchemes(reader: DocumentReader, top: Record<string, unknown>) {
  return Object.entries(declaredSchemes(top)).flatMap(([name, given]) => {
    const scheme = asRecord(reader.resolve(given));
    const flow = asRecord(scheme.flows).clientCredentials;
    return scheme.type === "oauth2" && isRecord(flow) ? [{ name, flow }] : [];
  });
}

/** Reads a document and the files that it refers to. */
class DocumentReader {
  private readonly folder: string;
  private readonly bytes = new Map<string, Buffer>();
  private readonly values = new Map<string, unknown>();
  private rootDocument: Document | undefined;

  constructor(
    private readonly root: string,
    readonly report: (message: string, at?: string) => void,
  ) {
    this.folder = dirname(root);
  }

  /** Also reads what the file refers to. */
  read(path: string): unknown {
    if (this.values.has(path)) return this.values.get(path);
    this.values.set(path, undefined);
    const value = this.parse(path);
    this.values.set(path, value);
    for (const reference of referencesIn(value)) {
      if (reference.startsWith("#")) continue;
      if (/^[a-z][a-z0-9+.-]*:/i.test(reference)) {
        this.report(
          `refers to "${reference}". Save that file beside the document, and refer to it by its path.`,
          path,
        );
        continue;
      }
      const [file] = splitReference(reference);
      if (file === undefined) {
        this.report(
          `refers to "${reference}", which is not percent-encoded as a URL is. Write "%" as "%25".`,
          path,
        );
        continue;
      }
      const target = targetOf(path, file);
      if (!relative(this.folder, target).startsWith("..")) this.read(target);
      else
        this.report(
          `refers to "${reference}", which is not in the document's folder. Move it there, or bundle the document into one file.`,
          path,
        );
    }
    return value;
  }

  /** Changes the copy of the document itself. @returns the changes in sentences */
  adapt(change: (document: Document) => Adaptation): string[] {
    const document = this.rootDocument;
    if (document === undefined) return [];
    const adaptation = change(document);
    if ("fault" in adaptation) {
      this.report(adaptation.fault);
      return [];
    }
    const value: unknown = document.toJS();
    const isJson = extname(this.root) === ".json";
    const text = isJson ? `${JSON.stringify(value, null, 2)}\n` : document.toString({ lineWidth: 0 });
    this.bytes.set(this.root, Buffer.from(text));
    this.values.set(this.root, value);
    return adaptation.changes;
  }

  /** What a reference leads to; the value itself if it is none. */
  resolve(value: unknown, from = this.root, depth = 0): unknown {
    const { $ref: reference } = asRecord(value);
    if (typeof reference !== "string" || depth > 16) return value;
    const [path = "", pointer = ""] = splitReference(reference);
    const file = path === "" ? from : targetOf(from, path);
    const keys = pointer.split("/").slice(1);
    const found = keys.reduce<unknown>(
      (inner, key) => asRecord(inner)[key.replaceAll("~1", "/").replaceAll("~0", "~")],
      this.values.get(file),
    );
    return this.resolve(found, file, depth + 1);
  }

  /** A document alone gets the name that the program looks for; one that others may refer to keeps its own. */
  companyPath(path: string): string {
    if (this.bytes.size > 1) return relative(this.folder, path);
    return extname(path) === ".json" ? "openapi.json" : "openapi.yaml";
  }

  companyFiles(): Map<string, Buffer> {
    const files = new Map([...this.bytes].map(([path, bytes]) => [this.companyPath(path), bytes]));
    for (const file of files.keys()) {
      if (ofTheRepository.test(file)) {
        this.report(`refers to "${file}". The new repository has something else there. Rename it.`);
      }
    }
    return files;
  }

  private parse(path: string): unknown {
    let text: string;
    try {
      const bytes = readFileSync(path);
      text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      this.bytes.set(path, bytes);
    } catch (error) {
      const code = errorCode(error);
      this.report(
        code === "ERR_ENCODING_INVALID_ENCODED_DATA"
          ? "is not UTF-8. Save it as UTF-8."
          : `cannot be read (${code}). Name a file that exists and that you may read.`,
        path,
      );
      return undefined;
    }
    const lineCounter = new LineCounter();
    const parsed = parseDocument(text, { lineCounter, prettyErrors: false });
    for (const { pos, message } of parsed.errors) {
      const { line, col } = lineCounter.linePos(pos[0]);
      this.report(`${message.replace(/\.?$/, ".")} Correct the YAML.`, `${path}:${line}:${col}`);
    }
    if (parsed.errors.length > 0) return undefined;
    if (path === this.root) this.rootDocument = parsed;
    try {
      const value: unknown = parsed.toJS();
      if (isRecord(value)) return value;
      this.report("doesn't hold a map. Name an OpenAPI 3 document.", path);
    } catch (error) {
      // Aliases that lead to themselves, or to too much.
      this.report(
        `cannot be read (${error instanceof Error ? error.message : error}). Remove the alias.`,
        path,
      );
    }
    return undefined;
  }
}

/** Where the new repository has something of its own. */
const ofTheRepository =
  /^((customers|policy|node_modules|\.[^/]*)\/|(package.*\.json|Pulumi\..*|index\.[jt]s|renovate\.json|README\.md|CODEOWNERS)$)/;

function targetOf(from: string, path: string): string {
  return normalize(join(dirname(from), path));
}

/** The path and the pointer, decoded; neither, if an escape in them is not valid. */
function splitReference(reference: string): string[] {
  try {
    return reference.split("#").map(decodeURIComponent);
  } catch {
    return [];
  }
}

/** Each value once: an alias may lead to what it is in. */
function referencesIn(root: unknown): string[] {
  const seen = new Set<unknown>();
  const visit = (value: unknown): string[] => {
    if (typeof value !== "object" || value === null || seen.has(value)) return [];
    seen.add(value);
    return Object.entries(value).flatMap(([key, inner]) =>
      key === "$ref" && typeof inner === "string" ? [inner] : visit(inner),
    );
  };
  return visit(root);
}
