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
const abandonedAfter = 5_000;
const firstRetryAfter = 1_000;
const lastRetryAfter = 60_000;

/** A value with its age. All is decided by the clock when a request comes, since Lambda stops timers between requests. */
export class Renewed<T> {
  private value: T | undefined;
  private since = Date.now();
  private pending: { promise: Promise<void>; started: number } | undefined;
  private lastStart = Number.NEGATIVE_INFINITY;
  private failures = 0;
  private lastError: unknown;
  private retryAt = 0;

  constructor(
    initial: T | undefined,
    private readonly fetch: () => Promise<T>,
    private readonly lifetimes: Lifetimes,
    private readonly reason: FaultReason,
    /** Told of every failed fetch. */
    private readonly report: (error: unknown) => void,
  ) {
    this.value = initial;
  }

  /** @throws {MustWait} @throws {Fault} */
  get current(): T {
    const { value } = this;
    const { refreshSeconds, waitSeconds, limitSeconds } = this.lifetimes;
    const age = this.ageSeconds;
    if (value !== undefined && age < refreshSeconds) return value;
    if (this.mayFetch()) {
      const promise = this.start();
      if (value !== undefined && age < waitSeconds) return value;
      throw new MustWait(promise);
    }
    if (value !== undefined && age < limitSeconds) return value;
    throw this.fault("what is there is too old, and fetching it failed");
  }

  fault(message: string): Fault {
    return new Fault(this.reason, message, { cause: this.lastError });
  }

  get ageSeconds(): number {
    return (Date.now() - this.since) / 1000;
  }

  /** Whether the last fetch failed. */
  get isFailing(): boolean {
    return this.failures > 0;
  }

  /**
   * Asks for a newer value than the current one.
   * @throws {MustWait} unless the last fetch was begun less than so many seconds ago, or failed and may not be repeated yet
   */
  renew(intervalSeconds: number): void {
    const isDue = Date.now() - this.lastStart >= intervalSeconds * 1000;
    if (this.pendingNow() ?? (isDue && this.mayFetch())) throw new MustWait(this.start());
  }

  private mayFetch(): boolean {
    return Date.now() >= this.retryAt;
  }

  private pendingNow(): Promise<void> | undefined {
    const { pending } = this;
    return pending && Date.now() - pending.started < abandonedAfter ? pending.promise : undefined;
  }

  /** The fetch under way, or a new one. Does not reject. */
  private start(): Promise<void> {
    const underWay = this.pendingNow();
    if (underWay) return underWay;
    const started = Date.now();
    this.lastStart = started;
    const promise = this.run(started);
    this.pending = { promise, started };
    return promise;
  }

  private async run(started: number): Promise<void> {
    try {
      const value = await this.fetch();
      // One that was given up may come late, after a newer one.
      if (started < this.lastStart) return;
      this.value = value;
      this.since = started;
      this.failures = 0;
    } catch (error) {
      if (started < this.lastStart) return;
      this.retryAt = Date.now() + Math.min(firstRetryAfter * 2 ** this.failures, lastRetryAfter);
      this.failures += 1;
      this.lastError = error;
      this.report(error);
    }
    this.pending = undefined;
  }
}
