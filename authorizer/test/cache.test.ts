// What the authorizer remembers of tokens that it verified, and for how long.
import crypto from "node:crypto";
import { inspect } from "node:util";
import { compileConfig } from "../build/compile";
import { Authorizer, type Verdict } from "../src/authorizer";
import type { AuthorizerConfig, Jwk, Suspended } from "../src/config";
import type { PolicyDocument } from "../src/policy";
import { pass, Running, Source, settings, stageArn, stopClock } from "../testing/fixture";
import { audience, type Changes, issuer, makeKey, now, token } from "../testing/tokens";

stopClock();

const key = makeKey("key-1");
const otherKey = makeKey("key-2");
const good = token(key);
const allowed = [200, "allowed"];

/** Called once for each signature. */
let verify: jest.SpiedFunction<typeof crypto.verify>;
beforeEach(() => {
  verify = jest.spyOn(crypto, "verify");
});
afterEach(() => verify.mockRestore());
const verifications = () => verify.mock.calls.length;

const start = (changes?: Partial<AuthorizerConfig>) => new Running(settings(key, changes));

describe("a good token", () => {
  it("is verified once, whatever requests bring it", async () => {
    const running = start();
    expect(await running.ask(good)).toEqual(allowed);
    expect(await running.ask(good)).toEqual(allowed);
    expect(await running.ask(good, "GET /me")).toEqual(allowed);
    expect(await running.ask(good, "DELETE /orders/1")).toEqual([403, "insufficient_scope"]);
    expect(verifications()).toBe(1);
  });

  it("lends nothing to another token with the same claims", async () => {
    const running = start();
    await running.ask(good);
    const [input = "", signature = ""] = [good.slice(0, good.lastIndexOf(".")), good.split(".")[2]];
    const spoilt = `${input}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
    expect(await running.ask(spoilt)).toEqual([401, "signature_invalid"]);
    expect(await running.ask(token(key, {}, { typ: "at+jwt" }))).toEqual(allowed);
    expect(verifications()).toBe(3);
  });

  it("is not known to another function", async () => {
    await start().ask(good);
    const jwks = { keys: [{ ...otherKey.jwk, kid: key.jwk.kid }] };
    const partner = start({ issuers: [{ kind: "auth0", issuer, audience, jwks }] });
    expect(await partner.ask(good)).toEqual([401, "signature_invalid"]);
  });

  it("is remembered among 1,000, of which the oldest makes room for the next", async () => {
    const running = start();
    const tokens = Array.from({ length: 1_001 }, (_, jti) => token(key, { jti: String(jti) }));
    for (const each of tokens) await running.ask(each);
    expect(verifications()).toBe(1_001);
    const [first = "", second = ""] = tokens;
    for (const each of [second, ...tokens.slice(-10)]) expect(await running.ask(each)).toEqual(allowed);
    expect(verifications()).toBe(1_001);
    // Pushed out by the last, it pushes out the second.
    expect(await running.ask(first)).toEqual(allowed);
    expect(verifications()).toBe(1_002);
    expect(await running.ask(second)).toEqual(allowed);
    expect(verifications()).toBe(1_003);
  });
});

describe("a refused token", () => {
  it.each<[string, Changes]>([
    ["token_expired", { exp: now - 10 }],
    ["grant_type_not_allowed", { gty: "password" }],
    ["claim_invalid", { org_id: undefined }],
    ["audience_mismatch", { aud: "https://other.example.com/" }],
  ])("is not remembered: %s", async (reason, changes) => {
    const running = start();
    const bad = token(key, changes);
    for (const _ of [1, 2, 3]) expect(await running.ask(bad)).toEqual([401, reason]);
    expect(verifications()).toBe(3);
  });

  it("may become good: one of the future, when its time has come", async () => {
    const running = start();
    const early = token(key, { iat: now + 60 });
    expect(await running.ask(early)).toEqual([401, "token_not_yet_valid"]);
    pass(55);
    expect(await running.ask(early)).toEqual(allowed);
  });
});

describe("a remembered token expires", () => {
  it.each([
    [undefined, 5],
    [0, 0],
    [60, 60],
  ])("with a clock tolerance of %s seconds, %d after exp", async (clockToleranceSeconds, tolerance) => {
    const running = start({ clockToleranceSeconds });
    const short = token(key, { exp: now + 100 });
    expect(await running.ask(short)).toEqual(allowed);
    pass(100 + tolerance - 0.001);
    expect(await running.ask(short)).toEqual(allowed);
    expect(verifications()).toBe(1);
    pass(0.001);
    expect(await running.ask(short)).toEqual([401, "token_expired"]);
    expect(await running.ask(short)).toEqual([401, "token_expired"]);
  });
});

/** Each way to deny the good token's bearer. */
const suspensions: [keyof Suspended, string, string][] = [
  ["organizations", "org_Acme1", "organization_suspended"],
  ["clients", "acmeCi", "client_suspended"],
  ["tokens", "jti-1", "token_revoked"],
];
const withJti = token(key, { jti: "jti-1" });

describe("a token whose bearer is on the deployed list", () => {
  it.each(suspensions)("is denied from memory as at first: %s", async (list, id, reason) => {
    const suspended = { organizations: [], clients: [], tokens: [], [list]: [id] };
    const running = start({ suspended });
    expect(await running.ask(withJti)).toEqual([403, reason]);
    expect(await running.ask(withJti)).toEqual([403, reason]);
    expect(verifications()).toBe(1);
  });
});

describe("a remembered token whose bearer comes onto the live list", () => {
  let list: Partial<Suspended>;
  let source: Source;
  const { AWS_ENDPOINT_URL_SSM } = process.env;

  beforeAll(async () => {
    source = await Source.start((_, response) =>
      response.end(JSON.stringify({ Parameter: { Value: JSON.stringify(list) } })),
    );
    process.env.AWS_ENDPOINT_URL_SSM = source.url;
  });
  afterAll(() => {
    if (AWS_ENDPOINT_URL_SSM === undefined) delete process.env.AWS_ENDPOINT_URL_SSM;
    else process.env.AWS_ENDPOINT_URL_SSM = AWS_ENDPOINT_URL_SSM;
    return source.stop();
  });

  it.each(suspensions)(
    "is denied once the list is read again, and good when off it: %s",
    async (name, id, reason) => {
      list = {};
      const running = start({ liveSuspensions: { kind: "ssm", name: "suspended" } });
      expect(await running.ask(withJti)).toEqual(allowed);
      list = { [name]: [id] };
      pass(60);
      expect(await running.ask(withJti)).toEqual([403, reason]);
      list = {};
      pass(60);
      expect(await running.ask(withJti)).toEqual(allowed);
      expect(verifications()).toBe(1);
    },
  );

  it("can be denied with the token_id of the log, if it has no jti", async () => {
    list = {};
    const running = start({ liveSuspensions: { kind: "ssm", name: "suspended" } });
    expect(await running.ask(good)).toEqual(allowed);
    list = { tokens: [String(running.decision.token_id)] };
    pass(60);
    expect(await running.ask(good)).toEqual([403, "token_revoked"]);
  });
});

describe("a remembered token and its issuer's keys", () => {
  let keys: Jwk[];
  let source: Source;
  beforeAll(async () => {
    source = await Source.start((_, response) => response.end(JSON.stringify({ keys })));
  });
  afterAll(() => source.stop());

  /** @param atDeployment the keys that need no fetch */
  const startWith = (...atDeployment: Jwk[]) => {
    keys = atDeployment;
    const jwks = { keys: atDeployment };
    return new Running(settings(key), [{ kind: "auth0", issuer, audience, jwks, jwksUri: source.url }]);
  };
  /** So old that a request waits for newer ones. */
  const waitSeconds = 900;

  it("is recalled while the keys are the same, however often they are fetched", async () => {
    const running = startWith(key.jwk, otherKey.jwk);
    expect(await running.ask(good)).toEqual(allowed);
    const before = source.requests.length;
    keys = [{ ...otherKey.jwk }, { ...key.jwk }];
    for (const _ of [1, 2, 3]) {
      pass(waitSeconds);
      expect(await running.ask(good)).toEqual(allowed);
    }
    expect(source.requests.length - before).toBe(3);
    expect(verifications()).toBe(1);
  });

  it("is refused once its key is gone", async () => {
    const running = startWith(key.jwk, otherKey.jwk);
    expect(await running.ask(good)).toEqual(allowed);
    keys = [otherKey.jwk];
    pass(waitSeconds);
    expect(await running.ask(good)).toEqual([401, "key_unknown"]);
    expect(await running.ask(token(otherKey))).toEqual(allowed);
  });

  it("is refused once a fetch in the background finds its key gone", async () => {
    const running = startWith(key.jwk, otherKey.jwk);
    await running.ask(good);
    keys = [otherKey.jwk];
    pass(300);
    expect(await running.ask(good)).toEqual(allowed);
    await running.askUntil(({ Reason }) => Reason !== "allowed", good);
    expect(running.decision.Reason).toBe("key_unknown");
  });

  it("is refused once another key has its key's id", async () => {
    const lasting = { ...otherKey.jwk, kid: "lasting" };
    const running = startWith(key.jwk, lasting);
    await running.ask(good);
    keys = [{ ...otherKey.jwk, kid: key.jwk.kid }, lasting];
    pass(waitSeconds);
    expect(await running.ask(good)).toEqual([401, "signature_invalid"]);
  });

  it("is verified again when any key of the issuer changes", async () => {
    const running = startWith(key.jwk);
    await running.ask(good);
    keys = [key.jwk, otherKey.jwk];
    pass(waitSeconds);
    expect(await running.ask(good)).toEqual(allowed);
    expect(await running.ask(good)).toEqual(allowed);
    expect(verifications()).toBe(2);
  });

  it("says nothing when the keys are too old to be trusted", async () => {
    const running = startWith(key.jwk);
    const long = token(key, { exp: now + 200_000 });
    expect(await running.ask(long)).toEqual(allowed);
    keys = [];
    pass(86_400);
    expect(await running.ask(long)).toEqual([500, "keys_unavailable"]);
    expect(verifications()).toBe(1);
  });
});

describe("the Authorizer's memory", () => {
  const create = () => new Authorizer(compileConfig(settings(key)), () => {});
  /** All that hangs on it. */
  const look = (authorizer: Authorizer) =>
    inspect(authorizer, {
      depth: Number.POSITIVE_INFINITY,
      showHidden: true,
      maxArrayLength: Number.POSITIVE_INFINITY,
      maxStringLength: Number.POSITIVE_INFINITY,
    });

  it("holds no token and no signature, in whatever form", async () => {
    const authorizer = create();
    const opaque = { jti: "jti-that-stays-out-of-the-policy" };
    const tokens = [good, token(key, opaque)];
    for (const each of tokens) authorizer.policy(await authorizer.decide(each), stageArn);
    expect(() => authorizer.decide(`${good}x`)).toThrow("canonical");
    const memory = look(authorizer);
    // The look goes deep enough to see the callers, and what the policies are kept by.
    expect(memory).toContain("clientId: 'acmeCi'");
    expect(memory).toContain(opaque.jti);
    for (const key of [stageArn, "read:orders write:orders"]) expect(memory).toContain(`'${key}' => `);
    for (const part of tokens.flatMap((each) => [each, ...each.split(".")]))
      expect(memory).not.toContain(part);
  });

  it("lets go of an expired token when it comes again", async () => {
    const authorizer = create();
    const short = token(key, { jti: "jti-1", exp: now - 1 });
    await authorizer.decide(short);
    expect(look(authorizer)).toContain("jti-1");
    pass(4);
    expect(() => authorizer.decide(short)).toThrow("the token has expired");
    expect(look(authorizer)).not.toContain("jti-1");
  });

  it("keeps a policy for each stage and set of scopes", async () => {
    const authorizer = create();
    const verdict = await authorizer.decide(good);
    const policy = authorizer.policy(verdict, stageArn);
    expect(
      authorizer.policy(await authorizer.decide(token(key, { sub: "b@clients", azp: "b" })), stageArn),
    ).toBe(policy);
    expect(authorizer.policy(verdict, `${stageArn}2`)).not.toEqual(policy);
    const lesser = await authorizer.decide(token(key, { scope: "read:orders" }));
    expect(authorizer.policy(lesser, stageArn)).not.toEqual(policy);
  });

  it("keeps no more than 256 policies of a stage, of which the oldest makes room for the next", async () => {
    const authorizer = create();
    const verdicts = await Promise.all(
      Array.from({ length: 257 }, (_, index) => authorizer.decide(token(key, { scope: `scope:${index}` }))),
    );
    expectToKeep(256, (index) => authorizer.policy(verdicts[index] as Verdict, stageArn));
  });

  it("keeps the policies of no more than 4 stages", async () => {
    const authorizer = create();
    const verdict = await authorizer.decide(good);
    const policyOf = (index: number) => authorizer.policy(verdict, `${stageArn}${index}`);
    expectToKeep(4, policyOf);
    const oldest = policyOf(2);
    authorizer.policy(await authorizer.decide(token(key, { scope: "read:orders" })), `${stageArn}0`);
    expect(policyOf(2)).toBe(oldest);
  });

  /** Policies of so many, and not of one more. */
  function expectToKeep(count: number, policyOf: (index: number) => PolicyDocument): void {
    const policies = Array.from({ length: count }, (_, index) => policyOf(index));
    expect(policyOf(0)).toBe(policies[0]);
    policyOf(count);
    expect(policyOf(1)).toBe(policies[1]);
    expect(policyOf(0)).not.toBe(policies[0]);
    expect(policyOf(0)).toEqual(policies[0]);
  }

  it("never keeps a denial: the bearer of the same scopes is not denied with another", async () => {
    const suspended = { organizations: ["org_Bad"], clients: [], tokens: [] };
    const authorizer = new Authorizer(compileConfig(settings(key, { suspended })), () => {});
    const denial = authorizer.policy(await authorizer.decide(token(key, { org_id: "org_Bad" })), stageArn);
    const policy = authorizer.policy(await authorizer.decide(good), stageArn);
    expect(denial.Statement.map(({ Effect }) => Effect)).toEqual(["Deny"]);
    expect(policy.Statement.map(({ Effect }) => Effect)).toContain("Allow");
  });
});
