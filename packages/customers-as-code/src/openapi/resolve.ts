// Reads an OpenAPI document that is spread over references and files as if it were one.
import type { Problem } from "../problems/problem";
import { isRecord } from "../problems/record";
import type { Source } from "../problems/source";
import {
  type DocumentElement,
  getChildElement,
  getRootElement,
  identifyElement,
  listChildElements,
  readReference,
} from "./element";
import { type ReadText, References } from "./references";
import { SchemaReferences } from "./schema-references";

export interface ResolvedDocument {
  /**
   * What a reference points to replaces it, and is reported with the place in its own file. Only within schemas,
   * which may be recursive and which API Gateway is not given, references stay.
   */
  source: Source;
  /** Schemas that are referred to in other files than the first. */
  schemas: DocumentElement[];
  /** Where a schema is, of which the source has the value. */
  findSchemaElement(schema: unknown): DocumentElement | undefined;
  references: References;
  /** How many files were read. */
  files: number;
}

export function resolveDocument(root: Source, readText: ReadText): ResolvedDocument {
  const references = new References(root, readText);
  const schemas = new SchemaReferences(references, root);
  const resolver = new Resolver(references, schemas, root);
  const value = resolver.resolve(getRootElement(root), []);
  const source = {
    ...placesOf(root, references),
    file: root.file,
    value,
    problems: [...root.problems, ...references.problems, ...resolver.problems, ...schemas.problems],
  };
  return {
    source,
    schemas: schemas.elsewhere,
    findSchemaElement: (schema) => schemas.elements.get(schema),
    references,
    files: references.files,
  };
}

class Resolver {
  readonly problems: Problem[] = [];
  /** By id of what is referred to; undefined while it is being resolved. */
  private readonly resolved = new Map<string, { value: unknown } | undefined>();

  constructor(
    private readonly references: References,
    private readonly schemas: SchemaReferences,
    root: Source,
  ) {
    this.resolved.set(identifyElement(getRootElement(root)), undefined);
  }

  /** @param where path in the document as if it were one */
  resolve(element: DocumentElement, where: readonly PropertyKey[]): unknown {
    const reference = readReference(element);
    if (reference !== undefined) return this.resolveReference(element, reference, where);
    const { value } = element;
    if (Array.isArray(value)) {
      return listChildElements(element).map(([, child], index) => this.resolve(child, [...where, index]));
    }
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      listChildElements(element).map(([key, child]) => [key, this.resolveEntry(key, child, where)]),
    );
  }

  private resolveEntry(key: string, child: DocumentElement, where: readonly PropertyKey[]): unknown {
    // The names of headers are anyone's; elsewhere, x- is an extension, in which $ref means nothing to OpenAPI.
    if (key.startsWith("x-") && where.at(-1) !== "headers") return child.value;
    if (key === "example" || key === "value") return child.value;
    if (key === "schema") return this.schemas.checkSchema(child);
    if (key === "schemas") return this.schemas.checkSchemas(this.references.followReferences(child));
    return this.resolve(child, [...where, key]);
  }

  private resolveReference(
    element: DocumentElement,
    reference: string,
    where: readonly PropertyKey[],
  ): unknown {
    const target = this.references.findTarget(element, reference);
    if ("reason" in target) {
      if (target.reason !== undefined) this.report(element, "$ref", `"${reference}" ${target.reason}`);
      return element.value;
    }
    const id = identifyElement(target);
    if (this.resolved.has(id) && this.resolved.get(id) === undefined) {
      this.report(element, "$ref", `"${reference}" leads back to itself. Only schemas may be recursive.`);
      return element.value;
    }
    const value = this.resolved.has(id)
      ? this.resolved.get(id)?.value
      : this.resolveTarget(id, target, where);
    return this.mergeSiblings(element, value, where);
  }

  private resolveTarget(id: string, target: DocumentElement, where: readonly PropertyKey[]): unknown {
    this.resolved.set(id, undefined);
    const value = this.resolve(target, where);
    this.resolved.set(id, { value });
    return value;
  }

  /** https://spec.openapis.org/oas/v3.1.1.html#path-item-object: only a path item adds its own to what it refers to. */
  private mergeSiblings(element: DocumentElement, value: unknown, where: readonly PropertyKey[]): unknown {
    const isPathItem = where[0] === "paths" && where.length === 2;
    const siblings = listChildElements(element).filter(
      ([key]) =>
        !["$ref", "summary", "description"].includes(key) &&
        (!key.startsWith("x-") || followed.includes(key)),
    );
    for (const [key] of siblings) {
      if (!isPathItem) {
        this.report(
          element,
          key,
          `"${key}" is ignored beside "$ref". Move it to the object that "$ref" refers to.`,
        );
      } else if (isRecord(value) && Object.hasOwn(value, key)) {
        this.report(element, key, `"${key}" is also in the object that "$ref" refers to. Keep one.`);
      }
    }
    if (!isPathItem || !isRecord(value)) return value;
    const own = siblings.map(([key, child]) => [key, this.resolve(child, [...where, key])]);
    return { ...value, ...Object.fromEntries(own) };
  }

  private report({ source, path }: DocumentElement, key: string, message: string): void {
    const place = key === "$ref" ? source.at([...path, key]) : source.atKey(path, key);
    this.problems.push(
      key === "$ref"
        ? { ...place, code: "openapi-reference-broken", message: `$ref: ${message}` }
        : { ...place, code: "openapi-reference-sibling", message },
    );
  }
}

/** Extensions that this program reads, beside $ref as elsewhere. */
const followed = ["x-backend"];

/** The places of the document as if it were one. */
function placesOf(root: Source, references: References): Pick<Source, "at" | "atKey"> {
  const locate = (path: readonly PropertyKey[]): DocumentElement => {
    let element = getRootElement(root);
    for (const key of path) {
      const next =
        getChildElement(element, key) ?? getChildElement(references.followReferences(element), key);
      if (!next) return element;
      element = next;
    }
    return element;
  };
  return {
    at: (path) => {
      const { source, path: inFile } = references.followReferences(locate(path));
      return source.at(inFile);
    },
    atKey: (path, key) => {
      const element = locate(path);
      const { source, path: inFile } = getChildElement(element, key)
        ? element
        : references.followReferences(element);
      return source.atKey(inFile, key);
    },
  };
}
