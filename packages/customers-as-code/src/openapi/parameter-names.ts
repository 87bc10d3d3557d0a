// API Gateway's tree of paths has one {parameter} in a place, and documents may name it differently in each path.

/** A path, and the names that the other parameters of its operations have. */
export interface NamedPath {
  path: string;
  /** Of the query and the headers: AWS doesn't take a path parameter of the same name. */
  taken: readonly string[];
}

/**
 * Gives each place one name, since callers never see it: the first that is free in all paths through it.
 * @returns the paths that have other names then, by their own
 */
export function unifyParameterNames(paths: readonly NamedPath[]): Map<string, string> {
  const places = new Map<string, { own: string[]; taken: Set<string> }>();
  for (const { path, taken } of paths) {
    for (const { place, part } of listParameterPlaces(path)) {
      const known = places.get(place) ?? { own: [], taken: new Set<string>() };
      known.own.push(part);
      for (const name of taken) known.taken.add(name);
      places.set(place, known);
    }
  }
  const chosen = new Map<string, string>();
  const unified = new Map<string, string>();
  for (const { path } of paths) {
    const above = new Set<string>();
    const parts = path.split("/");
    for (const { place, index, part } of listParameterPlaces(path)) {
      const { own = [part], taken = new Set<string>() } = places.get(place) ?? {};
      const name = chosen.get(place) ?? chooseName(own, taken, above);
      chosen.set(place, name);
      above.add(nameIn(name));
      parts[index] = name;
    }
    const given = parts.join("/");
    if (given !== path) unified.set(path, given);
  }
  return unified;
}

function listParameterPlaces(path: string): { place: string; index: number; part: string }[] {
  const parts = path.split("/");
  return parts.flatMap((part, index) =>
    part.startsWith("{")
      ? [
          {
            place: parts
              .slice(0, index)
              .join("/")
              .replaceAll(/\{[^}]*\}/g, "{}"),
            index,
            part,
          },
        ]
      : [],
  );
}

/**
 * @param own as they stand in paths: `{id}`
 * @param above names that the paths through this place have before it
 */
function chooseName(own: readonly string[], taken: ReadonlySet<string>, above: ReadonlySet<string>): string {
  const free = own.filter((part) => !above.has(nameIn(part)));
  const [first = "{id}"] = own;
  let numbered = first;
  for (let count = 2; above.has(nameIn(numbered)); count += 1) {
    numbered = first.replace(/\+?\}$/, (end) => `${count}${end}`);
  }
  return free.find((part) => !taken.has(nameIn(part))) ?? free[0] ?? numbered;
}

function nameIn(part: string): string {
  return part.replaceAll(/[{+}]/g, "");
}
