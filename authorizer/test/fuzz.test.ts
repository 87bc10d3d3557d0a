// Random tokens and events: nothing but the published errors comes out, and nothing gets in that jose would not let in.
import * as fc from "fast-check";
import type { Jwk } from "../src/config";
import type { Handler } from "../src/handler";
import { readJwks, usableKeys } from "../src/keys";
import { Running, restEvent, Source, settings, stageArn, statuses, stopClock } from "../testing/fixture";
import {
  audience,
  base64url,
  type Changes,
  claims,
  headerOf,
  issuer,
  makeKey,
  now,
  token,
  tokenOf,
} from "../testing/tokens";
import { joseWith } from "./jose";

stopClock();

const key = makeKey("key-1");
const stranger = makeKey("key-1");
const good = token(key);
const isTakenByJose = joseWith([key.jwk]);

let source: Source;
let running: Running;
beforeAll(async () => {
  source = await Source.start((_, response) => response.end(JSON.stringify({ keys: [key.jwk] })));
});
afterAll(() => source.stop());
beforeEach(() => {
  const jwks = { keys: [key.jwk] };
  running = new Running(settings(key), [{ kind: "auth0", issuer, audience, jwks, jwksUri: source.url }]);
});

/** Tokens that are let in, and those that are kept out, of so many tries. */
async function tryTokens(
  tokens: fc.Arbitrary<string>,
  seed: number,
  numRuns: number,
): Promise<[number, number]> {
  let [taken, refused] = [0, 0];
  const property = fc.asyncProperty(tokens, async (text) => {
    const [status, reason] = await running.ask(text, "GET /me");
    if (status === 401) refused += 1;
    else if (status === 200 && (await isTakenByJose(text))) taken += 1;
    else throw new Error(`${status} ${reason}`);
  });
  await fc.assert(property, { seed, numRuns });
  expect(running.lines).toHaveLength(taken + refused);
  return [taken, refused];
}

const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    undefined,
    null,
    "",
    [],
    {},
    true,
    -1,
    1e20,
    issuer,
    audience,
    [audience],
    "acmeCi",
  ),
  fc.integer({ min: -10, max: 10 }).map((seconds) => now + seconds),
  fc.double({ noNaN: true }),
);
const claimNames = fc.constantFrom(
  ...Object.keys(claims()),
  "nbf",
  "jti",
  "client_id",
  "permissions",
  "__proto__",
);
const parameterNames = fc.constantFrom(
  "alg",
  "typ",
  "kid",
  "crit",
  "b64",
  "jwk",
  "jku",
  "x5t",
  "zip",
  "cty",
  "__proto__",
);
const parameterValue = fc.oneof(
  anyValue,
  fc.constantFrom("RS256", "JWT", "at+jwt", "key-1", "none", "HS256"),
);
const changes = (names: fc.Arbitrary<string>, values: fc.Arbitrary<unknown>): fc.Arbitrary<Changes> =>
  fc.dictionary(names, values, { maxKeys: 2 });

/** Cuts something out of a text or bytes, and puts something in. */
function spliced(content: Buffer, insert: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  return fc
    .tuple(fc.nat(content.length), fc.integer({ min: 0, max: 6 }), insert)
    .map(([at, length, more]) =>
      Buffer.concat([content.subarray(0, at), more, content.subarray(at + length)]),
    );
}

const bytes = fc.uint8Array({ maxLength: 4 }).map((list) => Buffer.from(list));
const jsonPieces = fc
  .array(
    fc.constantFrom(
      '"',
      "\\",
      "{",
      "}",
      "[",
      "]",
      ":",
      ",",
      "1",
      "e9",
      "-",
      ".",
      " ",
      "\n",
      "\\u0061",
      '"exp":',
      '"org_id":',
      "null",
    ),
    {
      maxLength: 4,
    },
  )
  .map((pieces) => Buffer.from(pieces.join("")));
const headerText = Buffer.from(JSON.stringify(headerOf(key)));
const payloadText = Buffer.from(JSON.stringify(claims()));

describe("random tokens", () => {
  it("have a judge who can say both", async () => {
    expect(await isTakenByJose(good)).toBe(true);
    for (const bad of [token(stranger), token(key, { exp: now - 5 }), token(key, { aud: "x" })]) {
      expect(await isTakenByJose(bad)).toBe(false);
    }
  });

  it("with other claims, truly signed", async () => {
    const tokens = changes(claimNames, anyValue).map((changed) => token(key, changed));
    const [taken, refused] = await tryTokens(tokens, 1, 600);
    expect(taken).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(100);
  });

  it("with another header, truly signed", async () => {
    const tokens = changes(parameterNames, parameterValue).map((changed) => token(key, {}, changed));
    const [taken, refused] = await tryTokens(tokens, 2, 500);
    expect(taken).toBeGreaterThan(50);
    expect(refused).toBeGreaterThan(100);
  });

  it("with other JSON texts, truly signed", async () => {
    const insert = fc.oneof(bytes, jsonPieces);
    const tokens = fc.oneof(
      spliced(payloadText, insert).map((payload) => tokenOf(key, headerText, payload)),
      spliced(headerText, insert).map((header) => tokenOf(key, header, payloadText)),
    );
    const [taken, refused] = await tryTokens(tokens, 3, 800);
    expect(taken).toBeGreaterThan(5);
    expect(refused).toBeGreaterThan(500);
  });

  it("signed by someone else", async () => {
    const tokens = changes(claimNames, anyValue).map((changed) => token(stranger, changed));
    expect(await tryTokens(tokens, 4, 200)).toEqual([0, 200]);
  });

  it("that are any text", async () => {
    const part = fc.oneof(fc.string({ unit: "binary" }), fc.base64String(), fc.json().map(base64url));
    const tokens = fc.array(part, { maxLength: 5 }).map((parts) => parts.join("."));
    expect(await tryTokens(tokens, 5, 500)).toEqual([0, 500]);
  });

  it("that differ from a good one in their text only: none means the same", async () => {
    const character = fc.constantFrom(..."Aa0-_=+/.\n\t%\0é").map((text) => Buffer.from(text));
    const tokens = fc
      .oneof(spliced(Buffer.from(good), fc.oneof(character, fc.constant(Buffer.alloc(0)))), signatureBits)
      .map((text) => text.toString())
      .filter((text) => text !== good);
    expect(await tryTokens(tokens, 6, 1_000)).toEqual([0, 1_000]);
  });
});

describe("random keys", () => {
  // Beside "verify" no other: jose refuses public keys that may sign as well.
  const operations = fc.oneof(
    fc.array(fc.constant("verify"), { maxLength: 2 }),
    fc.array(fc.constantFrom<unknown>("sign", "encrypt", "wrapKey", 1, null), { maxLength: 3 }),
    anyValue,
  );
  const member = fc.oneof(
    fc.record({ key_ops: operations }),
    fc.record({ use: fc.oneof(fc.constantFrom("sig", "enc", "SIG"), anyValue) }),
    fc.record({ alg: fc.oneof(fc.constantFrom("RS256", "RS512", "PS256", "RSA-OAEP"), anyValue) }),
    fc.record({ d: fc.constantFrom<unknown>("AQAB", "", 1, null) }),
    fc.record({ x5c: anyValue, x5t: anyValue }),
    fc.record({ kty: fc.constantFrom<unknown>("RSA", "rsa", "EC", "oct", 1) }),
  );
  const keySets = fc
    .array(member, { maxLength: 3 })
    .map((members): Jwk[] => [Object.assign({ ...key.jwk }, ...members)]);

  it("are trusted only if jose trusts them too", async () => {
    let [taken, refused] = [0, 0];
    const property = fc.asyncProperty(keySets, async (keys) => {
      const jwks = readJwks(JSON.stringify({ keys }));
      if (!jwks) throw new Error("the key set is one");
      if (usableKeys(jwks).size === 0) refused += 1;
      else if (await joseWith(keys)(good)) taken += 1;
      else throw new Error("jose does not trust them");
    });
    await fc.assert(property, { seed: 7, numRuns: 1_000 });
    expect(taken).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(300);
  });
});

/** The good token with one bit of its signature changed. */
const signatureBits = fc.nat(256 * 8 - 1).map((bit) => {
  const [header, payload, signature = ""] = good.split(".");
  const changed = Buffer.from(signature, "base64url");
  changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return Buffer.from(`${header}.${payload}.${changed.toString("base64url")}`);
});

describe("random events", () => {
  const errors: ReadonlySet<string> = new Set(["Unauthorized", ...Object.keys(statuses).filter(isFault)]);
  const authorization = fc.oneof(fc.string(), fc.constantFrom(`Bearer ${good}`, `bearer ${good}`, good));
  const arn = fc.oneof(
    fc.string(),
    fc.constantFrom(
      `${stageArn}/GET/orders`,
      `${stageArn}/GET/`,
      `${stageArn}/GET`,
      stageArn,
      "arn:aws:execute-api",
    ),
    fc.webPath().map((path) => `${stageArn}/GET${path}`),
  );
  const headers = fc.dictionary(
    fc.constantFrom("Authorization", "authorization", "AUTHORIZATION", "Host", "__proto__"),
    fc.oneof(authorization, fc.array(authorization, { maxLength: 2 }), fc.jsonValue({ maxDepth: 1 })),
  );
  const member = <T>(value: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) });
  const events = fc.oneof(
    { weight: 1, arbitrary: fc.jsonValue() },
    {
      weight: 6,
      arbitrary: fc.record(
        {
          type: member(fc.constantFrom("TOKEN", "REQUEST")),
          version: member(fc.constantFrom("1.0", "2.0")),
          methodArn: member(arn),
          routeArn: member(arn),
          authorizationToken: member(authorization),
          headers: member(headers),
          multiValueHeaders: member(headers),
        },
        { requiredKeys: ["type"] },
      ),
    },
  );

  it.each([
    ["policies", undefined],
    ["simple answers", "simple"],
  ] as const)("get an answer or a published error, and one line each: %s", async (_, answers) => {
    const strict = new Running({ ...settings(key), ...(answers && { answers }) });
    const outcomes = new Map<string, number>();
    const property = fc.asyncProperty(events, async (event) => {
      const outcome = await outcomeOf(strict.handler, event);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (outcome !== "answer" && !errors.has(outcome)) throw new Error(outcome);
      expect(strict.lines.at(-1)).toMatch(/^\{[ -~]*\}$/);
    });
    await fc.assert(property, { seed: 7, numRuns: 1_000 });
    expect(strict.lines).toHaveLength([...outcomes.values()].reduce((sum, count) => sum + count));
    expect([...outcomes.keys()].sort()).toEqual(["Unauthorized", "answer", "event_unknown"]);
    expect(Math.min(...outcomes.values())).toBeGreaterThan(50);
  });

  it("never let in who has no good token", async () => {
    const strict = new Running({ ...settings(key), answers: "simple" });
    const property = fc.asyncProperty(events, async (event) => {
      await outcomeOf(strict.handler, event);
      if (strict.decision.Reason === "allowed") expect(JSON.stringify(event)).toContain(good);
      else expect(Object.keys(statuses)).toContain(strict.decision.Reason);
    });
    await fc.assert(property, { seed: 8, numRuns: 300 });
    expect(strict.decisions.some(({ Reason }) => Reason === "allowed")).toBe(true);
  });

  it("know no member but their own: what every object inherits is no header and no type", async () => {
    for (const name of ["constructor", "toString", "__proto__"]) {
      expect(await outcomeOf(running.handler, { type: name })).toBe("event_unknown");
    }
    expect(await running.answer(restEvent(`Bearer ${good}`))).toEqual([200, "allowed"]);
  });
});

function isFault(reason: string): boolean {
  return Object.entries(statuses).some(([name, status]) => name === reason && status === 500);
}

async function outcomeOf(handler: Handler, event: unknown): Promise<string> {
  try {
    await handler(event);
    return "answer";
  } catch (error) {
    return error instanceof Error ? error.message : `no error: ${error}`;
  }
}
