// The API key that an answer names for API Gateway's usage plans.
import { compileConfig } from "../build/compile";
import type { AuthorizerConfig, UsageKeys } from "../src/config";
import { policyAnswer, Running, restEvent, settings, stopClock } from "../testing/fixture";
import { makeKey, token } from "../testing/tokens";

stopClock();

const key = makeKey("key-1");
const own = { org_Acme1: "acme".padEnd(20, "1"), org_Globex: "globex".padEnd(20, "1") };
const shared = "shared".padEnd(20, "1");
const start = (changes: Partial<AuthorizerConfig> = {}) => new Running(settings(key, changes));

async function ask(running: Running, org_id: string, request = "GET /orders") {
  return policyAnswer(await running.handler(restEvent(`Bearer ${token(key, { org_id })}`, request)));
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
describe("an answer", () => {
  it("names the organization's key, whatever the request", async () => {
    const running = start({ usageKeys: { own, shared } });
    for (const request of ["GET /orders", "DELETE /orders/1", "GET /me"]) {
      expect((await ask(running, "org_Acme1", request)).usageIdentifierKey).toBe(own.org_Acme1);
    }
    expect((await ask(running, "org_Globex")).usageIdentifierKey).toBe(own.org_Globex);
  });

  it("names the shared key for every other organization, and none where there is none", async () => {
    const answers = async (usageKeys: UsageKeys) =>
      (await ask(start({ usageKeys }), "org_Portal")).usageIdentifierKey;
    expect(await answers({ own, shared })).toBe(shared);
    expect(await answers({ own })).toBeUndefined();
  });

  it("takes no property of all objects for a key", async () => {
    const issuers = settings(key).issuers.map((issuer) => ({ ...issuer, kind: "other" as const }));
    const running = start({ issuers, usageKeys: { own } });
    for (const name of ["constructor", "__proto__", "toString"]) {
      expect((await ask(running, name)).usageIdentifierKey).toBeUndefined();
    }
  });

  it("has no such member where there are no usage plans", async () => {
    expect(JSON.stringify(await ask(start(), "org_Acme1"))).not.toContain("usageIdentifierKey");
  });
});

it("the log has no key", async () => {
  const running = start({ usageKeys: { own, shared } });
  for (const organization of ["org_Acme1", "org_Portal"]) await ask(running, organization);
  expect(running.lines).toHaveLength(2);
  for (const value of [own.org_Acme1, shared]) expect(running.lines.join()).not.toContain(value);
});

describe("keys", () => {
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
  it.each<[string, UsageKeys, string]>([
    [
      "a short one",
      { own: { org_A: "a".repeat(19) } },
      "the key of org_A must be 20 to 128 letters and digits",
    ],
    ["a long one", { own: { org_A: "a".repeat(129) } }, "the key of org_A must be 20 to 128"],
    ["other characters", { own, shared: "a-b".repeat(10) }, "the key of all others must be 20 to 128"],
    [
      "one key for two",
      { own: { org_A: shared, org_B: shared } },
      "org_A and org_B have the same key; give each its own",
    ],
    [
      "an own key that is shared",
      { own: { org_A: shared }, shared },
      "org_A and all others have the same key",
    ],
  ])("are refused while deploying: %s", (_, usageKeys, problem) => {
    const compile = () => compileConfig(settings(key, { usageKeys }));
    expect(compile).toThrow(`usageKeys: ${problem}`);
    for (const value of Object.values(usageKeys.own)) expect(compile).not.toThrow(value);
  });

  it("are refused where simple answers leave them out", () => {
    expect(() => compileConfig(settings(key, { answers: "simple", usageKeys: { own } }))).toThrow(
      "usageKeys: a simple answer has no place for a key; answer with a policy",
    );
  });
});
