// A resource that is one object of the Management API: POST, GET, PATCH and DELETE.
import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../engine/provider";
import { encodeSegment, type ManagementApi } from "./management-api";
import { type Fields, type Found, fromWire, type Resource, readString, toWire } from "./resource";

export interface Entity {
  /** Collection's path, such as `organizations`. */
  path: string;
  /** Name of the id in answers. */
  id: string;
  fields: Fields;
  required: string[];
  replaceOn?: string[];
  defaults?: Properties;
  /** Inputs for which Auth0 has a value of its own. */
  optional?: string[];
  /** Outputs beside the fields and `id`: name and Auth0's name. */
  computed?: Record<string, string>;
  /** What is sent only while creating, of the wire's body. */
  onCreate?(body: Properties): Properties;
  /** The bodies of PATCHes; an empty one is not sent. */
  onUpdate(old: Properties, inputs: Properties): Properties[];
}

export function defineEntity(definition: Entity): Resource {
  const { path, fields, computed = {} } = definition;
  const found = (answer: Properties): Found => {
    const id = readString(answer, definition.id);
    const extra = Object.entries(computed).map(([output, wire]) => [output, answer[wire]]);
    return { id, outputs: { ...fromWire(fields, answer), ...Object.fromEntries(extra) } };
  };
  const one = (id: string) => `${path}/${encodeSegment(id)}`;
  return {
    required: definition.required,
    inputs: Object.keys(fields),
    shown: Object.keys(fields),
    replaceOn: definition.replaceOn ?? [],
    defaults: definition.defaults,
    optional: definition.optional,
    async create(api, inputs) {
      const body = toWire(fields, inputs);
      const created = await api.send("POST", path, definition.onCreate?.(body) ?? body);
      return found(await api.send("GET", one(readString(created, definition.id))));
    },
    async read(api, id) {
      const answer = await api.find(one(id));
      return answer && found(answer);
    },
    async update(api, id, old, inputs) {
      for (const body of definition.onUpdate(old, inputs)) {
        if (Object.keys(body).length > 0) await api.send("PATCH", one(id), body);
      }
      return found(await api.send("GET", one(id)));
    },
    delete: (api: ManagementApi, id: string) => api.remove(one(id)),
  };
}

/** The fields that differ. */
export function selectChanges(fields: Fields, old: Properties, inputs: Properties): Properties {
  const before = toWire(fields, old);
  return Object.fromEntries(
    Object.entries(toWire(fields, inputs)).filter(([wire, value]) => !isDeepStrictEqual(before[wire], value)),
  );
}
