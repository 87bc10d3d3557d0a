// What of an answer two tenants can have in common: names and types of properties, and the codes of errors. Ids, times and words differ.

/** By path, such as `scopes[].value`, the types that occur there. */
type Shape = ReadonlyMap<string, ReadonlySet<string>>;

/** Properties whose values are codes, in errors. */
const codes = ["statusCode", "error", "errorCode"];

/** @returns what differs, each as a sentence; empty if nothing does */
export function compareShapes(emulated: unknown, real: unknown): string[] {
  const [ours, theirs] = [shapeOf(emulated), shapeOf(real)];
  const paths = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  return paths.flatMap((path) => {
    // If a list or a map is missing, so is what it holds.
    const parent = parentOf(path);
    if (parent !== undefined && !(ours.has(parent) && theirs.has(parent))) return [];
    const [our, their] = [print(ours.get(path)), print(theirs.get(path))];
    if (our === their) return [];
    const name = path === "" ? "the answer" : path;
    // An empty list does not show what it may hold.
    if (path.endsWith("[]") && (our === "" || their === "")) return [];
    if (our === "") return [`${name} (${their}) is missing in the emulator`];
    if (their === "") return [`${name} (${our}) is only in the emulator`];
    return [`${name} is ${our} in the emulator, ${their} in the tenant`];
  });
}

function shapeOf(answer: unknown): Shape {
  const shape = new Map<string, Set<string>>();
  const add = (path: string, type: string) => shape.set(path, (shape.get(path) ?? new Set()).add(type));
  const visit = (value: unknown, path: string): void => {
    if (Array.isArray(value)) {
      add(path, "a list");
      for (const item of value) visit(item, `${path}[]`);
    } else if (typeof value === "object" && value !== null) {
      add(path, "a map");
      for (const [name, one] of Object.entries(value)) visit(one, path === "" ? name : `${path}.${name}`);
    } else {
      const isCode = codes.includes(path) && value !== null;
      add(path, isCode ? JSON.stringify(value) : value === null ? "null" : typeof value);
    }
  };
  visit(answer, "");
  return shape;
}

function parentOf(path: string): string | undefined {
  if (path === "") return undefined;
  if (path.endsWith("[]")) return path.slice(0, -2);
  const dot = path.lastIndexOf(".");
  return dot < 0 ? "" : path.slice(0, dot);
}

function print(types: ReadonlySet<string> | undefined): string {
  return [...(types ?? [])].sort().join(" or ");
}
