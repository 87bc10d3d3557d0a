// Which media types of a document the gateway must carry as bytes.
import { head, readFiles } from "../gateway/document-files";

const binary = "{ schema: { type: string, format: binary } }";

function listTypes(content: string, place: "request" | "answer" = "answer", schemas = "{}") {
  const { api, problems } = readFiles({
    "openapi.yaml": `${head}    # more schemas
  schemas: ${schemas}
paths:
  /files:
    post:
      ${place === "request" ? `requestBody: { content: ${content} }` : ""}
      responses: { default: { description: Done., ${place === "answer" ? `content: ${content}` : ""} } }
`,
  });
  expect(problems).toEqual([]);
  return api.binaryMediaTypes;
}

it.each([
  ["an image", "{ image/png: {} }", ["image/png"]],
  ["every image", `{ "image/*": ${binary} }`, ["image/*"]],
  ["bytes", `{ application/octet-stream: ${binary} }`, ["application/octet-stream"]],
  ["a PDF whose schema is sloppy", "{ application/pdf: { schema: { type: string } } }", ["application/pdf"]],
  ["a type with parameters and capitals", `{ "Image/PNG; q=1": ${binary} }`, ["image/png"]],
  [
    "a form of several parts",
    "{ multipart/form-data: { schema: { type: object } } }",
    ["multipart/form-data"],
  ],
  ["several", `{ video/mp4: {}, audio/mpeg: {}, text/plain: {} }`, ["audio/mpeg", "video/mp4"]],
  ["an unknown type with bytes", `{ application/vnd.acme: ${binary} }`, ["application/vnd.acme"]],
  ["an unknown type without a schema", "{ application/vnd.acme: {} }", ["application/vnd.acme"]],
  ["any type with bytes", `{ "*/*": ${binary} }`, ["application/octet-stream"]],
  ["JSON", "{ application/json: {} }", undefined],
  ["JSON by its suffix", "{ application/problem+json: {} }", undefined],
  ["text with bytes", `{ text/csv: ${binary} }`, undefined],
  ["XML", "{ application/xml: {}, image/svg+xml: {} }", undefined],
  ["a sequence of JSON", "{ application/geo+json-seq: {} }", undefined],
  [
    "text by its name",
    "{ application/csv: {}, application/edi-x12: {}, application/n-quads: {} }",
    undefined,
  ],
  ["a form", "{ application/x-www-form-urlencoded: {} }", undefined],
  ["an unknown type of a structure", "{ application/vnd.acme: { schema: { type: object } } }", undefined],
  ["an unknown type of text", "{ application/vnd.acme: { schema: { type: string } } }", undefined],
  ["any type of a structure", '{ "*/*": { schema: { type: object } } }', undefined],
])("of %s: %s", (_title, content, expected) => {
  expect(listTypes(content)).toEqual(expected);
  expect(listTypes(content, "request")).toEqual(expected);
});

it("looks at what a schema refers to, also in a circle", () => {
  const schemas = `{ Bytes: { type: string, format: binary }, Order: { type: object }, A: { $ref: "#/components/schemas/A" } }`;
  const of = (name: string) =>
    listTypes(
      `{ application/vnd.acme: { schema: { $ref: "#/components/schemas/${name}" } } }`,
      "answer",
      schemas,
    );
  expect(of("Bytes")).toEqual(["application/vnd.acme"]);
  expect(of("Order")).toBeUndefined();
});
