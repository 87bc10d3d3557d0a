// Runs what takes its time for each of several things, so many at once.

/** @returns what came of each, in the order of the things @throws what the first one throws */
export async function sideBySide<T, R>(
  things: readonly T[],
  atOnce: number,
  run: (thing: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = things.entries();
  const work = async () => {
    for (const [at, thing] of queue) results[at] = await run(thing);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, things.length) }, work));
  return results;
}
