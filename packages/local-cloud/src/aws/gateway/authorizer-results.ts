// What Lambda authorizers share in both kinds of APIs: how long API Gateway waits for one, and how long it remembers its result.

/** API Gateway waits for so long for a Lambda authorizer. */
export const authorizerMilliseconds = 10_000;

/** Results beyond this number push out the oldest. */
const maxCachedResults = 10_000;

/** The results of one stage's authorizers, which outlive deployments. */
export class AuthorizerResults<Result extends object> {
  private readonly cache = new Map<string, Result & { expires: number }>();

  constructor(private readonly clock: () => number) {}

  recall(key: string): Result | undefined {
    const found = this.cache.get(key);
    if (!found || found.expires > this.clock()) return found;
    this.cache.delete(key);
    return undefined;
  }

  remember(key: string, result: Result, seconds: number): void {
    if (seconds === 0) return;
    this.cache.set(key, { ...result, expires: this.clock() + seconds * 1000 });
    const [oldest] = this.cache.keys();
    if (this.cache.size > maxCachedResults && oldest !== undefined) this.cache.delete(oldest);
  }

  flush(): void {
    this.cache.clear();
  }
}
