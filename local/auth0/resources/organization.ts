import { isDeepStrictEqual } from "node:util";
import { entity } from "../entity";
import { type Fields, sameNames, toWire, verbatim } from "../resource";

const fields: Fields = {
  ...sameNames("name", "displayName", "branding"),
  metadata: { wire: "metadata", translation: verbatim },
};

export const organization = entity({
  path: "organizations",
  id: "id",
  fields,
  required: ["name"],
  optional: ["branding"],
  onUpdate: (old, inputs) => {
    const { metadata = {}, ...rest } = toWire(fields, inputs);
    const changed = !isDeepStrictEqual(metadata, old.metadata ?? {});
    return [{ ...rest, ...(changed && { metadata }) }];
  },
});
