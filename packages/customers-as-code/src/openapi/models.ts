// Models of request bodies: schemas of the document, as far as API Gateway understands them.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html (JSON Schema draft 4), and for what it
// passes over or refuses https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
import { isDeepStrictEqual } from "node:util";
import type { Problem } from "../problems/problem";
import { isRecord } from "../problems/record";
import {
  type DocumentElement,
  getChildElement,
  identifyElement,
  listChildElements,
  parseJsonPointer,
  readReference,
} from "./element";
import { checkModelKeywords } from "./model-keywords";
import { isPortablePattern } from "./model-patterns";
import type { References } from "./references";
import { SchemaTraits } from "./schema-traits";

export type ModelSchema = Record<string, unknown>;

/**
 * Makes models that accept whatever the document's schemas accept: what API Gateway does not understand is left out, never
 * replaced by something stricter. The backend has the last word.
 */
export class Models {
  /** By name, as they are in `components.schemas`. */
  readonly schemas: Record<string, ModelSchema> = {};
  /** Wrong keywords, unless the document's structure is checked for them anyway. */
  readonly problems: Problem[] = [];
  /** By id of the element, and by the names that it need not have. */
  private readonly names = new Map<string, string>();
  private readonly traits: SchemaTraits;

  constructor(
    private readonly references: References,
    private readonly checksKeywords: boolean,
  ) {
    this.traits = new SchemaTraits(references);
  }

  /** Whether a value of the schema may be a map. */
  mayBeObject(element: DocumentElement): boolean {
    return this.traits.mayBeObject(element);
  }

  /** @param optional names of properties that need not be there, by what the schema is part of */
  renderModel(element: DocumentElement, optional: ReadonlySet<string> = new Set()): ModelSchema {
    const reference = readReference(element);
    if (reference !== undefined) return this.renderReference(element, reference, optional);
    if (this.checksKeywords) this.problems.push(...checkModelKeywords(element));
    const { value } = element;
    // `true`, of OpenAPI 3.1, or what is reported elsewhere.
    if (!isRecord(value)) return {};
    const isNullable = mayBeNull(value);
    // What is read only is demanded of answers, not of requests.
    const spared = new Set([...optional, ...this.traits.findReadOnlyNames(element)]);
    return {
      ...renderType(value, isNullable),
      ...renderEnum(value, isNullable),
      ...keep(value),
      ...this.renderObject(element, value, spared),
      ...this.renderChild(element, "items"),
      // Each of them would refuse null, which whoever writes "nullable" beside them means to allow.
      ...(isNullable ? {} : this.renderAlternatives(element, spared)),
    };
  }

  /** Whatever is referred to becomes a model of its own, so that schemas may lead back to themselves. */
  private renderReference(
    element: DocumentElement,
    reference: string,
    given: ReadonlySet<string>,
  ): ModelSchema {
    if (isRecord(element.value) && mayBeNull(element.value)) return {};
    const found = this.references.findTarget(element, reference);
    // Reported elsewhere, or an $anchor, which is not followed.
    if ("reason" in found) return {};
    const target = this.references.followReferences(found);
    // Since OpenAPI 3.1, what stands beside a reference counts, and may say which properties only answers have.
    const readOnly = this.traits.findReadOnlyNames(target);
    const beside = [...this.traits.findReadOnlyNames(element)].filter((name) => !readOnly.has(name));
    const optional = new Set([...given, ...beside]);
    const required = optional.size === 0 ? new Set<string>() : this.traits.findRequiredNames(target);
    const spared = [...optional].filter((name) => required.has(name)).sort();
    const id = JSON.stringify([identifyElement(target), ...spared]);
    let name = this.names.get(id);
    if (name === undefined) {
      name = this.nameFor(reference);
      this.names.set(id, name);
      this.schemas[name] = {};
      this.schemas[name] = this.renderModel(target, new Set(spared));
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  /** Letters and digits, of which API Gateway lets names consist. */
  private nameFor(reference: string): string {
    const [path = "", fragment = ""] = reference.split("#");
    const last =
      parseJsonPointer(fragment).at(-1) ??
      path
        .split("/")
        .at(-1)
        ?.replace(/\.\w+$/, "") ??
      "";
    const plain = last.replace(/[^A-Za-z0-9]/g, "") || "Model";
    let name = plain;
    for (let count = 2; name in this.schemas; count += 1) name = `${plain}${count}`;
    return name;
  }

  private renderObject(
    element: DocumentElement,
    value: Record<string, unknown>,
    spared: ReadonlySet<string>,
  ): ModelSchema {
    const properties = getChildElement(element, "properties");
    const rendered: ModelSchema = {};
    if (properties) {
      rendered.properties = Object.fromEntries(
        listChildElements(properties).map(([name, child]) => [name, this.renderModel(child)]),
      );
    }
    const required = withoutRepetition(Array.isArray(value.required) ? value.required : []).filter(
      (name) => typeof name === "string" && !spared.has(name),
    );
    if (required.length > 0) rendered.required = required;
    if (value.additionalProperties === false) rendered.additionalProperties = false;
    // By a pattern, others may be allowed that the model does not know.
    if (rendered.additionalProperties === false && value.patternProperties !== undefined) {
      delete rendered.additionalProperties;
    }
    const additional = getChildElement(element, "additionalProperties");
    if (additional && isRecord(additional.value) && value.patternProperties === undefined) {
      rendered.additionalProperties = this.renderModel(additional);
    }
    return rendered;
  }

  private renderChild(element: DocumentElement, key: string): ModelSchema {
    const child = getChildElement(element, key);
    // Items by position are no schema but a list of them.
    return child && isRecord(child.value) && !Object.hasOwn(Object(element.value), "prefixItems")
      ? { [key]: this.renderModel(child) }
      : {};
  }

  /** That just one alternative holds cannot be said any more if a model leaves out what distinguishes them. */
  private renderAlternatives(element: DocumentElement, spared: ReadonlySet<string>): ModelSchema {
    const branches = (key: string) => {
      const list = getChildElement(element, key);
      return list ? listChildElements(list).map(([, child]) => this.renderModel(child, spared)) : [];
    };
    const all = branches("allOf");
    const [any, one] = [branches("anyOf"), branches("oneOf")];
    if (any.length > 0 && one.length > 0) all.push({ anyOf: one });
    const either = any.length > 0 ? any : one;
    return {
      ...(all.length > 0 && { allOf: all }),
      ...(either.length > 0 && { anyOf: either }),
    };
  }
}

/** By its own word, or by that of a part which says nothing else of the type. */
function mayBeNull({ nullable, type, allOf }: Record<string, unknown>): boolean {
  const parts: unknown[] = Array.isArray(allOf) ? allOf : [];
  return (
    nullable === true ||
    // What converters make of "nullable" in OpenAPI 3.1.
    (Array.isArray(type) && type.includes("null")) ||
    parts.some((part) => isRecord(part) && part.nullable === true && part.type === undefined)
  );
}

const types = ["array", "boolean", "integer", "number", "object", "string"];

/** One type; null, alone or among others, is not one of OpenAPI 3.0. */
function renderType({ type }: Record<string, unknown>, isNullable: boolean): ModelSchema {
  const [one, other] = Array.isArray(type) ? type : [type];
  return typeof one === "string" && other === undefined && types.includes(one) && !isNullable
    ? { type: one }
    : {};
}

function renderEnum(value: Record<string, unknown>, isNullable: boolean): ModelSchema {
  if ("const" in value) return value.const === null ? {} : { enum: [value.const] };
  const values = withoutRepetition(Array.isArray(value.enum) ? value.enum : []);
  return values.length === 0 || isNullable || values.includes(null) ? {} : { enum: values };
}

/** Keywords that mean the same in draft 4 and that API Gateway checks: not minItems and maxItems, for example. */
const kept = [
  "maxLength",
  "maximum",
  "maxProperties",
  "minLength",
  "minimum",
  "minProperties",
  "multipleOf",
  "uniqueItems",
];

function keep(value: Record<string, unknown>): ModelSchema {
  const { pattern } = value;
  return {
    ...Object.fromEntries(kept.flatMap((key) => (value[key] === undefined ? [] : [[key, value[key]]]))),
    ...(typeof pattern === "string" && isPortablePattern(pattern) && { pattern }),
  };
}

/** Draft 4 takes no value twice. */
function withoutRepetition(values: readonly unknown[]): unknown[] {
  return values.filter(
    (value, index) => values.findIndex((other) => isDeepStrictEqual(other, value)) === index,
  );
}
