// What a customer's file says of one stack alone, laid over what it says of all.
import { asRecord, getOwn, isRecord } from "../problems/record";
import type { Source } from "../problems/source";

/**
 * The file as the stack sees it: maps are joined key by key, anything else is replaced. What comes from the stack's part has its
 * place there.
 */
export function forStack(source: Source, stack: string): Source {
  const { stacks, ...shared } = asRecord(source.value);
  const part = getOwn(asRecord(stacks), stack);
  const within = (path: readonly PropertyKey[]) => ["stacks", stack, ...path];
  const isInPart = (path: readonly PropertyKey[]) => {
    const depth = depthIn(part, path);
    return (depth > 0 && depth === path.length) || depth > depthIn(shared, path);
  };
  return {
    ...source,
    value: isRecord(part) ? join(shared, part) : shared,
    at: (path) => source.at(isInPart(path) ? within(path) : path),
    atKey: (path, key) => source.atKey(isInPart([...path, key]) ? within(path) : path, key),
  };
}

/** The stacks of which the file says something of their own. */
export function stacksInFile(source: Source): string[] {
  return Object.keys(asRecord(asRecord(source.value).stacks));
}

function join(shared: unknown, part: unknown): unknown {
  if (!isRecord(shared) || !isRecord(part)) return part;
  const keys = new Set([...Object.keys(shared), ...Object.keys(part)]);
  return Object.fromEntries(
    [...keys].map((key) => [
      key,
      Object.hasOwn(part, key) ? join(getOwn(shared, key), part[key]) : shared[key],
    ]),
  );
}

/** How many steps of the path there are. */
function depthIn(value: unknown, path: readonly PropertyKey[]): number {
  let inner = value;
  for (const [depth, key] of path.entries()) {
    if (Array.isArray(inner) && typeof key === "number" && key < inner.length) inner = inner[key];
    else if (isRecord(inner) && Object.hasOwn(inner, key)) inner = inner[String(key)];
    else return depth;
  }
  return path.length;
}
