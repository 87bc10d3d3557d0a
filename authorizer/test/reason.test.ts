// The published reason codes: each can be reached, and leads to its class of answers.
import crypto from "node:crypto";
import type { AuthorizerConfig, Suspended } from "../src/config";
import type { PolicyAnswer } from "../src/handler";
import type { AllowReason, DenyReason, FaultReason, Reason, RefusalReason } from "../src/reason";
import {
  methodArn,
  policyAnswer,
  Running,
  restEvent,
  routes,
  Source,
  settings,
  statuses,
  stopClock,
} from "../testing/fixture";
import { isAllowed } from "../testing/iam";
import { audience, type Changes, issuer, makeKey, now, token } from "../testing/tokens";

stopClock();

/** Complete and no more, by the compiler. */
const allows = { allowed: true, insufficient_scope: true } satisfies Record<AllowReason, true>;
const denies = {
  organization_suspended: true,
  organization_not_listed: true,
  client_suspended: true,
  token_revoked: true,
} satisfies Record<DenyReason, true>;
const refusals = {
  token_missing: true,
  token_too_large: true,
  token_malformed: true,
  header_not_allowed: true,
  algorithm_not_allowed: true,
  type_not_allowed: true,
  issuer_unknown: true,
  key_unknown: true,
  signature_invalid: true,
  audience_mismatch: true,
  token_expired: true,
  token_not_yet_valid: true,
  token_lifetime_too_long: true,
  claim_invalid: true,
  grant_type_not_allowed: true,
} satisfies Record<RefusalReason, true>;
const faults = {
  keys_unavailable: true,
  suspensions_unavailable: true,
  event_unknown: true,
  internal_error: true,
} satisfies Record<FaultReason, true>;
const published = { ...allows, ...denies, ...refusals, ...faults } satisfies Record<Reason, true>;

const key = makeKey("key-1");
const withClaims = (changes: Changes) => restEvent(`Bearer ${token(key, changes)}`);
const withHeader = (changes: Changes) => restEvent(`Bearer ${token(key, {}, changes)}`);
const good = withClaims({ jti: "jti-1" });
const suspending = (lists: Partial<Suspended>): Partial<AuthorizerConfig> => ({
  suspended: { organizations: [], clients: [], tokens: [], ...lists },
});

interface Case {
  event: unknown;
  config?: Partial<AuthorizerConfig>;
  /** Where the keys are fetched, none being deployed. */
  keysFrom?: "/broken";
  isCryptoBroken?: true;
}

const cases: Record<Reason, Case> = {
  allowed: { event: good },
  insufficient_scope: { event: withClaims({ scope: "write:orders" }) },
  organization_suspended: { event: good, config: suspending({ organizations: ["org_Acme1"] }) },
  organization_not_listed: { event: good, config: { organizations: ["org_Globex"] } },
  client_suspended: { event: good, config: suspending({ clients: ["acmeCi"] }) },
  token_revoked: { event: good, config: suspending({ tokens: ["jti-1"] }) },
  token_missing: { event: restEvent("Basic eDp5") },
  token_too_large: { event: restEvent(`Bearer ${"x".repeat(8193)}`) },
  token_malformed: { event: restEvent("Bearer x") },
  header_not_allowed: { event: withHeader({ jku: "https://example.com/" }) },
  algorithm_not_allowed: { event: withHeader({ alg: "none" }) },
  type_not_allowed: { event: withHeader({ typ: "dpop+jwt" }) },
  issuer_unknown: { event: withClaims({ iss: "https://example.com/" }) },
  key_unknown: { event: withHeader({ kid: "key-2" }) },
  signature_invalid: { event: restEvent(`Bearer ${token(makeKey("key-1"))}`) },
  audience_mismatch: { event: withClaims({ aud: "https://example.com/" }) },
  token_expired: { event: withClaims({ exp: now - 10 }) },
  token_not_yet_valid: { event: withClaims({ iat: now + 10 }) },
  token_lifetime_too_long: { event: withClaims({ exp: now + 2_600_000 }) },
  claim_invalid: { event: withClaims({ org_id: "Acme" }) },
  grant_type_not_allowed: { event: withClaims({ gty: "password" }) },
  keys_unavailable: { event: good, keysFrom: "/broken" },
  suspensions_unavailable: {
    event: good,
    config: { liveSuspensions: { kind: "s3", bucket: "broken", key: "" } },
  },
  event_unknown: { event: { Records: [] } },
  internal_error: { event: good, isCryptoBroken: true },
};

/** Of the issuer, and of S3. */
let source: Source;
const { AWS_ENDPOINT_URL_S3 } = process.env;
beforeAll(async () => {
  source = await Source.start(({ url = "" }, response) => {
    if (url.startsWith("/broken")) response.writeHead(503);
    response.end(JSON.stringify({ keys: [key.jwk] }));
  });
  process.env.AWS_ENDPOINT_URL_S3 = source.url;
});
afterAll(() => {
  if (AWS_ENDPOINT_URL_S3 === undefined) delete process.env.AWS_ENDPOINT_URL_S3;
  else process.env.AWS_ENDPOINT_URL_S3 = AWS_ENDPOINT_URL_S3;
  return source.stop();
});

/** The answer, or the error's message; and the reason in the log. */
async function decide(reason: string): Promise<[PolicyAnswer | string, unknown]> {
  const { event, config, keysFrom, isCryptoBroken } =
    Object.entries(cases).find(([name]) => name === reason)?.[1] ?? cases.allowed;
  const jwks = keysFrom ? { keys: [] } : { keys: [key.jwk] };
  const jwksUri = new URL(keysFrom ?? "/keys", source.url).href;
  const running = new Running(settings(key, config), [{ kind: "auth0", issuer, audience, jwks, jwksUri }]);
  const verify = jest.spyOn(crypto, "verify");
  if (isCryptoBroken) {
    verify.mockImplementation(() => {
      throw new Error("out of order");
    });
  }
  const answer = await running.handler(event).then(policyAnswer, (error: Error) => error.message);
  verify.mockRestore();
  return [answer, running.decision.Reason];
}

/** Everything that the API has, and more. */
const requests = [
  ...routes.map(({ method, path }) => `${method} ${path.replace("{id}", "1")}`),
  "GET /",
  "PUT /x/y",
];

it.each(Object.keys(published))("%s can be reached", async (reason) => {
  expect((await decide(reason))[1]).toBe(reason);
});

it.each(Object.keys(allows))("%s leads to the policy of the token's scopes", async (reason) => {
  const [answer] = await decide(reason);
  if (typeof answer === "string") throw new Error(answer);
  const allowed = requests.filter((request) => isAllowed(answer.policyDocument, methodArn(request)));
  const expected =
    reason === "allowed" ? ["GET /orders", "POST /orders", "GET /me"] : ["POST /orders", "GET /me"];
  expect(allowed).toEqual(expected);
  expect(answer.context).toMatchObject({ oauth_error: "insufficient_scope", client_id: "acmeCi" });
});

it.each(Object.keys(denies))("%s leads to a policy that denies all, and says why", async (reason) => {
  const [answer] = await decide(reason);
  if (typeof answer === "string") throw new Error(answer);
  expect(requests.filter((request) => isAllowed(answer.policyDocument, methodArn(request)))).toEqual([]);
  expect(answer.policyDocument.Statement.map(({ Effect }) => Effect)).toEqual(["Deny"]);
  expect(answer.context).toMatchObject({
    oauth_error: "access_denied",
    client_id: "acmeCi",
    org_id: "org_Acme1",
  });
  expect(answer.context?.oauth_error_description).toMatch(/^The .+\.$/);
});

it.each(Object.keys(refusals))("%s leads to the error that API Gateway answers with 401", async (reason) => {
  expect((await decide(reason))[0]).toBe("Unauthorized");
});

it.each(Object.keys(faults))(
  "%s leads to another error, which API Gateway answers with 500",
  async (reason) => {
    expect((await decide(reason))[0]).toBe(reason);
  },
);

it("tells the four denials apart", async () => {
  const answers = await Promise.all(Object.keys(denies).map(decide));
  const texts = answers.map(([answer]) =>
    typeof answer === "string" ? "" : answer.context?.oauth_error_description,
  );
  expect(new Set(texts).size).toBe(4);
});

it("has a status for each reason of its class", () => {
  const classes = [
    ...Object.keys(allows).map((reason) => [reason, reason === "allowed" ? 200 : 403]),
    ...Object.keys(denies).map((reason) => [reason, 403]),
    ...Object.keys(refusals).map((reason) => [reason, 401]),
    ...Object.keys(faults).map((reason) => [reason, 500]),
  ];
  expect(Object.fromEntries(classes)).toEqual(statuses);
});
