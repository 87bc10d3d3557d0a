import { clientFile, customerFile } from "../../../packages/customers-as-code/src/customers/customer-schema";
import { code, linkPages, renderTable } from "./markdown";

interface Schema {
  type?: string;
  format?: string;
  description?: string;
  default?: unknown;
  enum?: readonly unknown[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  anyOf?: readonly Schema[];
}

/** The keys of a customer file, or of one of its clients, with what their schema accepts. */
export function renderCustomerFile(part: "customer" | "client", page: string): string {
  const schema = (part === "customer" ? customerFile : clientFile).toJSONSchema({ io: "input" }) as Schema;
  return renderTable(["Key", "Type", "Default", "Meaning"], listKeys(schema, page));
}

function listKeys({ properties = {}, required = [] }: Schema, page: string, within = ""): string[][] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const path = `${within}${key}`;
    const isRequired = required.includes(key);
    const { meaning, fallback } = readDescription(schema);
    const row = [
      code(path),
      renderType(schema),
      isRequired ? "required" : fallback,
      linkPages(meaning, page),
    ];
    return [row, ...listKeys(schema, page, `${path}.`)];
  });
}

/** A default that depends on something else is the last sentence of the description. */
function readDescription({ description = "", default: value }: Schema): {
  meaning: string;
  fallback: string;
} {
  const [meaning = "", fallback = "none"] = description.split(/ Default: (.*)\.$/);
  return { meaning, fallback: value === undefined ? fallback : code(String(value)) };
}

const types: Readonly<Record<string, string>> = { boolean: "boolean", object: "map", string: "string" };
const formats: Readonly<Record<string, string>> = { date: "date", email: "e-mail address" };

function renderType(schema: Schema): string {
  const { type = "", format = "", items, anyOf, minimum, maximum, minLength = 0, maxLength } = schema;
  if (schema.enum) return schema.enum.map((value) => code(String(value))).join(", ");
  if (anyOf) return anyOf.map(renderType).join(" or ");
  if (items) return `list of ${renderType(items)}s`.replace(/sss$/, "sses");
  if (type === "integer")
    return maximum === Number.MAX_SAFE_INTEGER
      ? `whole number from ${minimum}`
      : `whole number from ${minimum} to ${maximum}`;
  const name = formats[format] ?? types[type];
  if (name === undefined) throw new Error(`no name for the type ${JSON.stringify(schema)}`);
  if (maxLength === undefined) return name;
  return minLength > 0
    ? `${name} of ${minLength} to ${maxLength} characters`
    : `${name} of up to ${maxLength} characters`;
}
