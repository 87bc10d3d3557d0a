// Checks that the references within schemas lead somewhere, around as many circles as they make.
import type { Problem } from "../problems/problem";
import { isRecord } from "../problems/record";
import type { Source } from "../problems/source";
import { type DocumentElement, identifyElement, listChildElements, readReference } from "./element";
import type { References } from "./references";

export class SchemaReferences {
  readonly problems: Problem[] = [];
  /** Schemas that are referred to in other files than the first. */
  readonly elsewhere: DocumentElement[] = [];
  /** By value: where the schemas of operations are, which their references are relative to. */
  readonly elements = new Map<unknown, DocumentElement>();
  private readonly checked = new Set<string>();

  constructor(
    private readonly references: References,
    private readonly root: Source,
  ) {}

  /** Checks a schema, and gives it back as it is. */
  checkSchema(schema: DocumentElement): unknown {
    this.visit(schema);
    this.elements.set(schema.value, schema);
    return schema.value;
  }

  /** Likewise a map of schemas by names, of which none is a keyword. */
  checkSchemas(schemas: DocumentElement): unknown {
    for (const [, schema] of listChildElements(schemas)) this.visit(schema);
    return schemas.value;
  }

  private visit(element: DocumentElement): void {
    const { value } = element;
    // An $id changes what the references within it are relative to.
    if (typeof value !== "object" || value === null || "$id" in value) return;
    const reference = readReference(element);
    if (reference !== undefined) this.visitTarget(element, reference);
    for (const [key, child] of listChildElements(element)) {
      if (isRecord(value) && (key.startsWith("x-") || literals.includes(key))) continue;
      if (isRecord(value) && named.includes(key)) this.checkSchemas(child);
      else this.visit(child);
    }
  }

  private visitTarget(element: DocumentElement, reference: string): void {
    // An $anchor, of OpenAPI 3.1.
    if (/^#[^/]/.test(reference)) return;
    const target = this.references.findTarget(element, reference);
    if ("reason" in target) {
      const { source, path } = element;
      if (target.reason === undefined) return;
      const message = `$ref: "${reference}" ${target.reason}`;
      this.problems.push({ ...source.at([...path, "$ref"]), code: "openapi-reference-broken", message });
      return;
    }
    const id = identifyElement(target);
    if (this.checked.has(id)) return;
    this.checked.add(id);
    if (target.source !== this.root) this.elsewhere.push(target);
    this.visit(target);
  }
}

/** Keywords with data, in which $ref means nothing. */
const literals = ["example", "examples", "default", "enum", "const", "discriminator"];

/** Keywords with schemas by names. */
const named = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];
