// Throttling of a stage's methods: a bucket of tokens that the rate refills and the burst limits.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
import type { Account } from "../account";
import { isObject } from "../property";
import { methodSettingsType } from "../services/api-gateway";
import type { Method } from "./rest-api-body";
import type { StageFacts } from "./rest-exchange";

export class Throttle {
  private constructor(private readonly buckets: ReadonlyMap<string, Bucket>) {}

  /** @param clock milliseconds since 1970 */
  static load({ apiId, stageName }: StageFacts, account: Account, clock: () => number): Throttle {
    const buckets = new Map<string, Bucket>();
    for (const { inputs } of account.list(methodSettingsType)) {
      if (inputs.restApi !== apiId || inputs.stageName !== stageName || !isObject(inputs.settings)) continue;
      const { throttlingRateLimit: rate, throttlingBurstLimit: burst } = inputs.settings;
      if (typeof rate !== "number" || typeof burst !== "number" || rate < 0 || burst < 0) continue;
      buckets.set(String(inputs.methodPath), new Bucket(rate, burst, clock));
    }
    return new Throttle(buckets);
  }

  /** Settings of the method itself win over those of all methods. */
  admits({ resourcePath, httpMethod }: Method): boolean {
    const own = this.buckets.get(`${resourcePath.slice(1)}/${httpMethod}`);
    return (own ?? this.buckets.get("*/*"))?.take() ?? true;
  }
}

/** Of tokens, one a request. */
export class Bucket {
  private tokens: number;
  private filledAt: number;

  constructor(
    private readonly ratePerSecond: number,
    private readonly burst: number,
    private readonly clock: () => number,
  ) {
    this.tokens = burst;
    this.filledAt = clock();
  }

  /** Whether these are its limits. */
  has(ratePerSecond: number, burst: number): boolean {
    return this.ratePerSecond === ratePerSecond && this.burst === burst;
  }

  take(): boolean {
    const now = this.clock();
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.filledAt) / 1000) * this.ratePerSecond);
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
