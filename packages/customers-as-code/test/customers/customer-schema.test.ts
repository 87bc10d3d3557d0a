import { readdirSync, readFileSync } from "node:fs";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { parse } from "yaml";
import { renderSchema } from "../../src/customers/customer-schema";

test.each(["customers/schema.json", "packages/customers-as-code/schema.json"])(
  "%s, which editors use, is generated from the definition that validates",
  (file) => {
    // Where this fails: npx customers schema
    expect(readFileSync(file, "utf8")).toBe(renderSchema());
  },
);

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

describe("as an editor reads it", () => {
  const validate = addFormats(new Ajv({ allErrors: true })).compile(JSON.parse(renderSchema()));
  const files = [...readdirSync("customers")].filter((name) => name.endsWith(".yaml"));
  const example = /```yaml\n(# yaml-language-server.*?)```/s.exec(
    readFileSync("docs/customers.md", "utf8"),
  )?.[1];

  test.each(files)("%s says where the schema is, and is valid", (file) => {
    const text = readFileSync(`customers/${file}`, "utf8");
    expect(text).toMatch(/^# yaml-language-server: \$schema=schema\.json\n/);
    validate(parse(text));
    expect(validate.errors).toBeNull();
  });

  test("the example of docs/customers.md is valid, and what is wrong is not", () => {
    const customer = parse(example ?? "");
    validate(customer);
    expect(validate.errors).toBeNull();
    validate({ ...customer, metadata: { customerId: 1029, other: "", contact: "a" }, statsu: "active" });
    expect(validate.errors?.map(({ instancePath, keyword }) => `${instancePath} ${keyword}`).sort()).toEqual([
      " additionalProperties",
      "/metadata pattern",
      "/metadata propertyNames",
      "/metadata/customerId type",
      "/metadata/other minLength",
    ]);
  });

  test("the metadata that most customers have is offered", () => {
    expect(Object.keys(JSON.parse(renderSchema()).properties.metadata.properties)).toEqual([
      ...["moesifCompanyId", "stripeCustomerId", "customerId", "subscriptionId"],
    ]);
  });
});
