// Regular expressions of schemas: documents have those of many languages, and AWS doesn't say which one its models speak.

/** Whether the pattern means the same in ECMAScript 5, in later editions, and in Java. */
export function isPortablePattern(pattern: string): boolean {
  return foreign.every((syntax) => !syntax.test(withoutEscapedBackslashes(pattern))) && compiles(pattern);
}

const foreign = [
  // Lookbehind, named groups, and flags within: all groups but (?:...), (?=...) and (?!...).
  /\(\?[^:=!]/,
  // Letters after a backslash that ECMAScript 5 reads as the letter itself, such as \p{L} and \A.
  /\\(?![bBcdDfnrsStvwWxu])[A-Za-z]/,
  /\\[ux]\{/,
  // [[:alpha:]]
  /\[:\^?\w+:\]/,
];

function withoutEscapedBackslashes(pattern: string): string {
  return pattern.replaceAll("\\\\", "");
}

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern) instanceof RegExp;
  } catch {
    return false;
  }
}
