// JSON as a token may have it, and as it may not.
import { hasDuplicateKeys, readJson } from "../src/json";

it.each<[string, unknown]>([
  ['{"a":[1]}', { a: [1] }],
  ["null", null],
  ["{", undefined],
  ["", undefined],
])("is read, or nothing: %s", (text, value) => {
  expect(readJson(text)).toEqual(value);
});

it.each([
  '{"a":1,"a":2}',
  '{"a" : 1, "a"\t:\n2}',
  '{"":1,"":2}',
  '{"x":{"a":1,"a":2}}',
  '[[],{"a":{}},{"a":1,"b":[{"c":"a"}],"a":2}]',
  '{"a":{"b":1},"c":[1,{"b":1}],"a":2}',
  // The same name, written otherwise.
  '{"a":1,"\\u0061":2}',
  '{"\\u0061":1,"a":2}',
  '{"a\\"b":1,"a\\"b":2}',
  '{"a\\\\":1,"a\\\\":2}',
  '{"a\\\\\\"":1,"a\\\\\\"":2}',
  '{"\\"\\"\\"x":1,"\\"\\"\\"x":2}',
  // In values, nothing is a name.
  '{"a":"\\"b\\":","a":2}',
  '{"a":"{[","a":2}',
  '{"a":"}","a":2}',
])("has a name twice: %s", (json) => {
  JSON.parse(json);
  expect(hasDuplicateKeys(json)).toBe(true);
});

it.each([
  "{}",
  "[]",
  '"a"',
  "5",
  '["a","a"]',
  '{"a":"a","b":"a"}',
  '{"a":{"a":{"a":1}}}',
  '[{"a":1},{"a":1}]',
  '{"a":[{"a":1},{"a":1}],"b":{"a":1}}',
  '{"a":"\\"a\\":","b":"a"}',
  '{"a\\\\":"a","a":1}',
  '{"a":"x\\"","b":"\\\\","c":"a"}',
  '{"b":["c","c"],"c":["b"]}',
  '{"a":1,"A":2,"a ":3}',
])("has no name twice: %s", (json) => {
  JSON.parse(json);
  expect(hasDuplicateKeys(json)).toBe(false);
});
