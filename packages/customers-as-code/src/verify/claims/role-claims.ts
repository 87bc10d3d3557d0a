// What AWS lets others do beside the API.
import { isDeepStrictEqual } from "node:util";
import { asRecord } from "../../problems/record";
import { pluralize } from "../../problems/words";
import type { DeclaredRole } from "../aws-resources";
import { chooseAllowed } from "../choose-operations";
import type { Claim } from "../claim";
import { awsNotAsked, endpointOff, judgeRefusals, noOperation, printRefusal } from "../judge";

export const roleClaims: readonly Claim[] = [
  {
    id: "least-privilege",
    claim: "The roles have no rights beyond those that the program declares.",
    ...{ page: "SECURITY.md", guardsCustomers: true },
    plan({ given: { aws } }) {
      if (!aws) return awsNotAsked;
      const { roles } = aws;
      if (roles.length === 0) return { notTried: "the stack's state has no role" };
      const plans = roles.map(planRole);
      return {
        expected: `the policies of the program on ${pluralize(roles.length, "role")}, and no other`,
        questions: plans.flatMap(({ commands }) => commands.map((args) => ({ to: "aws" as const, args }))),
        judge(answers) {
          let at = 0;
          const found = plans.flatMap(({ commands, compare }) => {
            const own = answers.slice(at, at + commands.length);
            at += commands.length;
            return compare(own.map(({ body }) => asRecord(JSON.parse(body.toString()))));
          });
          return found.length === 0
            ? { verdict: "holds", seen: "as expected" }
            : { verdict: "fails", seen: found.join("; ") };
        },
      };
    },
  },
  {
    id: "default-endpoint",
    claim: "With customDomain, nobody reaches the API at its own endpoint.",
    ...{ page: "docs/reference/gateway.md#to-try-once-on-aws", guardsCustomers: true },
    plan(stack) {
      if (!stack.hasCustomDomain) return { notTried: "the stack has no customDomain" };
      if (stack.keepsDefaultEndpoint)
        return { notTried: "customDomain has defaultEndpoint: true, which keeps the endpoint open" };
      const { defaultEndpoint } = stack.given;
      if (defaultEndpoint === undefined)
        return {
          notTried:
            "the stack's outputs have no id of the API: --default-endpoint https://ID.execute-api.REGION.amazonaws.com",
        };
      const operation = chooseAllowed(stack);
      if (!operation) return noOperation(stack, "that allows");
      const refusal = endpointOff[stack.kind];
      const stage = stack.stageName === "$default" ? "" : `/${stack.stageName}`;
      return {
        expected: printRefusal(refusal),
        // By a good token: without one, an endpoint that is open refuses as well.
        questions: [
          {
            ...{ to: "gateway", ...operation },
            ...{ token: { of: "customer" }, baseUrl: defaultEndpoint + stage },
          },
        ],
        judge: (answers) => judgeRefusals(answers, [refusal]),
      };
    },
  },
];

/** Commands that read a role, and what their answers have beyond the program, or otherwise. */
function planRole({ name, inline, attached }: DeclaredRole) {
  const ofRole = ["--role-name", name];
  const declared = Object.entries(inline);
  return {
    commands: [
      ["iam", "list-role-policies", ...ofRole],
      ["iam", "list-attached-role-policies", ...ofRole],
      ...declared.map(([policy]) => ["iam", "get-role-policy", ...ofRole, "--policy-name", policy]),
    ],
    compare(answers: readonly Record<string, unknown>[]): string[] {
      const [names = {}, arns = {}, ...documents] = answers;
      const others = [
        ...listOf(names.PolicyNames).filter((policy) => !Object.hasOwn(inline, String(policy))),
        ...listOf(arns.AttachedPolicies)
          .map((policy) => asRecord(policy).PolicyArn)
          .filter((arn) => !attached.includes(String(arn))),
      ].map((policy) => `role ${name} also has policy ${policy}`);
      const changed = declared
        .filter(([, document], at) => !isDeepStrictEqual(documents[at]?.PolicyDocument, document))
        .map(([policy]) => `policy ${policy} of role ${name} differs`);
      return [...others, ...changed];
    },
  };
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
