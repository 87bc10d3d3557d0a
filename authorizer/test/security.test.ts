// One table of everything that is known to go wrong with tokens. Each row names the document that demands it.
import type { Jwk } from "../src/config";
import { Running, restEvent, Source, settings, statuses, stopClock } from "../testing/fixture";
import { audience, issuer, now, token } from "../testing/tokens";
import { algorithmRows } from "./security/algorithms";
import { claimRows } from "./security/claim-rows";
import { headerRows } from "./security/headers";
import { keyRows } from "./security/key-rows";
import { key, otherAudience, otherIssuer, otherKey, type Row } from "./security/row";
import { textRows } from "./security/texts";

stopClock();

/** The issuers' key set, which an unknown key id makes the authorizer read. */
let served: unknown;
let source: Source;
beforeAll(async () => {
  source = await Source.start((_, response) => response.end(JSON.stringify(served)));
});
afterAll(() => source.stop());

function start(keys: Jwk[] = [key.jwk]): Running {
  served = { keys };
  return new Running(settings(key), [
    { kind: "auth0", issuer, audience, jwks: { keys }, jwksUri: source.url },
    {
      kind: "other",
      issuer: otherIssuer,
      audience: otherAudience,
      jwks: { keys: [otherKey.jwk] },
      jwksUri: source.url,
    },
  ]);
}

describe.each<[string, Row[]]>([
  ["algorithms and signatures", algorithmRows],
  ["headers", headerRows],
  ["texts", textRows],
  ["claims", claimRows],
  ["keys", keyRows],
])("%s", (_, rows) => {
  it.each(rows)("%s: %s: %s", async (...[, , reason, text, keys]: Row) => {
    const running = start(keys);
    expect(await running.ask(text)).toEqual([statuses[reason], reason]);
    // A second time, from what it remembers.
    expect(await running.ask(text)).toEqual([statuses[reason], reason]);
    // Refused for its own sake only.
    if (!keys) expect(await running.ask(token(key))).toEqual([200, "allowed"]);
  });
});

it("counts no demand twice", () => {
  const names = [algorithmRows, headerRows, textRows, claimRows, keyRows]
    .flat()
    .map(([from, what]) => `${from}: ${what}`);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(names.length).toBeGreaterThan(300);
});

it("answers every refusal with the one error that API Gateway turns into 401, and says no more to the caller", async () => {
  const errors = new Set<string>();
  for (const [, , reason, text, keys] of [algorithmRows, headerRows, textRows, claimRows, keyRows].flat()) {
    if (statuses[reason] !== 401) continue;
    await start(keys)
      .handler(restEvent(`Bearer ${text}`))
      .catch((error) => errors.add(String(error)));
  }
  expect([...errors]).toEqual(["Error: Unauthorized"]);
});

describe("without clock tolerance", () => {
  const strict = () => new Running(settings(key, { clockToleranceSeconds: 0 }));
  it.each([
    [{ exp: now }, "token_expired"],
    [{ exp: now + 1 }, "allowed"],
    [{ exp: now + 0.001 }, "allowed"],
    [{ iat: now + 1 }, "token_not_yet_valid"],
    [{ iat: now }, "allowed"],
    [{ nbf: now + 1 }, "token_not_yet_valid"],
    [{ nbf: now }, "allowed"],
  ])("%j is %s", async (changes, reason) => {
    expect(await strict().ask(token(key, changes))).toEqual([reason === "allowed" ? 200 : 401, reason]);
  });
});

it("takes the longest lifetime from the settings", async () => {
  const running = new Running(settings(key, { maxTokenLifetimeSeconds: 100 }));
  expect(await running.ask(token(key, { iat: now, exp: now + 100 }))).toEqual([200, "allowed"]);
  expect(await running.ask(token(key, { iat: now, exp: now + 101 }))).toEqual([
    401,
    "token_lifetime_too_long",
  ]);
});
