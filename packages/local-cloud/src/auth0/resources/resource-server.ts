import { defineEntity, selectChanges } from "../entity";
import { sameNames, toWire } from "../resource";

const fields = sameNames(
  "name",
  "identifier",
  "signingAlg",
  "tokenLifetime",
  "tokenLifetimeForWeb",
  "allowOfflineAccess",
);

export const resourceServerResource = defineEntity({
  path: "resource-servers",
  id: "id",
  fields,
  required: ["identifier"],
  optional: ["signingAlg", "tokenLifetime", "tokenLifetimeForWeb"],
  replaceOn: ["identifier"],
  onUpdate: (old, inputs) => {
    const { identifier: _, ...body } = toWire(fields, inputs);
    return Object.keys(selectChanges(fields, old, inputs)).length > 0 ? [body] : [];
  },
});
