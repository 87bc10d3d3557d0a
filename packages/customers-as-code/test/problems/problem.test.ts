import * as pulumi from "@pulumi/pulumi";
import { failOnProblems, refuseDeployment } from "../../src/problems/fail";
import { formatProblems, type Problem, problemsAsJson } from "../../src/problems/problem";
import { parseSource } from "../../src/problems/source";
import { suggestCandidates } from "../../src/problems/suggestion";

test("problems are listed by file and place, and counted", () => {
  const problems: Problem[] = [
    { file: "b.yaml", code: "yaml-invalid", line: 1, column: 2, message: "third" },
    { file: "a.yaml", code: "yaml-invalid", line: 10, column: 1, message: "second" },
    { file: "a.yaml", code: "yaml-invalid", line: 9, column: 5, message: "first" },
    { file: "c", code: "yaml-invalid", message: "no place" },
  ];
  expect(formatProblems(problems, 41)).toBe(
    "a.yaml:9:5  first\na.yaml:10:1  second\nb.yaml:1:2  third\nc  no place\n4 problems in 3 of 41 files. docs/reference/problems.md explains yaml-invalid",
  );
  expect(formatProblems(problems.slice(0, 1), 1)).toMatch(
    /1 problem in 1 of 1 file\. docs\/reference\/problems\.md explains yaml-invalid$/,
  );
});

test("as JSON, problems have the same order, and neither a path nor a place that they don't have", () => {
  const problems: Problem[] = [
    { file: "b", code: "file-too-large", message: "no place" },
    { file: "a.yaml", code: "yaml-tag", line: 10, column: 1, message: "second", path: ["list"] },
    { file: "a.yaml", code: "yaml-invalid", line: 9, column: 5, message: "first" },
  ];
  expect(JSON.stringify(problemsAsJson(problems))).toBe(
    JSON.stringify([
      {
        ...{ code: "yaml-invalid", file: "a.yaml", line: 9, column: 5, message: "first" },
        remedy: "Correct the syntax at the place that is shown.",
      },
      {
        ...{ code: "yaml-tag", file: "a.yaml", line: 10, column: 1, message: "second" },
        remedy: "Remove the tag.",
      },
      {
        ...{ code: "file-too-large", file: "b", message: "no place" },
        remedy: "Make it smaller, or split it.",
      },
    ]),
  );
});

test.each([
  ["files", (problems: Problem[]) => failOnProblems({ problems, files: 1 })],
  ["a deployment", refuseDeployment],
])("an error that refuses %s has the problems, and Pulumi prints it without a stack trace", (_, refuse) => {
  const problem: Problem = { file: "a.yaml", code: "yaml-invalid", line: 9, column: 5, message: "first" };
  expect(() => refuse([])).not.toThrow();
  let thrown: unknown;
  try {
    refuse([problem]);
  } catch (error) {
    thrown = error;
  }
  // The engine recognizes the class by this.
  expect(pulumi.RunError.isInstance(thrown)).toBe(true);
  expect(thrown).toMatchObject({
    problems: [problem],
    message: expect.stringMatching(/^a\.yaml:9:5 {2}first/),
  });
});

describe("a source", () => {
  const source = parseSource("a.yaml", "# comment\nlist:\n  - name: x\n  - name: y\n");

  it("knows the place of every value and key", () => {
    expect(source.at(["list", 1, "name"])).toEqual({ file: "a.yaml", line: 4, column: 11 });
    expect(source.atKey(["list", 1], "name")).toEqual({ file: "a.yaml", line: 4, column: 5 });
    expect(source.atKey([], "list")).toEqual({ file: "a.yaml", line: 2, column: 1 });
  });

  it("gives the place of the nearest thing above what is not there", () => {
    expect(source.at(["list", 1, "missing", 3])).toEqual({ file: "a.yaml", line: 4, column: 5 });
    expect(source.at(["missing"])).toEqual({ file: "a.yaml", line: 2, column: 1 });
  });
});

test.each([
  ["stauts", ["status", "clients"], 'Did you mean "status"?'],
  ["colour", ["status", "clients"], 'Known: "status", "clients".'],
  ["x", [], ""],
  [
    "zebra",
    Array.from({ length: 100 }, (_, n) => (n === 50 ? "zone" : `scope:${n}`)),
    'Known: "zone", "scope:0", "scope:1", "scope:2", "scope:3" and 95 more.',
  ],
])("the suggestion for %p of %p is %p", (word, candidates, expected) => {
  expect(suggestCandidates(word, candidates)).toBe(expected);
});
