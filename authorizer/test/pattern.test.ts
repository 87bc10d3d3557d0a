import * as fc from "fast-check";
import { intersects } from "../src/pattern";

describe("an IAM pattern and a route's template", () => {
  it.each([
    ["GET/orders", "GET/orders", true],
    ["GET/orders", "GET/orders/", false],
    ["GET/orders", "GET/order", false],
    ["GET/order", "GET/orders", false],
    ["GET/orders/*", "GET/orders/+", true],
    ["GET/orders/*", "GET/orders", false],
    ["GET/orders/*", "GET/orders/", true],
    ["GET/orders*", "GET/orders-old/+", true],
    ["GET/*/items", "GET/orders/+/items", true],
    ["GET/*/items", "GET/orders/items", true],
    ["GET/*/items", "GET/orders/+", true],
    ["GET/*/items", "GET/orders", false],
    ["GET/*/*", "GET/+", false],
    ["GET/*/*", "GET/*", true],
    ["*/orders", "POST/orders", true],
    ["*/orders", "POST/+/+/orders", true],
    ["*", "GET/", true],
    ["", "", true],
    ["", "+", false],
    ["GET/", "GET/+", false],
    ["GET/a/b", "GET/+", false],
    ["GET/a/b", "GET/*", true],
  ])("%s and %s have a request in common: %s", (pattern, template, expected) => {
    expect(intersects(pattern, template)).toBe(expected);
  });

  it("have one in common if any text shows it", () => {
    const texts = allTexts(8);
    const of = (wildcards: string[]) =>
      fc.array(fc.constantFrom("a", "/", ...wildcards), { maxLength: 4 }).map((parts) => parts.join(""));
    const counts = { true: 0, false: 0 };
    fc.assert(
      fc.property(of(["*"]), of(["+", "*"]), (pattern, template) => {
        const [left, right] = [expression(pattern, ".*"), expression(template, ".+")];
        const expected = texts.some((text) => left.test(text) && right.test(text));
        counts[`${expected}`] += 1;
        expect(intersects(pattern, template)).toBe(expected);
      }),
      { seed: 20260703, numRuns: 1000 },
    );
    expect(counts.true).toBeGreaterThan(100);
    expect(counts.false).toBeGreaterThan(100);
  });
});

function expression(pattern: string, star: string): RegExp {
  return new RegExp(`^${pattern.replaceAll("*", "STAR").replaceAll("+", "[^/]+").replaceAll("STAR", star)}$`);
}

/** Every text of up to so many characters, of two. */
function allTexts(length: number): string[] {
  const shorter = length === 0 ? [] : allTexts(length - 1);
  return [""].concat(shorter.flatMap((text) => ["a", "/"].map((character) => text + character)));
}
