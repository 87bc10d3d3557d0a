import { generateKeyPairSync } from "node:crypto";
import type { CustomerClient } from "../../src/customers/load-customers";
import { clientsOf, readLastDeployment } from "../../src/deployment/last-deployment";
import { datedLosses, lossesOf, recentLosses } from "../../src/deployment/losses";

const now = new Date("2026-11-30T12:00:00Z");
const at = now.toISOString();
const scopes = ["read:orders"];
const client = (name: string, more = {}) => ({ name, scopes, closing: false, rotation: "1", ...more });
const declared = (
  id: string,
  status: "active" | "suspended" | "closing" = "active",
  clients = [client("ci")],
) => ({
  ...{ id, status, clients },
});
const none = { removed: [], closed: [], suspended: [], clients: [], scopes: [] };

test("each kind of loss is found once, and those of a customer who goes not by themselves", () => {
  const deployed = Object.fromEntries(
    ["a", "b", "c", "d", "e"].map((id) => [id, { status: "active", clients: { ci: "1", old: "2" } }]),
  );
  const known = { ci: { scopes: ["read:orders", "write:orders"] }, old: { scopes } };
  const clients = { b: known, c: known, d: known, e: known };
  const after = [declared("b", "closing"), declared("c", "suspended"), declared("d")];
  expect(lossesOf({ deployed, declared: after, clients })).toEqual({
    removed: ["a", "e"],
    closed: ["b"],
    suspended: ["c"],
    clients: [{ customer: "d", client: "old" }],
    scopes: [{ customer: "d", client: "ci", scope: "write:orders" }],
  });
});

test("who was closing loses nothing by being suspended", () => {
  const deployed = { a: { status: "closing", clients: { ci: "1" } } };
  expect(lossesOf({ deployed, declared: [declared("a", "suspended")], clients: {} })).toEqual(none);
});

test("the next deployment knows this one's losses by their last date", () => {
  const before = [
    { at: "2026-11-30T01:00:00Z", customer: "a" },
    { at: "2026-11-30T02:00:00Z", customer: "b" },
  ];
  const losses = { ...none, removed: ["a"], scopes: [{ customer: "c", client: "ci", scope: "x" }] };
  expect(datedLosses(before, losses, now)).toEqual([
    before[1],
    { at, customer: "a" },
    { at, customer: "c", client: "ci", scope: "x" },
  ]);
});

test("what the files give back is lost no more", () => {
  const losses = [
    { at, customer: "a" },
    { at, customer: "a", client: "ci" },
    { at, customer: "a", client: "ci", scope: "read:orders" },
  ];
  const left = (...args: Parameters<typeof declared>) =>
    recentLosses(losses, [declared(...args)], now).length;
  expect(left("a")).toBe(0);
  expect(left("a", "suspended")).toBe(3);
  expect(left("a", "active", [client("ci", { closing: true })])).toBe(2);
  expect(left("a", "active", [client("ci", { scopes: ["other"] })])).toBe(1);
  expect(left("a", "active", [client("other")])).toBe(2);
  expect(left("b")).toBe(3);
});

describe("credentials of a client that stays", () => {
  const pem = () =>
    String(
      generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "pem" }),
    );
  const [first, second] = [pem(), pem()];
  const lost = (before: Partial<CustomerClient>, after: Partial<CustomerClient>) => {
    const customer = (more: Partial<CustomerClient>) => declared("a", "active", [client("ci", more)]);
    const was = { displayName: "A", organization: "a", metadata: {}, ...customer(before) };
    const { clients } = readLastDeployment({ lastDeployment: { clients: clientsOf([was]) } });
    const deployed = { a: { status: "active", clients: { ci: "1" } } };
    return lossesOf({ deployed, declared: [customer(after)], clients }).clients.length > 0;
  };

  test.each<[what: string, before: Partial<CustomerClient>, after: Partial<CustomerClient>, isLost: boolean]>(
    [
      ["nothing changes for a secret", {}, {}, false],
      ["nothing changes for a key", { publicKey: first }, { publicKey: first }, false],
      ["a secret rotates beside the old one", {}, { rotation: "2", retiring: "1" }, false],
      ["the old secret ends", { rotation: "2", retiring: "1" }, { rotation: "2" }, false],
      ["a secret rotates at once", {}, { rotation: "2" }, true],
      ["a rotated secret gives way to a key", { rotation: "2" }, { publicKey: first, rotation: "2" }, true],
      ["a secret gives way to a key", {}, { publicKey: first }, true],
      ["a key gives way to a secret", { publicKey: first }, {}, true],
      ["a key is replaced at once", { publicKey: first }, { publicKey: second }, true],
      [
        "a key is replaced beside the old one",
        { publicKey: first },
        { publicKey: second, retiringPublicKey: first },
        false,
      ],
      ["the old key ends", { publicKey: second, retiringPublicKey: first }, { publicKey: second }, false],
      [
        "the key in use is called off, and the one before it stays",
        { publicKey: second, retiringPublicKey: first },
        { publicKey: first },
        false,
      ],
      [
        "a client that is closing gets another key",
        { publicKey: first, closing: true },
        { publicKey: second },
        false,
      ],
    ],
  )("%s", (_, before, after, isLost) => {
    expect(lost(before, after)).toBe(isLost);
  });

  test("of a client whose keys an older version deployed, nothing is known", () => {
    const deployed = { a: { status: "active", clients: { ci: "1" }, keys: { ci: { abc: "customer" } } } };
    const after = [declared("a", "active", [client("ci", { publicKey: second })])];
    expect(lossesOf({ deployed, declared: after, clients: { a: { ci: { scopes } } } })).toEqual(none);
  });

  test("are not given back within the day, and count once", () => {
    const loss = { customer: "a", client: "ci", credentials: true as const };
    expect(recentLosses([{ at, ...loss }], [declared("a")], now)).toEqual([{ at, ...loss }]);
    expect(datedLosses([{ at, ...loss }], { ...none, clients: [loss] }, now)).toEqual([{ at, ...loss }]);
  });
});
