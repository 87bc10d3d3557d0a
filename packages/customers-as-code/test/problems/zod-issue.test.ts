import { z } from "zod";
import { explainIssue, invalidKey, wrongType } from "../../src/problems/zod-issue";

const schema = z.strictObject({
  name: z.string().min(1),
  size: z.union([z.int(), z.stringbool()]).optional(),
  kind: z.enum(["a", "b"]).optional(),
  list: z.array(z.string()).min(1).optional(),
  map: z.record(z.string().regex(/^[a-z]+$/), z.string()).optional(),
});

function explain(value: unknown, of: z.ZodType = schema) {
  return (of.safeParse(value).error?.issues ?? [])
    .flatMap((issue) => explainIssue(issue, value))
    .map(({ message: _, issue: __, ...finding }) => finding);
}

test("each unknown key is a finding of its own, at the map that has it", () => {
  expect(explain({ name: "x", one: 1, two: 2 })).toEqual([
    { kind: "unknownKey", path: [], key: "one" },
    { kind: "unknownKey", path: [], key: "two" },
  ]);
});

test.each([
  ["a value that is not there", {}, { kind: "missingValue", path: ["name"] }],
  ["a value that is null", { name: null }, { kind: "missingValue", path: ["name"] }],
  ["a value of another type", { name: 1 }, { kind: "wrongType", path: ["name"] }],
  ["a value that is too short", { name: "" }, { kind: "invalidValue", path: ["name"] }],
  ["a value that is none of a few", { name: "x", kind: "c" }, { kind: "invalidValue", path: ["kind"] }],
  ["a string that fits no alternative", { name: "x", size: "big" }, { kind: "invalidValue", path: ["size"] }],
  ["a map that fits no alternative", { name: "x", size: {} }, { kind: "wrongType", path: ["size"] }],
  ["no list", { name: "x", list: "y" }, { kind: "wrongType", expected: "list", path: ["list"] }],
  ["an empty list", { name: "x", list: [] }, { kind: "invalidValue", expected: "list", path: ["list"] }],
  ["no map", { name: "x", map: [] }, { kind: "wrongType", expected: "map", path: ["map"] }],
  [
    "a name that is not allowed",
    { name: "x", map: { A: "" } },
    { kind: "invalidKey", path: ["map"], key: "A" },
  ],
])("%s is known by its kind and its place", (_, value, finding) => {
  expect(explain(value)).toEqual([finding]);
});

test("an issue of one's own says itself what is wrong", () => {
  const own = z.unknown().superRefine((_, { addIssue }) => {
    addIssue({ code: "custom", path: ["plans", "A"], message: "has a wrong name", params: invalidKey });
    addIssue({ code: "custom", message: "must be a list", params: wrongType("list") });
    addIssue("must be something else");
  });
  expect(explain("x", own)).toEqual([
    { kind: "invalidKey", path: ["plans"], key: "A" },
    { kind: "wrongType", expected: "list", path: [] },
    { kind: "invalidValue", path: [] },
  ]);
});
