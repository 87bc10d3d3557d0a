// What is read of the company's OpenAPI document, and what is refused: the rest is for `npm test` in the new folder.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadDocument } from "../../customers-as-code/src/openapi/load-document";
import { readCompanyDocument, readExampleDocument } from "../src/document";
import { formatProblem } from "../src/problem";
import { emptyFolder } from "./run-create";

const folder = emptyFolder();

function read(text: string | Buffer, name = "api.yaml") {
  const path = join(folder, name);
  writeFileSync(path, text);
  const { document, problems } = readCompanyDocument(path);
  return { document, problems: problems.map((one) => formatProblem(one).replaceAll(folder, "")) };
}

const scheme = `components: { securitySchemes: { oauth: { type: oauth2, flows: { clientCredentials: { tokenUrl: "https://x", scopes: { read: r, write: w } } } } } }`;
const head = `openapi: 3.0.3\ninfo: { title: T, version: "1" }\n`;
const paths = `paths: { /a: { get: { security: [{ oauth: [read] }] }, post: { security: [{ oauth: [write] }] } } }\n`;

test.each<[what: string, text: string | Buffer, problems: RegExp[]]>([
  [
    "Swagger 2",
    `swagger: "2.0"\n`,
    [/^--openapi \/api\.yaml {2}is Swagger 2\.0\. Convert it to OpenAPI 3\.$/],
  ],
  ["no version", "info: {}\n", [/is not an OpenAPI 3 document/]],
  ["OpenAPI 4", "openapi: 4.0.0\n", [/is not an OpenAPI 3 document/]],
  ["a list", "- 1\n", [/doesn't hold a map/]],
  ["nothing", "", [/doesn't hold a map/]],
  ["wrong YAML", "openapi: 3.0.3\ninfo: [\n", [/^--openapi \/api\.yaml:3:1 {2}.*Correct the YAML\.$/]],
  ["an alias of itself", "openapi: &a { x: *a }\n", [/is not an OpenAPI 3 document/]],
  [
    "aliases that become too much",
    `a: &a [${"1,".repeat(20)}]\nb: &b [${"*a,".repeat(20)}]\nc: &c [${"*b,".repeat(20)}]\nd: [${"*c,".repeat(20)}]\n`,
    [/cannot be read \(Excessive alias count.*\)\. Remove the alias\.$/],
  ],
  ["not UTF-8", Buffer.from([0x6f, 0xff, 0xfe]), [/is not UTF-8/]],
  ["no title, no operation and no scheme", "openapi: 3.0.3\n", [/info\.title/, /oauth2/, /no operation/]],
  [
    "no scheme",
    head + paths,
    [
      /has no security scheme of type oauth2 with the clientCredentials flow\. Add one .* Or add --adapt-security/,
    ],
  ],
  [
    "a scheme of another flow",
    `${head}${paths}components: { securitySchemes: { key: { type: apiKey } } }\n`,
    [/clientCredentials flow, only "key"\. Add one/],
  ],
  [
    "two schemes",
    `${head}${paths}components: { securitySchemes: { a: &a { type: oauth2, flows: { clientCredentials: { scopes: { x: y } } } }, b: *a } }\n`,
    [/has 2 security schemes .*: "a", "b"\. Keep one of them\./],
  ],
  ["no scopes", head + paths + scheme.replace("{ read: r, write: w }", "{}"), [/declares no scopes/]],
])("A document with %s is refused, with the flag and the file.", (_, text, problems) => {
  const found = read(text);
  expect(found.document).toBeUndefined();
  expect(found.problems).toEqual(problems.map((problem) => expect.stringMatching(problem)));
});

test("A URL is refused, because the document becomes a file of the company.", () => {
  expect(readCompanyDocument("https://api.example.com/openapi.yaml").problems).toEqual([
    {
      place: "--openapi https://api.example.com/openapi.yaml",
      message: "is a URL. Download the document, and name the file.",
    },
  ]);
});

test("A file that isn't there, or is a folder, is refused.", () => {
  expect(readCompanyDocument(join(folder, "missing.yaml")).problems).toEqual([
    {
      place: `--openapi ${folder}/missing.yaml`,
      message: expect.stringContaining("cannot be read (ENOENT)"),
    },
  ]);
  expect(readCompanyDocument(folder).problems).toEqual([
    { place: `--openapi ${folder}`, message: expect.stringContaining("cannot be read (EISDIR)") },
  ]);
});

test("The scopes that GET operations require are those to read with; without any, all are.", () => {
  expect(read(head + paths + scheme).document?.scopesToRead).toEqual(["read"]);
  const postOnly = `paths: { /a: { post: { security: [{ oauth: [] }] } } }\n`;
  expect(read(head + postOnly + scheme).document?.scopesToRead).toEqual(["read", "write"]);
});

test("What needs no token is what the product finds without one.", () => {
  const text = `${head}security: [{ oauth: [read] }]
paths:
  /shared: { get: { responses: { "200": { description: ok } } } }
  /open: { get: { security: [], responses: { "200": { description: ok } } } }
  /optional: { post: { security: [{}, { oauth: [write] }], responses: { "200": { description: ok } } } }
${scheme}
`;
  const { document } = read(text, "public.yaml");
  expect(document?.publicRoutes).toEqual(["GET /open", "POST /optional"]);
  const { api } = loadDocument(join(folder, "public.yaml"), []);
  const ofProduct = api.operations.filter(({ security }) => security.length === 0);
  expect(ofProduct.map(({ method, path }) => `${method} ${path}`)).toEqual(document?.publicRoutes);
});

test("Files that the document refers to come with it, in their places.", () => {
  mkdirSync(join(folder, "many/schemas"), { recursive: true });
  mkdirSync(join(folder, "many/paths"));
  const text = `${head}paths: { /orders: { $ref: "paths/orders.yaml#/item" } }
components: { securitySchemes: { oauth: { $ref: "./security.yaml" } } }
`;
  writeFileSync(
    join(folder, "many/paths/orders.yaml"),
    `item: { get: { security: [], responses: { "200": { $ref: "../schemas/ok.yaml" } } } }\n`,
  );
  writeFileSync(
    join(folder, "many/schemas/ok.yaml"),
    `description: ok\nx: { $ref: "../many.yaml#/components" }\n`,
  );
  writeFileSync(
    join(folder, "many/security.yaml"),
    `type: oauth2\nflows: { clientCredentials: { tokenUrl: "https://x", scopes: { read: r } } }\n`,
  );
  const { document, problems } = read(text, "many/many.yaml");
  expect(problems).toEqual([]);
  expect(document).toMatchObject({
    file: "many.yaml",
    scopesToRead: ["read"],
    publicRoutes: ["GET /orders"],
  });
  expect([...(document?.files.keys() ?? [])].sort()).toEqual([
    "many.yaml",
    "paths/orders.yaml",
    "schemas/ok.yaml",
    "security.yaml",
  ]);
});

test("A reference that leads out of the folder, to the web, to nothing, or to where the company has something else, or that is no URL, is refused.", () => {
  mkdirSync(join(folder, "refs/customers"), { recursive: true });
  writeFileSync(join(folder, "refs/customers/a.yaml"), "x: 1\n");
  const refs = ["../api.yaml", "https://example.com/a.yaml", "100%.yaml", "missing.yaml", "customers/a.yaml"];
  const text = `${head}${paths}${scheme}\nx: [${refs.map((ref) => `{ $ref: "${ref}" }`).join(", ")}]\n`;
  const { problems } = read(text, "refs/refs.yaml");
  expect(problems).toEqual([
    expect.stringContaining('refers to "../api.yaml", which is not in the document\'s folder'),
    expect.stringContaining('refers to "https://example.com/a.yaml". Save that file'),
    expect.stringContaining(
      'refers to "100%.yaml", which is not percent-encoded as a URL is. Write "%" as "%25".',
    ),
    expect.stringMatching(/refs\/missing\.yaml {2}cannot be read \(ENOENT\)/),
  ]);
  const fewer = text.replace(/\{ \$ref: "(\.\.|https|100|missing)[^}]*\}, /g, "");
  expect(read(fewer, "refs/refs.yaml").problems).toEqual([
    expect.stringContaining('refers to "customers/a.yaml". The new repository has something else there.'),
  ]);
});

test("The example is a document that the product accepts.", () => {
  const { file, files, publicRoutes } = readExampleDocument("acme.auth0.com");
  const path = join(folder, "example.yaml");
  writeFileSync(path, files.get(file) ?? "");
  expect(loadDocument(path, publicRoutes).problems).toEqual([]);
});

describe("--adapt-security", () => {
  /** The copy, which the product accepts. */
  function adapt(text: string, name = "adapted.yaml") {
    const path = join(folder, name);
    writeFileSync(path, text);
    const { document, problems } = readCompanyDocument(path, { adaptSecurity: true, domain: "x.auth0.com" });
    if (!document) return { problems: problems.map(({ message }) => message) };
    const copy = String(document.files.get(document.file));
    const target = join(folder, `copy-of-${name}`);
    writeFileSync(target, copy);
    const { api, problems: ofProduct } = loadDocument(target, document.publicRoutes);
    const security = Object.fromEntries(
      api.operations.map(({ method, path: route, security: alternatives }) => [
        `${method} ${route}`,
        alternatives,
      ]),
    );
    return { copy, document, security, ofProduct };
  }
  const ok = `responses: { "200": { description: ok } }`;

  test("adds a scheme with two scopes, and operations require one of them; public ones stay public", () => {
    const text = `${head}security: [{ key: [] }]
# Ours.
paths:
  /a:
    get: { ${ok} } # Reads.
    post: { ${ok} }
    delete: { security: [{ key: [] }, { basic: [] }], ${ok} }
  /open: { get: { security: [], ${ok} } }
  /optional: { get: { security: [{}, { key: [] }], ${ok} } }
components: { securitySchemes: { key: { type: apiKey, in: header, name: X-Key } } }
`;
    const { copy, document, security, ofProduct } = adapt(text);
    expect(ofProduct).toEqual([]);
    expect(security).toEqual({
      "GET /a": [["read"]],
      "POST /a": [["write"]],
      "DELETE /a": [["write"]],
      "GET /open": [],
      "GET /optional": [],
    });
    expect(document).toMatchObject({
      scopesToRead: ["read"],
      publicRoutes: ["GET /open", "GET /optional"],
      adaptations: [
        'Added the security scheme "customers" with the scopes read and write.',
        '3 operations require a token of "customers" and nothing else.',
      ],
    });
    // Comments stay; and nothing inherits what the gateway cannot check.
    expect(copy).toMatch(/# Ours\.[\s\S]*# Reads\./);
    expect(copy).not.toMatch(/^security:/m);
    expect(copy).toContain("https://x.auth0.com/oauth/token");
  });

  test("a document that never speaks of security has no public operation", () => {
    const { security, document } = adapt(`${head}paths: { /a: { get: { ${ok} } } }\n`);
    expect(security).toEqual({ "GET /a": [["read"]] });
    expect(document?.publicRoutes).toEqual([]);
    expect(document?.adaptations[1]).toBe('1 operation requires a token of "customers" and nothing else.');
  });

  test("keeps the scheme that there is, with its scopes, and removes the others' requirements", () => {
    const others = `, key: { type: apiKey, in: header, name: X-Key } } }`;
    const text = `${head}security: [{ oauth: [read] }]
paths:
  /a: { get: { ${ok} }, post: { security: [{ key: [] }, { oauth: [write] }], ${ok} } }
  /b: { get: { security: [{ key: [] }], ${ok} } }
${scheme.replace(/ \} \}$/, others)}
`;
    const { security, document, ofProduct, copy } = adapt(text);
    expect(ofProduct).toEqual([]);
    expect(security).toEqual({ "GET /a": [["read"]], "POST /a": [["write"]], "GET /b": [[]] });
    expect(document?.adaptations).toEqual(['2 operations require a token of "oauth" and nothing else.']);
    expect(copy).toMatch(/^security: \[ *\{ oauth/m);
  });

  test("changes nothing that is right already", () => {
    const text = `${head}${paths}${scheme}\n`;
    const { document } = adapt(text);
    expect(document?.adaptations).toEqual([]);
  });

  test("a scheme's name that is taken is not used", () => {
    const taken = `components: { securitySchemes: { customers: { type: http, scheme: basic } } }\n`;
    expect(adapt(`${head}paths: { /a: { get: { ${ok} } } }\n${taken}`).document?.adaptations[0]).toContain(
      '"customersToken"',
    );
  });

  test("a JSON document stays JSON", () => {
    const text = JSON.stringify({
      openapi: "3.0.3",
      info: { title: "T", version: "1" },
      paths: { "/a": { put: { responses: { 200: { description: "ok" } } } } },
    });
    const { copy, security } = adapt(text, "adapted.json");
    expect(JSON.parse(copy ?? "")).toMatchObject({
      paths: { "/a": { put: { security: [{ customers: ["write"] }] } } },
    });
    expect(security).toEqual({ "PUT /a": [["write"]] });
  });

  test("operations in another place, and two schemes, are refused", () => {
    expect(adapt(`${head}paths: { /a: { $ref: "#/x" } }\nx: { get: { ${ok} } }\n`).problems).toEqual([
      'has the operations of "/a" in another place. Bundle the document so that all are under paths, or remove --adapt-security.',
    ]);
    const two = `components: { securitySchemes: { a: &a { type: oauth2, flows: { clientCredentials: { scopes: { x: y } } } }, b: *a } }\n`;
    expect(adapt(head + paths + two).problems).toEqual([expect.stringContaining("Keep one of them.")]);
  });
});
