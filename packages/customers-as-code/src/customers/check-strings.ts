// Whether every string of a customer file can be seen as it is: YAML writes any character as an escape.
import { findHidden } from "../problems/invisible";
import type { Problem } from "../problems/problem";
import { isRecord } from "../problems/record";
import type { Source } from "../problems/source";
import { printPath } from "../problems/words";

/** PEM has lines. */
const withLines = new Set<PropertyKey>(["publicKey", "retiringPublicKey"]);

/** Looks at the plain value, so that it is checked in a file that has other problems too. */
export function checkStrings(source: Source): Problem[] {
  return checkValue(source, source.value, []);
}

function checkValue(source: Source, value: unknown, path: readonly PropertyKey[]): Problem[] {
  if (typeof value === "string") {
    const key = path.at(-1);
    const hidden = findHidden(value, { layout: key !== undefined && withLines.has(key) });
    if (hidden === undefined) return [];
    const message = `${printPath(path)}: contains the invisible character ${hidden.name}. Type it again without it.`;
    return [{ ...source.at(path), code: "customer-file-invisible-character", message }];
  }
  if (Array.isArray(value)) return value.flatMap((inner, at) => checkValue(source, inner, [...path, at]));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const hidden = findHidden(key, { layout: false });
    const own: Problem[] =
      hidden === undefined
        ? []
        : [
            {
              ...source.atKey(path, key),
              code: "customer-file-invisible-character",
              message: `${printPath([...path, "a key"])}: contains the invisible character ${hidden.name}. Type it again without it.`,
            },
          ];
    return [...own, ...checkValue(source, inner, [...path, key])];
  });
}
