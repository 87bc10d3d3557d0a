import { readFileSync } from "node:fs";
import { renderSchema } from "../../customers/schema";

test("customers/schema.json, which editors use, is generated from the definition that validates", () => {
  // Where this fails: npm run schema
  expect(readFileSync("customers/schema.json", "utf8")).toBe(renderSchema());
});

test("the schema asks for what a customer must have, and nothing that has a default", () => {
  expect(JSON.parse(renderSchema())).toMatchObject({
    title: "Customer",
    type: "object",
    required: ["displayName", "clients"],
    additionalProperties: false,
    properties: {
      status: { enum: ["active", "suspended", "closing"], default: "active" },
      clients: { additionalProperties: { required: ["scopes"], additionalProperties: false } },
    },
  });
});

test.each(["acme", "globex", "initech"])("the file of %s tells editors of the schema", (id) => {
  expect(readFileSync(`customers/${id}.yaml`, "utf8")).toMatch(
    /^# yaml-language-server: \$schema=schema\.json\n/,
  );
});
