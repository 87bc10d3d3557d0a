// Renamed keys in YAML and JSON: the data is the same under the new name, and no other byte changes.
import fc from "fast-check";
import { parse } from "yaml";
import { type KeyRename, renameKey } from "../../src/upkeep/rename-key";

const is = (key: string) => (one: string) => one === key;
const any = () => true;

/** @param path `*` stands for every key */
function rename(path: readonly string[], to = "newName"): KeyRename {
  const from = path.map((step) => (step === "*" ? any : is(step)));
  return { from, name: path.at(-1) ?? "", to, isTaken: is(to) };
}

const renamed = (text: string, ...path: string[]) => renameKey("a.yaml", text, rename(path));

test("renames a key with its comments, its quotes and its place in the order", () => {
  const text = `# The customer.
"old": 1 # first
other: {old: 2}   # not this one
nested:
  # above
  'old' : >-
    old: text
  old-2: 3
`;
  expect(renamed(text, "old")).toEqual({
    text: text.replace('"old": 1', '"newName": 1'),
    places: [{ file: "a.yaml", line: 2, column: 1 }],
    problems: [],
  });
  expect(renamed(text, "nested", "old").text).toBe(text.replace("'old' :", "'newName' :"));
  expect(renamed(text, "*", "old").places.map(({ line, column }) => [line, column])).toEqual([
    [3, 9],
    [6, 3],
  ]);
});

test.each([
  ["JSON", '{\n\t"a": {"old": [1, 2]},\n\t"b": "old"\n}', '{\n\t"a": {"newName": [1, 2]},\n\t"b": "old"\n}'],
  ["Windows line ends", "a:\r\n  old: 1 # one\r\n", "a:\r\n  newName: 1 # one\r\n"],
  ["explicit keys", "a:\n  ? old\n  : 1\n", "a:\n  ? newName\n  : 1\n"],
  ["no final line end", "a: {old}", "a: {newName}"],
  ["an anchor that is used twice", "a: &x\n  old: 1\nb: *x\n", "a: &x\n  newName: 1\nb: *x\n"],
])("keeps %s", (_, text, expected) => {
  expect(renamed(text, "*", "old")).toMatchObject({ text: expected, problems: [] });
});

test("leaves a file alone that doesn't have the key", () => {
  const text = "a:\n    b: old\nold: [old]\n";
  expect(renamed(text, "a", "old")).toEqual({ text, places: [], problems: [] });
});

test.each([
  ["a key that a merge brings in", "base: &x {old: 1}\na:\n  <<: *x\n", undefined],
  ["a map that is used elsewhere under another rule", "base: &x {old: 1}\na: *x\n", undefined],
  ["JSON in a string", `# plans\na: '{"old": 1}'\n`, [2, 4]],
])("asks a person to rename %s, and changes nothing", (_, text, place) => {
  const [line, column] = place ?? [];
  expect(renamed(text, "a", "old")).toMatchObject({
    text,
    places: [],
    problems: [{ code: "upgrade-by-hand", file: "a.yaml", ...(place && { line, column }) }],
  });
});

test("refuses a file that has the key under both names", () => {
  expect(renamed("a:\n  old: 1\n  newName: 2\n", "a", "old")).toMatchObject({
    places: [],
    problems: [{ code: "upgrade-key-twice", line: 2, column: 3 }],
  });
});

/** A value, and how it is written at an indentation. */
interface Written {
  value: unknown;
  write(indentation: string): string;
}

const keys = ["alpha", "beta", "old", "gamma"];
const scalar: fc.Arbitrary<Written> = fc
  .constantFrom<[unknown, string]>(
    ["old", "old"],
    [12, "12"],
    [true, "true"],
    ["old: x # no comment", '"old: x # no comment"'],
    ["it's", "'it''s'"],
  )
  .map(([value, text]) => ({ value, write: () => ` ${text}` }));
const literal: fc.Arbitrary<Written> = fc.constant({
  value: "old: 1\n# text\n",
  write: (indentation) => ` |\n${indentation}  old: 1\n${indentation}  # text`,
});
const list: fc.Arbitrary<Written> = fc.constant({
  value: ["old", { old: 1 }],
  write: (indentation) => `\n${indentation}- old\n${indentation}- old: 1`,
});

const { map } = fc.letrec<{ map: Written; value: Written }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, literal, list, tie("map")),
  map: fc
    .tuple(
      fc.uniqueArray(fc.tuple(fc.constantFrom(...keys), tie("value"), comment()), {
        selector: ([key]) => key,
        minLength: 1,
      }),
      fc.constantFrom("", '"', "'"),
    )
    .map(([entries, quote]) => ({
      value: Object.fromEntries(entries.map(([key, { value }]) => [key, value])),
      write: (indentation) =>
        entries
          .map(([key, { write }, note]) => {
            const above = note === "" ? "" : `\n${indentation}# ${note}`;
            return `${above}\n${indentation}${quote}${key}${quote}:${write(`${indentation}  `)}`;
          })
          .join(""),
    })),
}));

function comment(): fc.Arbitrary<string> {
  return fc.constantFrom("", "", "old: is no key here", "note");
}

/** What the data must be, without any of the code under test. */
function expected(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (step !== "*" && step !== key) return [key, inner];
      return rest.length === 0 ? ["newName", inner] : [key, expected(inner, rest)];
    }),
  );
}

test("for any file, the data is the same under the renamed key, and the rest of the text too", () => {
  const paths = [["old"], ["alpha", "old"], ["*", "old"], ["old", "*", "old"]];
  fc.assert(
    fc.property(map, fc.constantFrom(...paths), ({ value, write }, path) => {
      const text = write("").slice(1);
      expect(parse(text)).toEqual(value);
      const { text: upgraded, places, problems } = renameKey("a.yaml", text, rename(path));
      expect(problems).toEqual([]);
      expect(parse(upgraded)).toEqual(expected(value, path));
      expect(upgraded.replaceAll("newName", "old")).toBe(text);
      expect(upgraded.split("newName").length - 1).toBe(places.length);
      // A second run changes nothing.
      if (path.length === 1) expect(renameKey("a.yaml", upgraded, rename(path)).text).toBe(upgraded);
    }),
    { numRuns: 500 },
  );
});
