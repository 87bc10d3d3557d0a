import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { parse } from "yaml";
import { locateSchema, renderSchema } from "../../src/customers/customer-schema";

test("customers/schema.json, which editors use, is generated from the definition that validates", () => {
  // Where this fails: npx customers schema
  expect(readFileSync("customers/schema.json", "utf8")).toBe(renderSchema());
});

test("the package has the schema for companies that keep no copy beside their files", () => {
  const folder = "packages/customers-as-code";
  const [{ files }] = JSON.parse(
    execFileSync("npm", ["pack", "--dry-run", "--json", "--loglevel=error"], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
  expect(files.map(({ path }: { path: string }) => path)).toContain("schema.json");
  expect(readFileSync(`${folder}/schema.json`, "utf8").trim()).toBe(renderSchema().trim());
  expect(resolve("elsewhere", locateSchema(resolve("elsewhere")))).toBe(resolve(folder, "schema.json"));
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

describe("as an editor reads it", () => {
  const validate = addFormats(new Ajv({ allErrors: true })).compile(JSON.parse(renderSchema()));
  const files = [...readdirSync("customers")].filter((name) => name.endsWith(".yaml"));
  const example = /```yaml\n(# yaml-language-server.*?)```/s.exec(
    readFileSync("docs/reference/customers.md", "utf8"),
  )?.[1];

  test.each(files)("%s says where the schema is, and is valid", (file) => {
    const text = readFileSync(`customers/${file}`, "utf8");
    expect(text).toMatch(/^# yaml-language-server: \$schema=schema\.json\n/);
    validate(parse(text));
    expect(validate.errors).toBeNull();
  });

  test("the example of docs/reference/customers.md is valid, and what is wrong is not", () => {
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
