// What a schema says of its values in any of its parts, wherever they are: behind references, and in what it is composed of.
import { isRecord } from "../problems/record";
import { type DocumentElement, getChildElement, identifyElement, listChildElements } from "./element";
import type { References } from "./references";

export class SchemaTraits {
  /** By id of the schema. */
  private readonly readOnlyNames = new Map<string, ReadonlySet<string>>();

  constructor(private readonly references: References) {}

  /** Names of the properties that only answers have. */
  findReadOnlyNames(schema: DocumentElement): ReadonlySet<string> {
    const id = identifyElement(schema);
    const known = this.readOnlyNames.get(id);
    if (known) return known;
    const names = new Set<string>();
    for (const part of this.listParts(schema)) {
      const properties = getChildElement(part, "properties");
      for (const [name, child] of properties ? listChildElements(properties) : []) {
        if (this.isReadOnly(child)) names.add(name);
      }
    }
    this.readOnlyNames.set(id, names);
    return names;
  }

  /** Names of the properties that must be there by any of the parts. */
  findRequiredNames(schema: DocumentElement): ReadonlySet<string> {
    return new Set(
      this.listParts(schema).flatMap(({ value }) =>
        isRecord(value) && Array.isArray(value.required)
          ? value.required.filter((name): name is string => typeof name === "string")
          : [],
      ),
    );
  }

  /** Whether a value may be a map. */
  mayBeObject(schema: DocumentElement): boolean {
    return this.listParts(schema).some(({ value }) => {
      if (!isRecord(value)) return false;
      if (value.type === undefined) return "properties" in value || "additionalProperties" in value;
      return [value.type].flat().includes("object");
    });
  }

  private isReadOnly(schema: DocumentElement): boolean {
    return this.listParts(schema).some(({ value }) => isRecord(value) && value.readOnly === true);
  }

  /** The schema itself, what it refers to, and what both are composed of. */
  private listParts(schema: DocumentElement): DocumentElement[] {
    const parts = new Map<string, DocumentElement>();
    const visit = (part: DocumentElement) => {
      const id = identifyElement(part);
      if (parts.has(id)) return;
      parts.set(id, part);
      visit(this.references.followReferences(part));
      for (const key of ["allOf", "anyOf", "oneOf"]) {
        const list = getChildElement(part, key);
        for (const [, branch] of list ? listChildElements(list) : []) visit(branch);
      }
    };
    visit(schema);
    return [...parts.values()];
  }
}
