// What only AWS itself can answer. This program has no client of AWS, so each says how a person finds out.
import type { Claim } from "../claim";

const noAwsClient = "this program has no client of AWS.";

export const roleClaims: readonly Claim[] = [
  {
    id: "least-privilege",
    claim: "The roles have no rights beyond those that the program declares.",
    ...{ page: "SECURITY.md", guardsCustomers: true },
    plan: () => ({
      notTried: `${noAwsClient} Compare the stack's roles: pulumi preview --refresh, then aws iam list-attached-role-policies --role-name ROLE`,
    }),
  },
  {
    id: "default-endpoint",
    claim: "With customDomain, nobody reaches the API at its own endpoint.",
    ...{ page: "docs/gateway.md#to-try-once-on-aws", guardsCustomers: true },
    plan: ({ hasCustomDomain }) => ({
      notTried: hasCustomDomain
        ? "the stack's outputs have no id of the API. Call https://ID.execute-api.REGION.amazonaws.com: it must answer 403 or 404"
        : "the stack has no customDomain",
    }),
  },
];
