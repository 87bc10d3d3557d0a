// Tokens that Auth0 issues to a customer's client, with and without `organization`, and those that it must not issue.
import type { Answer, Claim, Judgement, StackUnderTest } from "../claim";
import { readClaims } from "../forge-token";
import { printAnswer, readAccessToken, saysNothing } from "../judge";

const page = "docs/explanation/architecture.md#the-way-of-one-token";

export const tokenClaims: readonly Claim[] = [
  {
    id: "token-default-organization",
    claim: "A token request without an organization gets a token for the customer's own.",
    ...{ page, guardsCustomers: true },
    plan: (stack) => ({
      expected: "200, org_id of the customer, sub of the client, gty client-credentials",
      questions: [{ to: "tenant", form: credentialsOf(stack) }],
      judge: ([answer]) => judgeToken(answer, stack),
    }),
  },
  {
    id: "token-named-organization",
    claim: "A token request that names the customer's organization gets the same token.",
    ...{ page, guardsCustomers: false },
    plan: (stack) => ({
      expected: "200, org_id of the customer, sub of the client, gty client-credentials",
      questions: [
        {
          to: "tenant",
          form: { ...credentialsOf(stack), organization: stack.customer.organizationId },
        },
      ],
      judge: ([answer]) => judgeToken(answer, stack),
    }),
  },
  {
    id: "token-lifetime",
    claim: "A token is valid for the setting tokenLifetime.",
    ...{ page: "docs/reference/settings.md", guardsCustomers: false },
    plan: (stack) => ({
      expected: `${stack.tokenLifetime} seconds`,
      questions: [{ to: "tenant", form: credentialsOf(stack) }],
      judge([answer]) {
        const { exp, iat } = readClaims(readAccessToken(answer) ?? "");
        if (typeof exp !== "number" || typeof iat !== "number") return noToken(answer);
        return {
          verdict: exp - iat === stack.tokenLifetime ? "holds" : "fails",
          seen: `${exp - iat} seconds`,
        };
      },
    }),
  },
  {
    id: "token-foreign-organization",
    claim: "The customer's client gets no token for another customer's organization.",
    ...{ page, guardsCustomers: true },
    plan(stack) {
      const { foreignOrganizationId: organization } = stack;
      if (organization === undefined) return { notTried: "the stack has no other customer" };
      return attemptRefusal({ ...credentialsOf(stack), organization });
    },
  },
  {
    id: "token-management-api",
    claim: "The customer's client gets no token for the Management API.",
    ...{ page: "SECURITY.md", guardsCustomers: true },
    plan: (stack) => attemptRefusal({ ...credentialsOf(stack), audience: `https://${stack.domain}/api/v2/` }),
  },
  {
    id: "token-wrong-secret",
    claim: "A wrong secret gets no token.",
    ...{ page: "docs/how-to/delivery.md", guardsCustomers: true },
    plan: (stack) =>
      attemptRefusal({ ...credentialsOf(stack), client_secret: `${stack.marker}-is-no-secret` }),
  },
];

function credentialsOf({ customer }: StackUnderTest): Record<string, string> {
  const { clientId, clientSecret, audience } = customer;
  return {
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    audience,
  };
}

/** Auth0 refuses with 400, 401 or 403, depending on the reason. */
function attemptRefusal(form: Record<string, string>) {
  return {
    expected: "400, 401 or 403, and no token",
    questions: [{ to: "tenant" as const, form }],
    judge: ([answer]: readonly Answer[]): Judgement => {
      if (answer && [400, 401, 403].includes(answer.status))
        return { verdict: "holds", seen: printAnswer(answer) };
      const isToken = readAccessToken(answer) !== undefined;
      if (isToken) return { verdict: "fails", seen: `${answer?.status}, and a token` };
      return noToken(answer);
    },
  };
}

function judgeToken(answer: Answer | undefined, { customer }: StackUnderTest): Judgement {
  const token = readAccessToken(answer);
  if (token === undefined) return noToken(answer);
  const claims = readClaims(token);
  const expected: Record<string, unknown> = {
    org_id: customer.organizationId,
    sub: `${customer.clientId}@clients`,
    gty: "client-credentials",
  };
  // Tokens of the RFC 9068 profile have no `gty`.
  if (claims.gty === undefined && claims.client_id !== undefined) delete expected.gty;
  const wrong = Object.keys(expected).filter((name) => claims[name] !== expected[name]);
  if (wrong.length === 0) return { verdict: "holds", seen: "as expected" };
  return {
    verdict: "fails",
    seen: `a token whose ${wrong.join(", ")} ${wrong.length > 1 ? "differ" : "differs"}`,
  };
}

function noToken(answer: Answer | undefined): Judgement {
  const seen = answer ? printAnswer(answer) : "no answer";
  return { verdict: !answer || saysNothing(answer) ? "unclear" : "fails", seen: `${seen}, and no token` };
}
