import { countSteps, renderSteps } from "../../../src/review/comment/plan-text";
import { archiveMark, plan, step } from "../../../testing/preview-events";

test("what an import replaces is counted, and shown", () => {
  const { steps } = plan(
    step("Client", "acme/ci", { op: "import-replacement", old: {}, new: {} }),
    step("Client", "acme/ci", { op: "delete-replaced", old: {} }),
    step("Client", "globex/ci", { op: "import", new: {} }),
  );
  expect(countSteps(steps)).toBe("1 to import, 1 to replace by an import");
  expect(renderSteps(steps)[0]).toBe("+ auth0:index/client:Client acme/ci import-replacement");
});

test("a value is shown with its end, where strangers' hosts are", () => {
  const { steps } = plan(
    step("RestApi", "gateway", {
      op: "update",
      old: { description: "a" },
      new: { description: `${"x".repeat(5000)}@stranger.example.com` },
      diffs: ["description"],
    }),
  );
  expect(renderSteps(steps)[1]).toMatch(/\(5023 characters\) …x+@stranger\.example\.com"$/);
});

test("of an archive it is shown which of its files are different", () => {
  const archive = (hash: string, config: string) => ({
    ...archiveMark(hash),
    assets: { "index.js": { hash: "1111111111111111" }, "config.json": { hash: config } },
  });
  const { steps } = plan(
    step("Function", "gateway-authorizer", {
      op: "update",
      old: { code: archive("aaaaaaaaaaaaaaaa", "2222222222222222") },
      new: { code: archive("bbbbbbbbbbbbbbbb", "3333333333333333") },
      diffs: ["code"],
    }),
  );
  expect(renderSteps(steps)[1]).toBe(
    '!     code: "archive aaaaaaaaaaaa (config.json 222222222222, index.js 111111111111)" -> "archive bbbbbbbbbbbb (config.json 333333333333, index.js 111111111111)"',
  );
});
