// Ranges of IPv4 addresses.

export interface Range {
  /** First and last address, as numbers. */
  first: number;
  last: number;
  /** Bits that all of its addresses have in common. */
  prefix: number;
}

/** `10.0.0.0/16`; undefined for everything else, also where bits beyond the prefix are set. */
export function parseCidr(text: unknown): Range | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(String(text));
  if (!match) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  if ([a, b, c, d].some((byte) => byte > 255) || prefix > 32) return undefined;
  const first = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { first, last: first + size - 1, prefix } : undefined;
}

export function contains(outer: Range, inner: Range): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

export function overlap(one: Range, other: Range): boolean {
  return one.first <= other.last && other.first <= one.last;
}

/** The first `count` ranges of that prefix in the outer one, as texts. */
export function divide(outer: Range, prefix: number, count: number): string[] {
  const size = 2 ** (32 - prefix);
  return Array.from({ length: count }, (_, index) => {
    const first = outer.first + index * size;
    return `${[24, 16, 8, 0].map((bits) => Math.floor(first / 2 ** bits) % 256).join(".")}/${prefix}`;
  });
}
