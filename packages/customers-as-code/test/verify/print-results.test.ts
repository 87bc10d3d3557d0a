import { renderResults, resultsAsJson } from "../../src/verify/print-results";
import { exitCodeOf, type Result } from "../../src/verify/run-claims";

const result = (changes: Partial<Result>): Result => ({
  ...{ theme: "Paths", id: "double-slash", claim: "No way around.", page: "docs/explanation/authorizer.md" },
  ...{ guardsCustomers: true, verdict: "holds", expected: "403", seen: "403" },
  ...changes,
});
const accepted = result({ id: "token-accepted", guardsCustomers: false });

test.each<[string, Partial<Result>[], number]>([
  ["everything holds", [{}], 0],
  ["a guard of customers fails", [{ verdict: "fails" }, { verdict: "unclear" }], 1],
  ["a guard of customers is unclear", [{ verdict: "unclear" }], 2],
  ["something else fails", [{ verdict: "fails", guardsCustomers: false }], 0],
  ["a guard is not tried", [{ verdict: "not tried" }], 0],
  ["nobody is accepted, so that refusals prove nothing", [{ ...accepted, verdict: "fails" }], 2],
])("the exit code if %s", (_, changes, code) => {
  const first = changes.some(({ id }) => id === "token-accepted") ? [] : [accepted];
  expect(exitCodeOf([...first, ...changes.map(result)])).toBe(code);
});

const tried = { stack: "dev", url: "https://api.example/v1", customer: "canary/default" };

test("each claim has its verdict, what was expected and seen, and its page", () => {
  const results = [
    accepted,
    result({ verdict: "fails", seen: "200" }),
    result({ theme: "Suspension", id: "delay", verdict: "not tried", reason: "it would change the stack" }),
  ];
  expect(renderResults(tried, results)).toBe(`Stack dev at https://api.example/v1, as canary/default

Paths
  holds      token-accepted  No way around.
             expected: 403
             seen:     403
             docs/explanation/authorizer.md
  FAILS      double-slash    No way around.
             expected: 403
             seen:     200
             docs/explanation/authorizer.md, which guards customers

Suspension
  not tried  delay           No way around.
             it would change the stack
             docs/explanation/authorizer.md

3 claims: 1 holds, 1 fails, 1 not tried
A claim that guards customers fails: read its page before customers use the stack.`);
});

test("the JSON has the same, and the exit code", () => {
  expect(resultsAsJson(tried, [accepted])).toEqual({ ...tried, exitCode: 0, results: [accepted] });
});
