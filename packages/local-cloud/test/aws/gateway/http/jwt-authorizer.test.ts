// API Gateway's own JWT authorizer: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import type { Properties } from "../../../../src/engine/provider";
import { type Created, call, Fixture } from "../../../../testing/fixture";
import { deployHttp, httpAuthorizer, invoking } from "../../../../testing/http-fixture";

const issuer = "https://issuer.example/";
const audience = "https://api.example.com/";
const pair = (bits = 2048) => generateKeyPairSync("rsa", { modulusLength: bits });
const [key, otherKey] = [pair(), pair()];
const jwk = (kid: string, { publicKey } = key) => ({
  ...publicKey.export({ format: "jwk" }),
  kid,
  use: "sig",
});

let now = Date.UTC(2026, 0, 1);
/** What the issuer publishes, and how often it was asked. */
let published: Record<string, unknown> = {};
let fetched: string[] = [];
let fixture: Fixture;
let fn: Created;
let url: string;
let log: Awaited<ReturnType<Fixture["accessLog"]>>;

const fetchIssuer: typeof fetch = async (input) => {
  fetched.push(String(input));
  const found = published[String(input)];
  if (found instanceof Error) throw found;
  return found === undefined ? new Response("", { status: 404 }) : new Response(JSON.stringify(found));
};

const discovery = `${issuer}.well-known/openid-configuration`;
const jwksUri = `${issuer}.well-known/jwks.json`;
const publish = (keys: unknown[]) => ({ [discovery]: { issuer, jwks_uri: jwksUri }, [jwksUri]: { keys } });

beforeAll(async () => {
  published = publish([jwk("key-1")]);
  fixture = await Fixture.start({ clock: () => now, fetchIssuer });
  fn = await fixture.function("export const handler = async (event) => event;", { name: "backend" });
  await fixture.permit(fn.id, "arn:aws:execute-api:*:*:*/*");
  log = await fixture.accessLog(
    "$context.requestId $context.authorizer.claims.org_id $context.authorizer.error $context.authorizer.claims",
  );
  url = (await deploy({}, log.settings)).url;
});

afterAll(() => fixture.close());

/** Routes of which a token needs no scope, one, or one of two. */
function deploy(settings: Properties = {}, stage: Properties = {}) {
  const route = (scopes: string[]) => ({ get: invoking(fn, {}, { security: [{ customers: scopes }] }) });
  const paths = {
    "/any": route([]),
    "/one": route(["a"]),
    "/either": route(["a", "b"]),
    "/public": { get: invoking(fn) },
  };
  const jwtConfiguration = { issuer, audience: ["https://other.example", audience] };
  const components = httpAuthorizer({ type: "jwt", jwtConfiguration, ...settings });
  return deployHttp(fixture, { openapi: "3.0.1", paths, components }, stage);
}

const seconds = () => Math.floor(now / 1000);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

function token(
  changes: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  { privateKey } = key,
): string {
  const claims = {
    iss: issuer,
    aud: audience,
    sub: "client@clients",
    azp: "client",
    org_id: "org_1",
    scope: "a c",
  };
  const times = { iat: seconds() - 10, exp: seconds() + 3600 };
  const head = { alg: "RS256", kid: "key-1", ...header };
  const signed = `${encode(head)}.${encode({ ...claims, ...times, ...changes })}`;
  const hash = `RSA-SHA${String(head.alg).slice(2)}`;
  const signature = String(head.alg).startsWith("RS")
    ? sign(hash, Buffer.from(signed), privateKey)
    : createHmac("sha256", "secret").update(signed).digest();
  return `${signed}.${signature.toString("base64url")}`;
}

async function ask(bearer: string | undefined, path = "/any", at = url) {
  const headers: Record<string, string> = bearer === undefined ? {} : { Authorization: bearer };
  const { status, json, headers: answered } = await call(at + path, { headers });
  return { status, json, challenge: answered["www-authenticate"] };
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
describe("a token", () => {
  it("of the issuer for one of the audiences is accepted, with its claims as strings", async () => {
    const list = ["x", "y"];
    const { status, json } = await ask(
      `Bearer ${token({ list, none: null, aud: [audience, "other"] })}`,
      "/one",
    );
    expect(status).toBe(200);
    expect(json.requestContext).toMatchObject({
      authorizer: {
        jwt: {
          claims: { org_id: "org_1", azp: "client", list: "[x y]", exp: String(seconds() + 3600) },
          scopes: ["a", "c"],
        },
      },
    });
    expect(JSON.stringify(json.requestContext)).not.toContain('"none"');
    expect((await log.lines()).at(-1)).toMatch(/ org_1 - -$/);
  });

  // Recorded: for floci-io/floci, measured in August 2026.
  it("has no scopes in the event of a route that demands none", async () => {
    expect((await ask(token())).json.requestContext).toMatchObject({ authorizer: { jwt: { scopes: null } } });
  });

  it.each(["RS256", "RS384", "RS512"])("may be signed by %s", async (alg) => {
    expect((await ask(token({}, { alg }))).status).toBe(200);
  });

  it("may come without the word Bearer", async () => {
    expect((await ask(token())).status).toBe(200);
  });

  it("is not demanded by a public route, whose event has no authorizer", async () => {
    const { status, json } = await ask(undefined, "/public");
    expect(status).toBe(200);
    expect(json.requestContext).not.toHaveProperty("authorizer");
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html
  it.each<[string, () => string, string]>([
    ["of three parts and more", () => `${token()}.x`, "token contains an invalid number of segments"],
    ["that is no JSON", () => token().replace(/^[^.]+/, "e30x"), "token is malformed"],
    ["signed by a shared secret", () => token({}, { alg: "HS256" }), "signing method HS256 is invalid"],
    ["signed by nobody", () => token({}, { alg: "none" }), "signing method none is invalid"],
    ["of an unknown key", () => token({}, { kid: "key-2" }), "unable to find key: key-2"],
    ["of another key of that name", () => token({}, {}, otherKey), "signature verification failed"],
    ["of another issuer", () => token({ iss: "https://issuer.example" }), "issuer does not match"],
    ["for another audience", () => token({ aud: "https://x" }), "the token does not have a valid audience"],
    [
      "whose client is no audience",
      () => token({ aud: "x", client_id: audience }),
      "the token does not have a valid audience",
    ],
    ["that has expired", () => token({ exp: seconds() }), "the token has expired"],
    ["that is not valid yet", () => token({ nbf: seconds() + 1 }), "the token is not yet valid"],
    ["that is issued in the future", () => token({ iat: seconds() + 1 }), "the token is not yet valid"],
  ])("%s is refused with 401 and a challenge", async (_title, make, description) => {
    expect(await ask(`Bearer ${make()}`)).toEqual({
      status: 401,
      json: { message: "Unauthorized" },
      challenge: `Bearer scope="" error="invalid_token" error_description="${description}"`,
    });
    expect((await log.lines()).at(-1)).toContain(` - invalid_token: ${description} -`);
  });

  it("that is not there is refused with 401", async () => {
    const refused = { status: 401, json: { message: "Unauthorized" }, challenge: "Bearer" };
    expect(await ask(undefined)).toEqual(refused);
    expect(await ask("")).toEqual(refused);
  });

  it("without an audience counts by its client", async () => {
    expect((await ask(token({ aud: undefined, client_id: audience }))).status).toBe(200);
  });

  it.each<[string, Record<string, unknown>]>([
    ["an organization", { org_id: undefined }],
    ["a client", { azp: undefined, sub: undefined }],
    ["an end", { exp: undefined }],
    ["a start", { iat: undefined }],
    ["being for this use", { gty: "password", sub: "auth0|user" }],
  ])(
    "needs no proof of %s: what the function demands, and this authorizer cannot",
    async (_title, changes) => {
      expect((await ask(token(changes))).status).toBe(200);
    },
  );

  it("may be in the query instead", async () => {
    const { url: at } = await deploy({ identitySource: "$request.querystring.token" });
    expect((await call(`${at}/any?token=${token()}`)).status).toBe(200);
    expect((await call(`${at}/any`, { headers: { Authorization: token() } })).status).toBe(401);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
// RFC 6750, section 3, for the challenge
describe("a route's scopes", () => {
  it.each<[string, Record<string, unknown>, number]>([
    ["/one", { scope: "a" }, 200],
    ["/one", { scope: "b" }, 403],
    ["/one", { scope: "aa" }, 403],
    ["/one", { scope: "" }, 403],
    ["/one", { scope: undefined }, 403],
    ["/one", { scope: undefined, scp: ["a"] }, 200],
    ["/one", { scope: undefined, scp: "x a" }, 200],
    ["/either", { scope: "b" }, 200],
    ["/either", { scope: "c a" }, 200],
    ["/either", { scope: "c" }, 403],
    ["/any", { scope: undefined }, 200],
  ])("%s with %j gives %i: one of them is enough", async (path, changes, status) => {
    expect((await ask(token(changes), path)).status).toBe(status);
  });

  it("that are missing are named in the challenge", async () => {
    const { json, challenge } = await ask(token({ scope: "c" }), "/either");
    expect(json).toEqual({ message: "Forbidden" });
    expect(challenge).toMatch(/^Bearer scope="a b" error="insufficient_scope"/);
  });

  it("of the token are null if it has no scopes", async () => {
    const { json } = await ask(token({ scope: undefined }));
    expect(json.requestContext).toMatchObject({ authorizer: { jwt: { scopes: null } } });
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
describe("the issuer's keys", () => {
  const forget = () => {
    now += 2 * 60 * 60 * 1000;
    fetched = [];
  };
  beforeEach(forget);
  afterEach(() => {
    published = publish([jwk("key-1")]);
    forget();
  });

  it("are found by discovery, and remembered for two hours: a new one goes unnoticed for so long", async () => {
    for (let index = 0; index < 3; index += 1) await ask(token());
    expect(fetched).toEqual([discovery, jwksUri]);
    published = publish([jwk("key-1"), jwk("key-2", otherKey)]);
    now += 2 * 60 * 60 * 1000 - 1;
    expect((await ask(token({}, { kid: "key-2" }, otherKey))).status).toBe(401);
    now += 1;
    expect((await ask(token({}, { kid: "key-2" }, otherKey))).status).toBe(200);
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html for time and size
  it.each<[string, () => Record<string, unknown>, string]>([
    [
      "out of reach",
      () => ({ ...publish([]), [discovery]: new Error("timeout") }),
      "OIDC discovery endpoint communication error",
    ],
    ["not announced", () => ({}), "OIDC discovery endpoint communication error"],
    ["not there", () => ({ [discovery]: { jwks_uri: jwksUri } }), "JWKS communication error"],
    ["too many", () => publish([jwk("key-1"), "x".repeat(150_000)]), "JWKS communication error"],
  ])(
    "that are %s make every token invalid: a 401, though it is not the caller's fault",
    async (_title, make, reason) => {
      published = make();
      const { status, challenge } = await ask(token());
      expect(status).toBe(401);
      expect(challenge).toContain(`error_description="${reason}"`);
    },
  );

  it("are those for RSA; others are passed over", async () => {
    const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });
    published = publish([{ ...ec, kid: "ec" }, { kty: "RSA", kid: "broken" }, "no key", jwk("key-1")]);
    expect((await ask(token())).status).toBe(200);
  });

  it("are waited for 1.5 seconds", async () => {
    const waited = jest.spyOn(AbortSignal, "timeout");
    await ask(token());
    expect(waited.mock.calls).toEqual([[1500], [1500]]);
    waited.mockRestore();
  });
});
