import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../../engine/provider";
import { encodeSegment, type ManagementApi } from "../management-api";
import { type Found, type Resource, readString } from "../resource";

/** All scopes of a resource server, replaced as a whole; its id is the server's identifier. */
export const resourceServerScopesResource: Resource = {
  required: ["resourceServerIdentifier"],
  inputs: ["resourceServerIdentifier", "scopes"],
  replaceOn: ["resourceServerIdentifier"],
  async create(api, inputs) {
    const identifier = readString(inputs, "resourceServerIdentifier");
    const existing = (await api.send("GET", pathOf(identifier))).scopes;
    if (Array.isArray(existing) && existing.length > 0 && !isDeepStrictEqual(existing, toWire(inputs))) {
      throw new Error(`resource server ${identifier} has other scopes already; import them instead`);
    }
    return replace(api, identifier, inputs);
  },
  async read(api, id) {
    const answer = await api.find(pathOf(id));
    return answer && found(id, answer);
  },
  update: (api, id, _old, inputs) => replace(api, id, inputs),
  async delete(api, id) {
    await api.send("PATCH", pathOf(id), { scopes: [] });
  },
};

async function replace(api: ManagementApi, identifier: string, inputs: Properties): Promise<Found> {
  await api.send("PATCH", pathOf(identifier), { scopes: toWire(inputs) });
  return found(identifier, await api.send("GET", pathOf(identifier)));
}

function toWire(inputs: Properties): Properties[] {
  const scopes: Properties[] = Array.isArray(inputs.scopes) ? inputs.scopes : [];
  return scopes.map(({ name, description }) => ({
    value: name,
    ...(description !== undefined && { description }),
  }));
}

function found(identifier: string, answer: Properties): Found {
  const scopes: Properties[] = Array.isArray(answer.scopes) ? answer.scopes : [];
  const named = scopes.map(({ value, ...description }) => ({ name: value, ...description }));
  return { id: identifier, outputs: { resourceServerIdentifier: identifier, scopes: named } };
}

function pathOf(identifier: string): string {
  return `resource-servers/${encodeSegment(identifier)}`;
}
