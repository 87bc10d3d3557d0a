// Good tokens with something changed, in every way that an event can bring them; a count shows how far they come.
import * as fc from "fast-check";
import type { PolicyAnswer, SimpleAnswer } from "../src/handler";
import type { Reason } from "../src/reason";
import { methodArn, Running, restEvent, settings, statuses, stopClock } from "../testing/fixture";
import { isAllowed } from "../testing/iam";
import {
  audience,
  base64url,
  type Changes,
  claims,
  headerOf,
  issuer,
  makeKey,
  now,
  signature,
  token,
  tokenOf,
} from "../testing/tokens";
import { joseWith } from "./jose";

stopClock();

const [key, secondKey, stranger] = [makeKey("key-1"), makeKey("key-2"), makeKey("key-1")];
const jwks = { keys: [key.jwk, secondKey.jwk] };
const isTakenByJose = joseWith(jwks.keys);
const issuers = [{ kind: "auth0" as const, issuer, audience, jwks }];

/** Two of the same key, one of the other trusted key, one of nobody's. */
const goodOnes = [
  token(key),
  token(key, { org_id: "org_Globex", azp: "globexCi", sub: "globexCi@clients", scope: "" }),
  token(secondKey, { jti: "1" }),
];
const donors = [...goodOnes, token(stranger)];

type Stage = "text" | "header and claims" | "key" | "signature" | "meaning" | "allow";

/** How far a token comes with the reason: in the order in which they are found. */
const stages: Partial<Record<Reason, Stage>> = {
  token_missing: "text",
  token_too_large: "text",
  token_malformed: "text",
  header_not_allowed: "header and claims",
  algorithm_not_allowed: "header and claims",
  type_not_allowed: "header and claims",
  claim_invalid: "header and claims",
  issuer_unknown: "key",
  key_unknown: "key",
  keys_unavailable: "key",
  signature_invalid: "signature",
  audience_mismatch: "meaning",
  token_expired: "meaning",
  token_not_yet_valid: "meaning",
  token_lifetime_too_long: "meaning",
  grant_type_not_allowed: "meaning",
  allowed: "allow",
  insufficient_scope: "allow",
};

const faults = new Set<string>(
  Object.entries(statuses).flatMap(([reason, status]) => (status === 500 ? [reason] : [])),
);

/** The ways in which a header comes. HTTP APIs have small letters and one value, REST APIs all as sent. */
const events: Record<"token" | "request" | "http", (authorization: string) => unknown> = {
  token: (authorization) => restEvent(authorization, "GET /me"),
  request: (authorization) => ({
    type: "REQUEST",
    methodArn: methodArn("GET /me"),
    headers: { Authorization: authorization },
    multiValueHeaders: { Authorization: [authorization] },
  }),
  http: (authorization) => ({
    version: "2.0",
    type: "REQUEST",
    routeArn: methodArn("GET /me"),
    headers: { authorization },
  }),
};

function isLetIn(answer: PolicyAnswer | SimpleAnswer): boolean {
  return "isAuthorized" in answer
    ? answer.isAuthorized
    : isAllowed(answer.policyDocument, methodArn("GET /me"));
}

/** Asks in every way, and demands of each answer what must hold for any token. */
class Gate {
  readonly reached = new Map<Stage, number>();
  readonly takenByJose = { letIn: 0, keptOut: 0 };
  private readonly policies = new Running(settings(key), issuers);
  private readonly simple = new Running(settings(key, { answers: "simple" }), issuers);

  async try(text: string): Promise<void> {
    const authorization = `Bearer ${text}`;
    const asked = [
      await this.ask(this.policies, text, events.token(authorization), "rest"),
      await this.ask(this.policies, text, events.request(authorization), "rest"),
      await this.ask(this.policies, text, events.http(authorization), "http"),
      await this.ask(this.simple, text, events.http(authorization), "http"),
    ];
    expect(new Set(asked).size).toBe(1);
    const [letIn = false] = asked;
    const taken = await isTakenByJose(text);
    if (letIn && !taken) throw new Error("let in what jose refuses");
    if (taken) this.takenByJose[letIn ? "letIn" : "keptOut"] += 1;
    const stage = stages[String(this.policies.decision.Reason) as Reason];
    if (!stage) throw new Error(`no stage: ${this.policies.decision.Reason}`);
    this.reached.set(stage, (this.reached.get(stage) ?? 0) + 1);
    this.policies.lines.length = 0;
    this.simple.lines.length = 0;
  }

  private async ask(running: Running, text: string, event: unknown, api: "rest" | "http"): Promise<boolean> {
    let letIn = false;
    try {
      letIn = isLetIn(await running.handler(event));
    } catch (error) {
      if (!(error instanceof Error)) throw new Error("threw what is no error");
      if (error.message === "Unauthorized") expect(api).toBe("rest");
      else expect(faults).toContain(error.message);
    }
    for (const line of running.lines)
      expect(secretsOf(text).filter((part) => line.includes(part))).toEqual([]);
    return letIn;
  }
}

/** The token and those of its parts that say something, as they are and as JSON has them. */
function secretsOf(text: string): string[] {
  const parts = [text, ...text.split(".").slice(1)].filter((part) => part.length >= 16);
  return parts.flatMap((part) => [part, JSON.stringify(part).slice(1, -1)]);
}

async function tryAll(texts: Iterable<string>): Promise<Gate> {
  const gate = new Gate();
  for (const text of texts) await gate.try(text);
  return gate;
}

async function tryRandom(texts: fc.Arbitrary<string>, seed: number, numRuns: number): Promise<Gate> {
  const gate = new Gate();
  await fc.assert(
    fc.asyncProperty(texts, (text) => gate.try(text)),
    { seed, numRuns },
  );
  return gate;
}

const others: unknown[] = [
  undefined,
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  "",
  " ",
  "x",
  "\u0000",
  "й𝒳\u202e",
  [],
  [issuer],
  ["x"],
  {},
  { a: 1 },
  "9".repeat(300),
];

/** One member left out, of another type, twice (the last counts for JSON.parse), or under another name. */
function* changedMembers(object: Changes): Generator<string> {
  for (const [name, value] of Object.entries(object)) {
    for (const other of others) yield JSON.stringify({ ...object, [name]: other });
    yield JSON.stringify({ ...object, [name]: [value] });
    yield JSON.stringify({ ...object, [name]: String(value) });
    yield JSON.stringify({ ...object, [name]: `${value} ` });
    yield JSON.stringify({ ...object, [name]: undefined, [name.toUpperCase()]: value });
    const text = JSON.stringify(object);
    const member = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
    yield text.replace("{", `{${member},`);
    yield text.replace("{", `{${JSON.stringify(name)}:null,`);
    yield text.replace("}", `,"\\u${name.charCodeAt(0).toString(16).padStart(4, "0")}${member.slice(2)}}`);
  }
}

const [headerText, payloadText] = [JSON.stringify(headerOf(key)), JSON.stringify(claims())];

describe("a changed token", () => {
  it("comes as far as its claims, whatever one of them is, when it is truly signed", async () => {
    const object = { ...claims(), jti: "1", nbf: now, client_id: "acmeCi" };
    const texts = [...changedMembers(object)].map((payload) => tokenOf(key, headerText, payload));
    const { reached, takenByJose } = await tryAll(texts);
    expect(texts.length).toBeGreaterThanOrEqual(300);
    expect(reached.get("text")).toBeGreaterThan(30);
    expect(reached.get("header and claims")).toBeGreaterThan(100);
    expect(reached.get("meaning")).toBeGreaterThan(30);
    expect(reached.get("allow")).toBeGreaterThan(30);
    expect(takenByJose.letIn).toBe(reached.get("allow"));
    expect(takenByJose.keptOut).toBeGreaterThan(30);
  });

  it("comes as far as its header, whatever is in it, when it is truly signed", async () => {
    const object = { ...headerOf(key), x5t: "x" };
    const texts = [...changedMembers(object)].map((header) => tokenOf(key, header, payloadText));
    for (const name of ["crit", "b64", "jwk", "jku", "x5u", "x5c", "zip", "enc", "cty", "nonce"]) {
      for (const other of others.slice(1)) texts.push(token(key, {}, { [name]: other }));
    }
    const { reached } = await tryAll(texts);
    expect(texts.length).toBeGreaterThan(200);
    expect(reached.get("header and claims")).toBeGreaterThan(150);
    expect(reached.get("key")).toBeGreaterThanOrEqual(5);
    expect(reached.get("allow")).toBeGreaterThan(5);
  });

  it("is nobody's where its parts are of several", async () => {
    const parts = donors.map((text) => text.split("."));
    const texts = parts.flatMap(([header], a) =>
      parts.flatMap(([, payload], b) =>
        parts.flatMap(([, , last], c) =>
          a === b && b === c && a < 3 ? [] : [`${header}.${payload}.${last}`],
        ),
      ),
    );
    // The first two have one header.
    const mixed = texts.filter((text) => !goodOnes.includes(text));
    const { reached } = await tryAll(mixed);
    expect([...reached]).toEqual([["signature", mixed.length]]);
    expect((await tryAll(goodOnes)).takenByJose).toEqual({ letIn: goodOnes.length, keptOut: 0 });
  });

  it("is no token in another alphabet, with padding, spaces, more dots or fewer", async () => {
    const good = goodOnes[0] ?? "";
    const places = [...good.matchAll(/\./g)].map(({ index }) => index);
    const texts = [
      good.replaceAll("-", "+").replaceAll("_", "/"),
      ...[
        "=",
        "==",
        " ",
        "\t",
        "\r\n",
        "\u00a0",
        "\u200b",
        "\ufeff",
        "é",
        "\u0000",
        "%2e",
        ".",
        "..",
        ",",
      ].flatMap((more) => [0, ...places, good.length].map((at) => good.slice(0, at) + more + good.slice(at))),
      ...places.map((at) => good.slice(0, at) + good.slice(at + 1)),
      ...Array.from({ length: 60 }, (_, index) => good.slice(0, Math.floor((good.length * index) / 60))),
      good.normalize("NFKD").replace("e", "\uff45"),
      `${good}${"A".repeat(9_000)}`,
    ];
    // Spaces before a token are the header's.
    const { reached, takenByJose } = await tryAll(texts.filter((text) => text.trimStart() === text));
    expect(reached.get("text")).toBeGreaterThan(80);
    expect(reached.has("allow")).toBe(false);
    expect(takenByJose.letIn).toBe(0);
  });
});

const name = fc.constantFrom(...Object.keys(claims()), "nbf", "jti", "client_id");
const value = fc.oneof(fc.constantFrom(...others), fc.constantFrom(...Object.values(claims())));
const payload = fc
  .dictionary(name, value, { maxKeys: 2, noNullPrototype: true })
  .map((changes) => JSON.stringify(claims(changes)));
const header = fc
  .dictionary(
    fc.constantFrom("alg", "typ", "kid"),
    fc.constantFrom("RS256", "JWT", "at+jwt", "key-1", "key-2"),
    {
      maxKeys: 1,
      noNullPrototype: true,
    },
  )
  .map((changes) => JSON.stringify(headerOf(key, changes)));
const signed = fc
  .tuple(header, payload, fc.constantFrom(key, key, key, secondKey, stranger))
  .map(([header, payload, signer]) => tokenOf(signer, header, payload));

/** One bit of one part, by its bytes and not by its text, so that each part stays base64url. */
const flipped = fc.tuple(fc.nat(2), fc.nat(), fc.boolean()).map(([part, at, isSigned]) => {
  const parts = (goodOnes[0] ?? "").split(".").map((text) => Buffer.from(text, "base64url"));
  const bytes = parts[part] ?? Buffer.alloc(1);
  const bit = at % (bytes.length * 8);
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  const [first = "", second = "", third = ""] = parts.map(base64url);
  return `${first}.${second}.${isSigned && part < 2 ? signature(key, `${first}.${second}`) : third}`;
});

const spliced = fc
  .tuple(fc.constantFrom(...donors), fc.constantFrom(...donors), fc.nat(), fc.nat())
  .map(([left, right, i, j]) => left.slice(0, i % left.length) + right.slice(j % right.length))
  .filter((text) => !goodOnes.includes(text));

describe("tokens changed at random", () => {
  it("come to every stage, and none comes in that jose refuses", async () => {
    const { reached, takenByJose } = await tryRandom(fc.oneof(signed, flipped, spliced), 20260704, 1_500);
    for (const stage of ["text", "header and claims", "key", "signature", "meaning", "allow"] as const) {
      expect([stage, (reached.get(stage) ?? 0) >= 40]).toEqual([stage, true]);
    }
    expect(takenByJose.letIn).toBe(reached.get("allow"));
  });

  it("are let in only where a change says the same, when one bit is flipped", async () => {
    const { reached } = await tryRandom(flipped, 20260705, 500);
    expect(reached.get("signature")).toBeGreaterThan(100);
    expect(reached.get("text")).toBeGreaterThan(50);
  });
});
