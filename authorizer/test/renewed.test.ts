// What grows old is fetched again: by the clock, also where the process was frozen or the clock was set.
import { Fault } from "../src/reason";
import { fetchesBegun, MustWait, Renewed } from "../src/renewed";
import { pass, stopClock } from "../testing/fixture";

stopClock();

const lifetimes = { refreshSeconds: 300, waitSeconds: 900, limitSeconds: 86_400 };

/** A source whose fetches the test ends, in any order. */
class Fetches {
  readonly reports: unknown[] = [];
  private readonly open: { resolve: (value: string) => void; reject: (error: unknown) => void }[] = [];
  readonly renewed: Renewed<string>;

  constructor(initial?: string, ages = lifetimes) {
    const fetch = () => new Promise<string>((resolve, reject) => this.open.push({ resolve, reject }));
    this.renewed = new Renewed(initial, fetch, ages, "keys_unavailable", (error) => this.reports.push(error));
  }

  get count(): number {
    return this.open.length;
  }

  async succeed(index: number, value: string): Promise<void> {
    this.open[index]?.resolve(value);
    await settle();
  }

  async fail(index: number): Promise<void> {
    this.open[index]?.reject(new Error("unreachable"));
    await settle();
  }

  /** The value; or that a fetch must be waited for; or the fault. */
  get current(): string {
    try {
      return this.renewed.current;
    } catch (error) {
      if (error instanceof MustWait) return "(wait)";
      if (error instanceof Fault) return `(${error.reason})`;
      throw error;
    }
  }
}

/** Promises that are settled by now have called everyone who waits. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await null;
}

describe("a value", () => {
  it("is used without a fetch until it is due for a refresh, in the background until callers must wait for it", async () => {
    const fetches = new Fetches();
    expect([fetches.current, fetches.count]).toEqual(["(wait)", 1]);
    await fetches.succeed(0, "b");
    pass(299.999);
    expect([fetches.current, fetches.count]).toEqual(["b", 1]);
    pass(600);
    expect([fetches.current, fetches.count]).toEqual(["b", 2]);
    await fetches.succeed(1, "c");
    pass(900);
    expect([fetches.current, fetches.count]).toEqual(["(wait)", 3]);
    await fetches.succeed(2, "d");
    expect([fetches.current, fetches.count]).toEqual(["d", 3]);
  });

  it.each([
    [300, 5],
    [3, 3],
  ])(
    "of the beginning, where it is fetched again each %s s, is that at %s s at the latest",
    async (refresh, due) => {
      const fetches = new Fetches("a", { ...lifetimes, refreshSeconds: refresh });
      pass(due - 0.001);
      expect([fetches.current, fetches.count]).toEqual(["a", 0]);
      pass(0.001);
      expect([fetches.current, fetches.count]).toEqual(["a", 1]);
      pass(1);
      await fetches.fail(0);
      expect([fetches.current, fetches.count]).toEqual(["a", 1]);
      pass(1);
      expect([fetches.current, fetches.count]).toEqual(["a", 2]);
      await fetches.succeed(1, "b");
      pass(refresh - 0.001);
      expect([fetches.current, fetches.count]).toEqual(["b", 2]);
      pass(0.001);
      expect([fetches.current, fetches.count]).toEqual(["b", 3]);
    },
  );

  it("is as old as the beginning of its fetch", async () => {
    const fetches = new Fetches();
    expect(fetches.current).toBe("(wait)");
    pass(2);
    await fetches.succeed(0, "a");
    expect(fetches.renewed.ageSeconds).toBe(2);
  });

  it("is fetched once for all who ask meanwhile", () => {
    const fetches = new Fetches();
    for (let asked = 0; asked < 10; asked += 1) expect(fetches.current).toBe("(wait)");
    expect(fetches.count).toBe(1);
  });

  it("is used while it cannot be fetched again, up to the limit, and not a moment longer", async () => {
    const fetches = new Fetches("a");
    pass(86_399.999);
    expect(fetches.current).toBe("(wait)");
    await fetches.fail(0);
    expect(fetches.current).toBe("a");
    pass(0.001);
    expect(fetches.current).toBe("(keys_unavailable)");
    pass(1);
    expect(fetches.current).toBe("(wait)");
    await fetches.succeed(1, "b");
    expect(fetches.current).toBe("b");
  });
});

describe("failures", () => {
  it("make the pauses between fetches longer: 1, 2, 4 and up to 60 seconds, and a success makes them short again", async () => {
    const fetches = new Fetches();
    expect(await failEverySecond(fetches, 250)).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
    pass(60);
    expect(fetches.current).toBe("(wait)");
    await fetches.succeed(10, "a");
    expect(fetches.renewed.isFailing).toBe(false);
    pass(900);
    expect(await failEverySecond(fetches, 5)).toEqual([0, 1, 3]);
  });

  it("are all reported, with their cause in the fault", async () => {
    const fetches = new Fetches();
    expect(fetches.current).toBe("(wait)");
    await fetches.fail(0);
    expect(fetches.reports).toEqual([new Error("unreachable")]);
    expect(() => fetches.renewed.current).toThrow(
      expect.objectContaining({ reason: "keys_unavailable", cause: new Error("unreachable") }),
    );
  });
});

/** Asks every second; each fetch fails at once. The seconds in which one was begun. */
async function failEverySecond(fetches: Fetches, seconds: number): Promise<number[]> {
  const begun: number[] = [];
  for (let second = 0; second < seconds; second += 1) {
    const { count } = fetches;
    fetches.current;
    if (fetches.count > count) begun.push(second);
    await fetches.fail(count);
    pass(1);
  }
  return begun;
}

describe("asking for a newer value", () => {
  const mustWait = (renew: () => void) => {
    try {
      renew();
      return false;
    } catch (error) {
      if (error instanceof MustWait) return true;
      throw error;
    }
  };

  const late = Number.MAX_VALUE;

  it("fetches, unless it was fetched since the request came", async () => {
    const fetches = new Fetches("a");
    const asked = fetchesBegun();
    expect(mustWait(() => fetches.renewed.renew(asked, late))).toBe(true);
    await fetches.succeed(0, "b");
    expect(mustWait(() => fetches.renewed.renew(asked, late))).toBe(false);
    expect(mustWait(() => fetches.renewed.renew(fetchesBegun(), late))).toBe(true);
    expect(fetches.count).toBe(2);
  });

  it.each([
    ["30 times at once for something new", true, 30],
    ["10 times at once for something older than the value", false, 10],
  ])("fetches %s, then once a second", async (_, isNew, most) => {
    const fetches = new Fetches("a");
    const old = Date.now();
    const ask = async (times: number) => {
      for (let asked = 0; asked < times; asked += 1) {
        if (mustWait(() => fetches.renewed.renew(fetchesBegun(), isNew ? late : old)))
          await fetches.succeed(fetches.count - 1, "b");
      }
      return fetches.count;
    };
    expect(await ask(50)).toBe(most);
    pass(0.999);
    expect(await ask(50)).toBe(most);
    pass(0.001);
    expect(await ask(50)).toBe(most + 1);
    pass(4);
    expect(await ask(50)).toBe(most + 5);
    pass(3_600);
    expect(await ask(50)).toBe(2 * most + 5);
  });

  it("waits for the fetch under way rather than begin another", () => {
    const fetches = new Fetches("a");
    pass(300);
    expect(fetches.current).toBe("a");
    expect(mustWait(() => fetches.renewed.renew(fetchesBegun(), late))).toBe(true);
    expect(fetches.count).toBe(1);
  });

  it("does not hasten a fetch that failed", async () => {
    const fetches = new Fetches("a");
    pass(300);
    expect(fetches.current).toBe("a");
    for (const index of [0, 1, 2, 3, 4]) {
      await fetches.fail(index);
      pass(2 ** index - 0.001);
      expect(mustWait(() => fetches.renewed.renew(fetchesBegun(), late))).toBe(false);
      pass(0.001);
      expect(mustWait(() => fetches.renewed.renew(fetchesBegun(), late))).toBe(true);
    }
  });
});

describe("a process that was frozen during a fetch", () => {
  it("begins another, and takes no late answer of the first for the newer one", async () => {
    const fetches = new Fetches("a");
    pass(300);
    expect(fetches.current).toBe("a");
    pass(600);
    expect([fetches.current, fetches.count]).toEqual(["(wait)", 2]);
    await fetches.succeed(1, "newest");
    await fetches.succeed(0, "late");
    expect(fetches.current).toBe("newest");
  });

  it("minds no late failure of the first while the second is under way", async () => {
    const fetches = new Fetches("a");
    pass(900);
    expect(fetches.current).toBe("(wait)");
    pass(5);
    expect([fetches.current, fetches.count]).toEqual(["(wait)", 2]);
    await fetches.fail(0);
    expect(fetches.renewed.isFailing).toBe(false);
    expect([fetches.current, fetches.count]).toEqual(["(wait)", 2]);
    await fetches.succeed(1, "b");
    expect(fetches.current).toBe("b");
  });

  it("does not hold the failure against the source: it tries again at once", async () => {
    const fetches = new Fetches("a");
    pass(300);
    expect(fetches.current).toBe("a");
    // Its timeout comes due in the moment of the thaw, before any request.
    pass(86_400);
    await fetches.fail(0);
    expect(fetches.reports).toHaveLength(1);
    expect([fetches.current, fetches.count]).toEqual(["(wait)", 2]);
    await fetches.succeed(1, "b");
    expect(fetches.current).toBe("b");
  });

  it("takes a late answer if there is no newer one, for as old as it is", async () => {
    const fetches = new Fetches("a");
    pass(300);
    expect(fetches.current).toBe("a");
    pass(600);
    await fetches.succeed(0, "late");
    expect(fetches.renewed.ageSeconds).toBe(600);
    expect([fetches.current, fetches.count]).toEqual(["late", 2]);
  });

  it("waits for a fetch of less than five seconds", () => {
    const fetches = new Fetches();
    expect(fetches.current).toBe("(wait)");
    pass(4.999);
    expect([fetches.current, fetches.count]).toEqual(["(wait)", 1]);
    pass(0.001);
    expect([fetches.current, fetches.count]).toEqual(["(wait)", 2]);
  });
});

describe("a clock that is set back", () => {
  it("makes nothing young again", async () => {
    const fetches = new Fetches("a");
    pass(-3_600);
    expect([fetches.current, fetches.count]).toEqual(["(wait)", 1]);
    await fetches.succeed(0, "b");
    expect(fetches.renewed.ageSeconds).toBe(0);
    expect([fetches.current, fetches.count]).toEqual(["b", 1]);
  });

  it("does not stop fetches until it is where it was", async () => {
    const fetches = new Fetches();
    expect(fetches.current).toBe("(wait)");
    await fetches.fail(0);
    expect(fetches.current).toBe("(keys_unavailable)");
    pass(-3_600);
    expect([fetches.current, fetches.count]).toEqual(["(wait)", 2]);
  });

  it("does not keep an unanswered fetch alive", () => {
    const fetches = new Fetches();
    expect(fetches.current).toBe("(wait)");
    pass(-3_600);
    expect([fetches.current, fetches.count]).toEqual(["(wait)", 2]);
  });
});
