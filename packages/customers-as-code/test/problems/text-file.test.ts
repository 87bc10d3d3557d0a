// Files that people write are UTF-8, and nothing else is read as if it were: the API's document, what it refers to, import data.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadImports } from "../../src/customers/imports";
import { loadDocument } from "../../src/openapi/load-document";
import { decodeText, readTextFile } from "../../src/problems/text-file";

const folder = mkdtempSync(join(tmpdir(), "text-file-"));
afterAll(() => rmSync(folder, { recursive: true }));
const latin = (text: string) => Buffer.from(text, "latin1");
const none = { customers: [], problems: [], files: 0 };

test("the line of the first byte that is not UTF-8 is reported", () => {
  expect(decodeText("a", latin("one\ntwo\nthr\u00e9e\nfour")).problems).toEqual([
    {
      file: "a",
      line: 3,
      column: 1,
      code: "file-not-utf8",
      message: "is not valid UTF-8. Save it as UTF-8.",
    },
  ]);
  expect(decodeText("a", Buffer.from("thr\u00e9e \ud83d\ude00\n"))).toEqual({
    text: "thr\u00e9e \ud83d\ude00\n",
    problems: [],
  });
});

test("the API's document is refused with its place", () => {
  const file = join(folder, "openapi.yaml");
  writeFileSync(file, latin("openapi: 3.0.3\ninfo: { title: Caf\u00e9 }\n"));
  expect(loadDocument(file, []).problems).toEqual([
    { file, line: 2, column: 1, code: "file-not-utf8", message: "is not valid UTF-8. Save it as UTF-8." },
  ]);
  expect(loadDocument(join(folder, "none.yaml"), []).problems).toMatchObject([
    { message: expect.stringContaining("cannot be read (ENOENT). Write the API's OpenAPI document there") },
  ]);
});

test("import data is refused if it is not UTF-8, or has one key twice", () => {
  const problemsOf = (content: Buffer | string) => {
    writeFileSync(join(folder, "imports.json"), content);
    return loadImports(folder, "example.eu.auth0.com", none).problems.map(({ message }) => message);
  };
  expect(problemsOf(latin('{"caf\u00e9": {}}'))).toEqual(["is not valid UTF-8. Save it as UTF-8."]);
  expect(problemsOf('{"a.auth0.com": {"customers": {}}, "a.auth0.com": {"customers": {}}}')).toEqual([
    "is not valid YAML: Map keys must be unique",
  ]);
});

test("a file beyond the limit is not read", () => {
  const file = join(folder, "large");
  writeFileSync(file, "x".repeat(11));
  expect(readTextFile(file, { remedy: "", limit: 10 }).problems).toEqual([
    { file, code: "file-too-large", message: "has 11 bytes, and at most 10 are read. Make it smaller." },
  ]);
});
