// What must not compile. `tsc` is the test: it complains of an expected error that is none.
import type { AuthorizerConfig, IssuerConfig, LiveSuspensions, Route, Suspended } from "../src/config";
import type { AnswerContext, PolicyAnswer } from "../src/handler";
import type { DecisionFacts } from "../src/log";
import { type DenyReason, Fault, type Reason, Refusal } from "../src/reason";

const issuer = { kind: "auth0", issuer: "https://example.eu.auth0.com/", audience: "urn:orders" } as const;
const suspended = { organizations: ["org_Acme1"], clients: [], tokens: [] };

/** What is changed below compiles unchanged. */
const config = {
  name: "orders",
  issuers: [issuer],
  routes: [],
  organizations: "any",
  suspended,
} satisfies AuthorizerConfig;

export const rejected = {
  reasons: [
    // @ts-expect-error: misspelt
    "token_exprired" satisfies Reason,
    // @ts-expect-error: a code is no free text
    String("token_expired") satisfies Reason,
    // @ts-expect-error: a refusal is no denial
    "token_expired" satisfies DenyReason,
    // @ts-expect-error: our fault is no refusal of the token
    new Refusal("keys_unavailable", ""),
    // @ts-expect-error: a bad token is not our fault
    new Fault("signature_invalid", ""),
    // @ts-expect-error: not every reason has an entry
    { allowed: true } satisfies Record<Reason, true>,
  ],
  issuers: [
    // @ts-expect-error: without audience, every token of the issuer would do
    { kind: "auth0", issuer: "https://example.eu.auth0.com/" } satisfies IssuerConfig,
    // @ts-expect-error: one audience
    { ...issuer, audience: ["urn:orders"] } satisfies IssuerConfig,
    // @ts-expect-error: it must name the requirements that hold
    { issuer: issuer.issuer, audience: issuer.audience } satisfies IssuerConfig,
    // @ts-expect-error: misspelt, keys would be looked for elsewhere
    { ...issuer, jwksUrl: "https://example.com/" } satisfies IssuerConfig,
  ],
  suspended: [
    // @ts-expect-error: ids are texts
    { ...suspended, organizations: [1, 2] } satisfies Suspended,
    // @ts-expect-error: misspelt, nobody would be suspended
    { ...suspended, organisations: ["org_Acme1"] } satisfies Suspended,
    // @ts-expect-error: a list left out may have been forgotten
    { organizations: ["org_Acme1"] } satisfies Suspended,
    // @ts-expect-error: a parameter has no bucket
    { kind: "ssm", bucket: "suspended" } satisfies LiveSuspensions,
    // @ts-expect-error: seconds are numbers
    { kind: "ssm", name: "suspended", refreshSeconds: "30" } satisfies LiveSuspensions,
  ],
  configs: [
    // @ts-expect-error: unknown kind of answer
    { ...config, answers: "jwt" } satisfies AuthorizerConfig,
    // @ts-expect-error: one organization is a list of one, for it could be named "any"
    { ...config, organizations: "org_Acme1" } satisfies AuthorizerConfig,
    // @ts-expect-error: it must name who is suspended
    { ...config, suspended: undefined } satisfies AuthorizerConfig,
    // @ts-expect-error: it must name the organization of a key
    { ...config, usageKeys: { own: ["key"] } } satisfies AuthorizerConfig,
    // @ts-expect-error: misspelt, the default would count
    { ...config, clockTolerance: 0 } satisfies AuthorizerConfig,
    // @ts-expect-error: scopes are alternatives of sets
    { method: "GET", path: "/orders", scopes: ["read:orders"] } satisfies Route,
  ],
  answers: [
    // @ts-expect-error: API Gateway takes no list in the context
    (context: AnswerContext): AnswerContext => ({ ...context, scopes: ["read:orders"] }),
    // @ts-expect-error: a policy has its principal
    (answer: PolicyAnswer): PolicyAnswer => ({ policyDocument: answer.policyDocument }),
    // @ts-expect-error: the log takes no token
    (facts: DecisionFacts): DecisionFacts => ({ ...facts, token: "a.b.c" }),
  ],
};
