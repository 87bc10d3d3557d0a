// The values that the program sees, also of settings that no file has: each one's default is in the schema.
import { z } from "zod";
import { secretDescriptions, settingsSchema } from "./settings-schema";

/** Without the audience, a stack has no API; commands that need none run nevertheless. */
const schema = settingsSchema.extend({ audience: settingsSchema.shape.audience.optional() });

export type EffectiveSettings = z.output<typeof schema>;

/**
 * @param given the settings by name, as the engine hands them over; an invalid one, which the check of the settings reports, counts as
 * absent
 */
export function effectiveSettings(given: Readonly<Record<string, string | undefined>>): EffectiveSettings {
  const { data, error } = schema.safeParse(given);
  if (data !== undefined) return data;
  const invalid = new Set(error.issues.map(({ path }) => path[0]));
  return schema.parse(Object.fromEntries(Object.entries(given).filter(([name]) => !invalid.has(name))));
}

export interface SettingDescription {
  name: string;
  type: "string" | "number" | "boolean" | "list" | "map" | "secret";
  /** As Pulumi.STACK.yaml would have it; absent if there is none. */
  default?: unknown;
  description: string;
}

/** Every setting, in the order of the schema. */
export function describeSettings(): SettingDescription[] {
  const open = Object.entries(settingsSchema.shape).map(([name, setting]): SettingDescription => {
    const { description = "" } = setting;
    const value = defaultOf(setting);
    return { name, type: typeOf(value), ...(value !== undefined && { default: value }), description };
  });
  const secret = Object.entries(secretDescriptions).map(
    ([name, description]): SettingDescription => ({ name, type: "secret", description }),
  );
  return [...open, ...secret];
}

/** The input that stands for none: of a structure, the JSON as which the engine would hand it over. */
function defaultOf(setting: z.ZodType): unknown {
  if (!(setting instanceof z.ZodDefault) && !(setting instanceof z.ZodPrefault)) return undefined;
  const { defaultValue } = setting.def;
  return defaultValue === "{}" || defaultValue === "[]" ? JSON.parse(defaultValue) : defaultValue;
}

function typeOf(value: unknown): SettingDescription["type"] {
  if (Array.isArray(value)) return "list";
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "boolean";
  return typeof value === "object" ? "map" : "string";
}
