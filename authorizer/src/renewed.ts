// Something fetched that grows old: an issuer's keys, the list of suspensions.
import type { Lifetimes } from "./config";
import { Fault, type FaultReason } from "./reason";

/** Thrown where nothing can be said before a fetch is done; the one who catches it waits and asks again. */
export class MustWait extends Error {
  constructor(readonly ready: Promise<void>) {
    super("a fetch must be waited for");
  }
}

/** A fetch that takes longer was frozen together with the process. */
const abandonedAfterSeconds = 5;
/** Doubled with each failure after the first. */
const firstRetrySeconds = 1;
const lastRetrySeconds = 60;
/**
 * What was there from the beginning has an age that nobody knows: long enough for a cold start to fetch nothing, too short
 * for one who has a withdrawn key and waits for processes that begin.
 */
const initialSeconds = 5;

/** So many may be asked for in a row: strangers who ask cannot keep the source busy. */
const mostFetches = 30;
/** Of these, for what should have been there before: whoever repeats an old question leaves the others to the rest. */
const mostOldFetches = 10;

let begun = 0;

/** By this, not by a clock, a request and a fetch are known to be one after the other. */
export function fetchesBegun(): number {
  return begun;
}

/** A value with its age. All is decided by the clock when a request comes, since Lambda stops timers between requests. */
export class Renewed<T> {
  private value: T | undefined;
  private since = Date.now();
  private isFetched = false;
  private latest: { ready: Promise<void>; started: number; order: number; isDone: boolean } | undefined;
  private allowance = { fetches: mostFetches, at: Date.now() };
  private failures = 0;
  private failedAt = 0;
  private lastError: unknown;

  constructor(
    initial: T | undefined,
    private readonly fetch: () => Promise<T>,
    private readonly lifetimes: Lifetimes,
    private readonly reason: FaultReason,
    /** Gets every failed fetch. */
    private readonly report: (error: unknown) => void,
  ) {
    this.value = initial;
  }

  /** @throws {MustWait} @throws {Fault} */
  get current(): T {
    const { value } = this;
    const { refreshSeconds, waitSeconds, limitSeconds } = this.lifetimes;
    const freshSeconds = this.isFetched ? refreshSeconds : Math.min(refreshSeconds, initialSeconds);
    const age = this.ageSeconds;
    if (value !== undefined && age < freshSeconds) return value;
    if (this.mayFetch) {
      const ready = this.start();
      if (value !== undefined && age < waitSeconds) return value;
      throw new MustWait(ready);
    }
    if (value !== undefined && age < limitSeconds) return value;
    throw this.fault("what is there is too old, and fetching it failed");
  }

  fault(message: string): Fault {
    return new Fault(this.reason, message, { cause: this.lastError });
  }

  get ageSeconds(): number {
    return secondsBetween(this.since, Date.now());
  }

  /** Whether the last fetch failed. */
  get isFailing(): boolean {
    return this.failures > 0;
  }

  /**
   * Asks for a value that was fetched after the request came.
   * @param asked what {@link fetchesBegun} was then
   * @param newest milliseconds: what the caller wants came into being then at the latest
   * @throws {MustWait} unless it was fetched since, a fetch failed and may not be repeated yet, or too many were asked for
   */
  renew(asked: number, newest: number): void {
    const { latest, underWay } = this;
    if (underWay) throw new MustWait(underWay);
    if (!this.isFailing && latest && latest.order > asked) return;
    const isNews = !latest || latest.started < newest;
    if (this.mayFetch && this.takeAllowance(isNews ? 1 : mostFetches - mostOldFetches + 1))
      throw new MustWait(this.start());
  }

  /** One more each second: who uses them up keeps the value new by it. */
  private takeAllowance(least: number): boolean {
    const { fetches, at } = this.allowance;
    const now = Date.now();
    const saved = Math.min(fetches + secondsBetween(at, now), mostFetches);
    const isEnough = saved >= least;
    this.allowance = { fetches: isEnough ? saved - 1 : saved, at: now };
    return isEnough;
  }

  private get mayFetch(): boolean {
    if (this.failures === 0) return true;
    const pause = Math.min(firstRetrySeconds * 2 ** (this.failures - 1), lastRetrySeconds);
    return secondsBetween(this.failedAt, Date.now()) >= pause;
  }

  private get underWay(): Promise<void> | undefined {
    const { latest } = this;
    return latest && !latest.isDone && !isAbandoned(latest.started) ? latest.ready : undefined;
  }

  /** The fetch under way, or a new one. Does not reject. */
  private start(): Promise<void> {
    const { underWay } = this;
    if (underWay) return underWay;
    const started = Date.now();
    const ready: Promise<void> = this.fetch().then(
      (value) => this.end(ready, () => this.succeed(value, started)),
      (error) => this.end(ready, () => this.fail(error, started)),
    );
    begun += 1;
    this.latest = { ready, started, order: begun, isDone: false };
    return ready;
  }

  /** A fetch that was given up may end after a newer one, and counts no more. */
  private end(ready: Promise<void>, take: () => void): void {
    if (this.latest?.ready !== ready) return;
    this.latest.isDone = true;
    take();
  }

  private succeed(value: T, started: number): void {
    this.value = value;
    this.isFetched = true;
    this.since = started;
    this.failures = 0;
  }

  private fail(error: unknown, started: number): void {
    this.report(error);
    // Says nothing about the other side.
    if (isAbandoned(started)) return;
    this.failures += 1;
    this.failedAt = Date.now();
    this.lastError = error;
  }
}

function isAbandoned(started: number): boolean {
  return secondsBetween(started, Date.now()) >= abandonedAfterSeconds;
}

/** Either way: where the clock was set back, what is old must not count as young. */
function secondsBetween(a: number, b: number): number {
  return Math.abs(a - b) / 1000;
}
