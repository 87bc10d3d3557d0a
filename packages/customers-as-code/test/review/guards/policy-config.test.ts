// The policy pack's settings of a stack: what the CLI would pass over is refused.
import { readFileSync } from "node:fs";
import { formatProblem } from "../../../src/problems/problem";
import { parsePolicyConfig } from "../../../src/review/guards/policy-config";

const problemsOf = (text: string) => parsePolicyConfig("policy/dev.json", text).map(formatProblem);

test("the example's settings are right, and so are all that the pack takes", () => {
  expect(problemsOf(readFileSync("policy/dev.json", "utf8"))).toEqual([]);
  expect(
    problemsOf(
      '{"all": "mandatory", "granted-scopes": {"enforcementLevel": "advisory"}, "public-routes": {}}',
    ),
  ).toEqual([]);
});

test.each([
  [
    '{"protected-customer": "disabled"}',
    '1:2  "protected-customer" is not a policy. Did you mean "protected-customers"?',
  ],
  [
    '{"granted-scopes": "off"}',
    '1:20  granted-scopes: must be an enforcement level. Known: "advisory", "mandatory", "remediate", "disabled".',
  ],
  [
    '{"granted-scopes": {"level": "advisory"}}',
    /^.*1:21 {2}granted-scopes: "level" is not a setting of the policy\./,
  ],
  [
    '{"granted-scopes": {"enforcementLevel": true}}',
    /1:41 {2}granted-scopes\.enforcementLevel: must be an enforcement level\./,
  ],
  [
    '{"public-routes": {"alowed": []}}',
    '1:20  public-routes: "alowed" is not a setting of the policy. Did you mean "allowed"?',
  ],
  [
    '{"public-routes": {"allowed": "GET /health"}}',
    '1:31  public-routes.allowed: must be a list such as ["GET /health"].',
  ],
  ['{"public-routes": {}, "public-routes": {}}', /1:23 {2}is not valid YAML: Map keys must be unique/],
  ["public-routes: disabled", "1:1  is not a JSON object. Write the policies by name, as in {}."],
  ["[]", "1:1  is not a JSON object. Write the policies by name, as in {}."],
  ['{"all": "disabled"', /is not valid YAML/],
])("%j is refused", (text, problem) => {
  const problems = problemsOf(text).join("\n");
  if (problem instanceof RegExp) expect(problems).toMatch(problem);
  else expect(problems).toBe(`policy/dev.json:${problem}`);
});
