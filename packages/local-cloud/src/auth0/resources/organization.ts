import { isDeepStrictEqual } from "node:util";
import { defineEntity } from "../entity";
import { type Fields, sameNames, toWire, verbatimTranslation } from "../resource";

const fields: Fields = {
  ...sameNames("name", "displayName", "branding"),
  metadata: { wire: "metadata", translation: verbatimTranslation },
};

export const organizationResource = defineEntity({
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
