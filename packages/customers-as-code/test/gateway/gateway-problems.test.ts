// The wording of every problem of the gateway's settings, in one file.
import { join } from "node:path";
import { type CheckBackendsArgs, checkBackends } from "../../src/gateway/backends/check-backends";
import { asRecord } from "../../src/problems/record";
import { parseSource } from "../../src/problems/source";
import { expectGolden } from "../problems/golden";

interface Given extends Partial<Pick<CheckBackendsArgs, "apiType" | "backendUrl">> {
  /** What the operation GET /orders chooses; the backend `orders` if this is left out. */
  operation?: { name?: string; timeoutMs?: number };
}

/** @param backends lines under the key `backends` of the stack's file */
function check(backends: string[], given: Given = {}) {
  const { apiType = "rest", backendUrl = "", operation = { name: "orders" } } = given;
  const lines = ["config:", "  orders:backends:", ...backends.map((line) => `    ${line}`)];
  const source = parseSource("Pulumi.dev.yaml", lines.map((line) => `${line}\n`).join(""));
  const above = ["config", "orders:backends"];
  const place = { file: "openapi.yaml", line: 20, column: 18 };
  const { name, timeoutMs } = operation;
  const choice = {
    route: "GET /orders",
    ...(name !== undefined && { name: { value: name, place } }),
    ...(timeoutMs !== undefined && { timeoutMs: { value: timeoutMs, place } }),
  };
  return () =>
    checkBackends({
      given: asRecord(asRecord(asRecord(source.value).config)["orders:backends"]),
      backendUrl,
      apiType,
      wanted: [choice],
      places: {
        at: (path) => source.at([...above, ...path]),
        atKey: (path, key) => source.atKey([...above, ...path], key),
      },
    }).problems;
}

const orders = "orders: { kind: http, url: https://orders.example.com }";
const byDefault: Given = { backendUrl: "https://backend.example.com", operation: {} };

test("the wording of the gateway's problems is that of the golden file", () => {
  expectGolden("gateway", join(__dirname, "__golden__/gateway.txt"), {
    "backend-invalid-name": check([orders, "2nd: { kind: mock }"]),
    "backend-unknown-kind": check(["orders: { kind: htpp, url: https://orders.example.com }"]),
    "backend-unknown-key": check(["orders: { kind: http, url: https://orders.example.com, timeout: 900 }"]),
    "backend-missing-value": check(["orders: { kind: http }"]),
    "backend-wrong-type": check(["orders: https://orders.example.com"]),
    "backend-invalid-value": check(["orders: { kind: http, url: ftp://orders.example.com }"]),
    "backend-conflict": check(["default: { kind: mock }"], byDefault),
    "backend-timeout": check([orders], { operation: { name: "orders", timeoutMs: 60_000 } }),
    "backend-unknown": check([orders], { operation: { name: "order" } }),
    "backend-unused": check([orders], byDefault),
    "backend-default-missing": check([orders], { operation: {} }),
    "api-type-unsupported": check(["orders: { kind: mock }"], { apiType: "http" }),
  });
});

test("no backend is unused while the document has no operation that could use it", () => {
  const given = { orders: { kind: "http", url: "https://orders.example.com" } };
  const places = { file: "Pulumi.dev.yaml" };
  expect(checkBackends({ given, backendUrl: "", apiType: "rest", wanted: [], places }).problems).toEqual([]);
});
