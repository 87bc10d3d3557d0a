import { datedLosses, lossesOf, recentLosses } from "../../customers/losses";

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
