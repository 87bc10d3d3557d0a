// An issuer's keys: how old they may be, what an unknown key id costs, and what an outage does.
import type { ServerResponse } from "node:http";
import { setImmediate } from "node:timers/promises";
import * as fc from "fast-check";
import type { AuthorizerConfig, Jwk } from "../src/config";
import { pass, Running, Source, settings, stopClock } from "../testing/fixture";
import { audience, issuer, makeKey, now, token } from "../testing/tokens";

stopClock();

/** Fewer where the tests run two thousand times (jest.mutation.config.js). */
const share = (globalThis as { propertyShare?: number }).propertyShare ?? 1;

const key = makeKey("key-1");
const nextKey = makeKey("key-2");
/** Good for longer than any outage that is tried here. */
const good = token(key, { exp: now + 1_000_000 });
const next = token(nextKey, { exp: now + 1_000_000 });
const withUnknownKid = (kid: string) => token(key, {}, { kid });
const allowed = [200, "allowed"];

let served: Jwk[] | "out of order";
/** Answers wait until released. */
let isHeld: boolean;
let held: ServerResponse[];
let source: Source;

beforeEach(async () => {
  served = [key.jwk];
  isHeld = false;
  held = [];
  source = await Source.start((_, response) => {
    if (isHeld) held.push(response);
    else answer(response);
  });
});
afterEach(() => source.stop());

function answer(response: ServerResponse): void {
  if (served === "out of order") response.writeHead(503);
  response.end(JSON.stringify({ keys: served }));
}

function release(): void {
  isHeld = false;
  for (const response of held.splice(0)) answer(response);
}

async function requests(count: number): Promise<void> {
  while (source.requests.length < count) await setImmediate();
}

/** @param atDeployment the keys that need no fetch */
function start(atDeployment?: Jwk[], changes: Partial<AuthorizerConfig> = {}): Running {
  const jwks = atDeployment && { jwks: { keys: atDeployment } };
  return new Running(settings(key, changes), [
    { kind: "auth0", issuer, audience, ...jwks, jwksUri: source.url },
  ]);
}

describe("keys of the deployment", () => {
  it("need no fetch at a cold start", async () => {
    const running = start([key.jwk]);
    expect(await running.ask(good)).toEqual(allowed);
    pass(4.999);
    expect(await running.ask(good)).toEqual(allowed);
    expect(source.requests).toHaveLength(0);
  });

  it("are fetched again in the background after five seconds: no request waits", async () => {
    const running = start([key.jwk]);
    pass(5);
    isHeld = true;
    for (const _ of [1, 2, 3]) expect(await running.ask(good)).toEqual(allowed);
    await requests(1);
    served = [nextKey.jwk];
    release();
    await running.askUntil(({ Reason }) => Reason === "key_unknown", good);
    expect(await running.ask(next)).toEqual(allowed);
    // The second for the key that is gone.
    expect(source.requests).toHaveLength(2);
  });

  it("are waited for after 15 minutes: a key that was withdrawn is good no longer", async () => {
    const running = start([key.jwk]);
    expect(await running.ask(good)).toEqual(allowed);
    served = [nextKey.jwk];
    pass(900);
    expect(await running.ask(good)).toEqual([401, "key_unknown"]);
    expect(await running.ask(next)).toEqual(allowed);
    expect(source.requests).toHaveLength(1);
  });

  it("are taken for none where no key of theirs is usable", async () => {
    const running = start([{ ...key.jwk, use: "enc" }]);
    expect(await running.ask(good)).toEqual(allowed);
    expect(source.requests).toHaveLength(1);
  });

  it("have the lifetimes of the settings", async () => {
    const keys = { refreshSeconds: 10, waitSeconds: 20, limitSeconds: 30 };
    const running = start(undefined, { keys });
    expect(await running.ask(good)).toEqual(allowed);
    served = "out of order";
    pass(9.999);
    expect(await running.ask(good)).toEqual(allowed);
    expect(source.requests).toHaveLength(1);
    pass(10.001);
    expect(await running.ask(good)).toEqual(allowed);
    expect(source.requests).toHaveLength(2);
    pass(9.999);
    expect(await running.ask(good)).toEqual(allowed);
    pass(0.001);
    expect(await running.ask(good)).toEqual([500, "keys_unavailable"]);
  });

  it("keep the defaults for the lifetimes that the settings leave out", async () => {
    const running = start([key.jwk], { keys: { refreshSeconds: 10 } });
    served = [nextKey.jwk];
    isHeld = true;
    pass(899);
    expect(await running.ask(good)).toEqual(allowed);
  });
});

it("are not waited for without end where each fetch takes longer than they last", async () => {
  await source.stop();
  source = await Source.start((_, response) => {
    pass(1_000);
    answer(response);
  });
  const running = start();
  expect(await running.ask(good)).toEqual([500, "internal_error"]);
  expect(running.decision.message).toBe("waited too often");
  expect(source.requests).toHaveLength(4);
});

it("that an issuer cannot be asked for may be good ones: what is unknown then is a fault of ours", async () => {
  const running = start([key.jwk]);
  served = "out of order";
  expect(await running.ask(next)).toEqual([500, "keys_unavailable"]);
  expect(running.decision.message).toMatch(/^the key is unknown, and new keys cannot be had: /);
});

describe("without keys of the deployment", () => {
  it("the first request waits, and all that come meanwhile share its fetch", async () => {
    const running = start();
    isHeld = true;
    const decisions = [good, good, token(key, { jti: "2" })].map((each) => running.ask(each));
    await requests(1);
    release();
    expect(await Promise.all(decisions)).toEqual([allowed, allowed, allowed]);
    expect(source.requests).toHaveLength(1);
  });

  it("a key that is unknown after a fetch that began before its token came is looked for again", async () => {
    const running = start();
    isHeld = true;
    const first = running.ask(good);
    await requests(1);
    const second = running.ask(next);
    release();
    served = [key.jwk, nextKey.jwk];
    expect([await first, await second]).toEqual([allowed, allowed]);
    expect(source.requests).toHaveLength(2);
  });

  it("an outage is our fault, never the caller's", async () => {
    served = "out of order";
    const running = start();
    expect(await running.ask(good)).toEqual([500, "keys_unavailable"]);
    // A 401 would make every client ask Auth0 for a new token.
    expect(await running.ask(withUnknownKid("x"))).toEqual([500, "keys_unavailable"]);
    served = [key.jwk];
    pass(1);
    expect(await running.ask(good)).toEqual(allowed);
  });

  it("a token that no key could make good is refused all the same", async () => {
    served = "out of order";
    expect(await start().ask(token(key, { exp: "soon" }))).toEqual([401, "claim_invalid"]);
    expect(await start().ask(token(key, { iss: "https://other.example/" }))).toEqual([401, "issuer_unknown"]);
    expect(source.requests).toHaveLength(0);
  });
});

describe("an outage of the issuer", () => {
  it("is bridged for a day, then it is our fault, until it ends", async () => {
    const running = start([key.jwk]);
    served = "out of order";
    for (let hour = 0; hour < 24; hour += 1) {
      expect(await running.ask(good)).toEqual(allowed);
      pass(3_600);
    }
    expect(await running.ask(good)).toEqual([500, "keys_unavailable"]);
    expect(running.decision.KeysAge).toBe(86_400);
    served = [key.jwk];
    pass(60);
    expect(await running.ask(good)).toEqual(allowed);
    expect(running.decision.KeysAge).toBe(0);
  });

  it("lets failed fetches become rare, whatever comes in", async () => {
    const running = start([key.jwk]);
    served = "out of order";
    pass(900);
    for (let second = 0; second < 120; second += 1) {
      await running.ask(good);
      await running.ask(withUnknownKid(`kid-${second}`));
      pass(1);
    }
    // After 0, 1, 3, 7, 15, 31 and 63 seconds.
    expect(source.requests).toHaveLength(7);
    expect(running.failures).toHaveLength(7);
  });

  it("answers a token of an unknown key with our fault, since the key may be new", async () => {
    const running = start([key.jwk]);
    served = "out of order";
    expect(await running.ask(next)).toEqual([500, "keys_unavailable"]);
    expect(await running.ask(good)).toEqual(allowed);
  });

  it("of one issuer leaves the other's tokens alone", async () => {
    const partner = { kind: "other", issuer: "https://partner.example", audience } as const;
    const running = new Running(settings(key), [
      { kind: "auth0", issuer, audience, jwksUri: source.url },
      { ...partner, jwks: { keys: [nextKey.jwk] } },
    ]);
    served = "out of order";
    expect(await running.ask(good)).toEqual([500, "keys_unavailable"]);
    expect(await running.ask(token(nextKey, { iss: partner.issuer }))).toEqual(allowed);
  });
});

describe("an unknown key id", () => {
  it("makes ten fetches at once and one more each second, however many there are", async () => {
    const running = start([key.jwk]);
    for (let tried = 0; tried < 50; tried += 1) {
      expect(await running.ask(withUnknownKid(`kid-${tried}`))).toEqual([401, "key_unknown"]);
    }
    expect(source.requests).toHaveLength(10);
    for (let tried = 0; tried < 50; tried += 1) {
      pass(0.1);
      expect(await running.ask(withUnknownKid(`kid-${tried}`))).toEqual([401, "key_unknown"]);
    }
    expect(source.requests).toHaveLength(15);
  });

  it("makes thirty fetches at once and one more each second if its tokens claim to be new", async () => {
    const running = start([key.jwk]);
    const forge = () => running.ask(token(key, { iat: Math.floor(Date.now() / 1000) }, { kid: "x" }));
    for (let tried = 0; tried < 100; tried += 1) expect(await forge()).toEqual([401, "key_unknown"]);
    expect(source.requests).toHaveLength(30);
    pass(3);
    for (let tried = 0; tried < 100; tried += 1) expect(await forge()).toEqual([401, "key_unknown"]);
    expect(source.requests).toHaveLength(33);
  });

  it("finds a key that is new, in the very request", async () => {
    const running = start([key.jwk]);
    served = [key.jwk, nextKey.jwk];
    expect(await running.ask(next)).toEqual(allowed);
    expect(await running.ask(good)).toEqual(allowed);
    expect(source.requests).toHaveLength(1);
  });

  it("sent all the time by anyone keeps no new key out", async () => {
    const running = start([key.jwk]);
    for (let tried = 0; tried < 100; tried += 1) await running.ask(withUnknownKid(`kid-${tried}`));
    served = [key.jwk, nextKey.jwk];
    expect(await running.ask(token(nextKey, { iat: now }))).toEqual(allowed);
  });

  it("forged as new all the time keeps a key out for less than a second after it is published", async () => {
    const running = start([key.jwk]);
    const flood = async () => {
      const iat = Math.floor(Date.now() / 1000);
      for (let tried = 0; tried < 40; tried += 1) await running.ask(token(key, { iat }, { kid: "x" }));
    };
    for (let second = 0; second < 5; second += 1) {
      await flood();
      pass(1);
    }
    served = [key.jwk, nextKey.jwk];
    await flood();
    expect(await running.ask(next)).toEqual(allowed);
  });

  it.each(["a refresh in the background", "a cold start", "another key's token"])(
    "is found right after %s",
    async (what) => {
      const running = start(what === "a cold start" ? undefined : [key.jwk]);
      if (what === "a refresh in the background") pass(300);
      expect(await running.ask(what === "another key's token" ? withUnknownKid("x") : good)).toHaveLength(2);
      await requests(1);
      served = [key.jwk, nextKey.jwk];
      expect(await running.ask(token(nextKey, { iat: now }))).toEqual(allowed);
    },
  );

  it("never delays a token whose key is known", async () => {
    const running = start([key.jwk]);
    isHeld = true;
    const stranger = running.ask(withUnknownKid("kid-0"));
    await requests(1);
    expect(await running.ask(good)).toEqual(allowed);
    release();
    expect(await stranger).toEqual([401, "key_unknown"]);
  });

  it("of a token that is refused anyway causes no fetch", async () => {
    const running = start([key.jwk]);
    for (const header of [{ alg: "none" }, { jku: source.url }, { typ: "logout+jwt" }]) {
      expect((await running.ask(token(key, {}, { kid: "x", ...header })))[0]).toBe(401);
    }
    expect(source.requests).toHaveLength(0);
  });
});

describe("an issuer that signs with each key as soon as it is published", () => {
  const keys = Array.from({ length: 6 }, (_, index) => makeKey(`key-${index}`));
  const stray = withUnknownKid("stray");
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.constant({ kind: "good" } as const) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("rotate" as const), keepsOld: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("strangers" as const), count: fc.nat(15) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("forger" as const), count: fc.nat(2) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("pass" as const),
        seconds: fc.constantFrom(1, 9, 61, 301, 901),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: "outage" } as const) },
    { weight: 1, arbitrary: fc.constant({ kind: "cold start" } as const) },
  );

  it("has no token refused, whatever strangers send, whatever fails and whenever the function starts", async () => {
    const counted = { good: 0, outages: 0, rotations: 0 };
    const sequence = async (steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]) => {
      jest.setSystemTime(now * 1000);
      let [signer = key, ...later] = keys;
      served = [signer.jwk];
      let deployed = [signer.jwk];
      let running = start(deployed);
      const iat = () => Math.floor(Date.now() / 1000);
      const fresh = () => ({ iat: iat(), exp: iat() + 3600 });
      for (const each of [...steps, { kind: "good" } as const]) {
        if (each.kind === "good") {
          counted.good += 1;
          expect(await running.ask(token(signer, fresh()))).toEqual(allowed);
        } else if (each.kind === "rotate") {
          const [next] = later;
          if (!next) continue;
          counted.rotations += 1;
          later = later.slice(1);
          served = each.keepsOld ? [signer.jwk, next.jwk] : [next.jwk];
          signer = next;
        } else if (each.kind === "strangers") {
          for (let sent = 0; sent < each.count; sent += 1) {
            expect(await running.ask(stray)).toEqual([401, "key_unknown"]);
          }
        } else if (each.kind === "forger") {
          for (let sent = 0; sent < each.count; sent += 1) {
            await running.ask(token(key, fresh(), { kid: `${sent}` }));
          }
        } else if (each.kind === "pass") {
          pass(each.seconds);
        } else if (each.kind === "cold start") {
          deployed = [signer.jwk];
          running = start(deployed);
        } else {
          counted.outages += 1;
          const before: typeof served = served;
          served = "out of order";
          const [status, reason] = await running.ask(token(signer, fresh()));
          // The issuer cannot be asked: our fault, not the caller's.
          expect([200, 500]).toContain(status);
          expect(["allowed", "keys_unavailable"]).toContain(reason);
          served = before;
          // The pause after failures.
          pass(60);
        }
      }
    };
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 30 }), sequence), {
      seed: 20260801,
      numRuns: Math.ceil(15 * share),
    });
    expect(counted.good).toBeGreaterThan(50 * share);
    expect(counted.rotations).toBeGreaterThan(25 * share);
    expect(counted.outages).toBeGreaterThan(5 * share);
  }, 120_000);
});

describe("the address of the keys", () => {
  it("is below the issuer unless the settings have another", async () => {
    for (const [own, path] of [
      [source.url, "/.well-known/jwks.json"],
      [`${source.url}realms/acme`, "/realms/acme/.well-known/jwks.json"],
      [`${source.url}realms/acme/`, "/realms/acme/.well-known/jwks.json"],
    ] as const) {
      const running = new Running(settings(key), [{ kind: "auth0", issuer: own, audience }]);
      expect(await running.ask(token(key, { iss: own }))).toEqual(allowed);
      expect(source.requests.at(-1)?.request).toMatchObject({ method: "GET", url: path });
    }
  });
});
