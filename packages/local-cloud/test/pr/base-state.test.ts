// When the base is deployed again.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestBase, readBaseState, writeBaseState } from "../../src/pr/base-state";

const folder = mkdtempSync(join(tmpdir(), "base-state-"));
afterAll(() => rmSync(folder, { recursive: true }));

const product = join(folder, "node_modules", "customers-as-code");
mkdirSync(join(product, "dist"), { recursive: true });
writeFileSync(join(product, "package.json"), '{"version":"1.0.0"}');
writeFileSync(join(product, "dist", "index.js"), "");

test("there is no base at first, and then the one that was written", () => {
  expect(readBaseState(folder)).toBeUndefined();
  writeBaseState(folder, "abc");
  expect(readBaseState(folder)).toBe("abc");
});

test("other files, another version, other packages and another build are another base", () => {
  const digests = [digestBase({ files: "1" }, product)];
  expect(digestBase({ files: "1" }, product)).toBe(digests[0]);
  digests.push(digestBase({ files: "2" }, product));
  writeFileSync(join(product, "package.json"), '{"version":"1.0.1"}');
  digests.push(digestBase({ files: "1" }, product));
  writeFileSync(join(folder, "node_modules", ".package-lock.json"), "{}");
  digests.push(digestBase({ files: "1" }, product));
  utimesSync(join(product, "dist", "index.js"), 1, 1);
  digests.push(digestBase({ files: "1" }, product));
  expect(new Set(digests).size).toBe(5);
});
