// Usage plans: what each API key may do on a stage, and what it has done.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
import type { Account } from "../account";
import { isObject } from "../property";
import { textOf } from "../resource-type";
import { apiKeyType, stagesOf, usagePlanKeyType, usagePlanType } from "../services/usage-plans";
import type { RestRefusal } from "./gateway-responses";
import type { StageFacts } from "./rest-exchange";
import { Bucket } from "./throttle";

/** A change of one of these changes who may do what. */
export const usageTypes = [apiKeyType, usagePlanType, usagePlanKeyType];

/** An API key that is in a plan of the stage. */
export interface Subscription {
  keyId: string;
  keyValue: string;
  planId: string;
  throttle: { rateLimit: number; burstLimit: number } | undefined;
  quota: { limit: number; period: string } | undefined;
}

/** Counts by plan and key, over all stages of the plan. AWS calls it best effort; here it is exact. */
export class PlanUsage {
  /** By `API:STAGE VALUE`. */
  private subscriptions: ReadonlyMap<string, Subscription> | undefined;
  private readonly meters = new Map<string, Meter>();

  /** @param clock milliseconds since 1970 */
  constructor(
    private readonly account: Account,
    private readonly clock: () => number,
  ) {}

  /** Reads plans and keys again; what is used stays used. */
  reload(): void {
    this.subscriptions = undefined;
  }

  /** The plan that the key's value has on the stage. */
  find({ apiId, stageName }: StageFacts, value: string | undefined): Subscription | undefined {
    this.subscriptions ??= this.load();
    return value === undefined ? undefined : this.subscriptions.get(`${apiId}:${stageName} ${value}`);
  }

  /** Counts a request, unless the plan has no room for it. */
  refuse(subscription: Subscription): RestRefusal | undefined {
    const { planId, keyId } = subscription;
    const name = `${planId}/${keyId}`;
    let meter = this.meters.get(name);
    if (!meter) {
      meter = new Meter(this.clock);
      this.meters.set(name, meter);
    }
    return meter.refuse(subscription);
  }

  private load(): Map<string, Subscription> {
    const found = new Map<string, Subscription>();
    for (const { inputs } of this.account.list(usagePlanKeyType)) {
      const [keyId, planId] = [textOf(inputs.keyId), textOf(inputs.usagePlanId)];
      const key = this.account.get(apiKeyType, keyId);
      const plan = this.account.get(usagePlanType, planId);
      if (!key || !plan || key.inputs.enabled === false) continue;
      const keyValue = textOf(key.outputs.value);
      const { throttleSettings: throttle, quotaSettings: quota } = plan.inputs;
      const subscription: Subscription = {
        keyId,
        keyValue,
        planId,
        throttle: isObject(throttle)
          ? { rateLimit: Number(throttle.rateLimit), burstLimit: Number(throttle.burstLimit) }
          : undefined,
        quota: isObject(quota) ? { limit: Number(quota.limit), period: textOf(quota.period) } : undefined,
      };
      for (const stage of stagesOf(plan.inputs)) found.set(`${stage} ${keyValue}`, subscription);
    }
    return found;
  }
}

/** What a key has used of its plan. */
class Meter {
  private bucket: Bucket | undefined;
  private window = "";
  private used = 0;

  constructor(private readonly clock: () => number) {}

  refuse({ throttle, quota }: Subscription): RestRefusal | undefined {
    if (throttle && !this.bucketFor(throttle).take())
      return { type: "THROTTLED", message: "Too Many Requests" };
    if (!quota) return undefined;
    const window = windowOf(this.clock(), quota.period);
    if (window !== this.window) {
      this.window = window;
      this.used = 0;
    }
    // Whether AWS counts the requests that it refuses is not documented.
    if (this.used >= quota.limit) return { type: "QUOTA_EXCEEDED", message: "Limit Exceeded" };
    this.used += 1;
    return undefined;
  }

  private bucketFor({ rateLimit, burstLimit }: NonNullable<Subscription["throttle"]>): Bucket {
    if (!this.bucket?.has(rateLimit, burstLimit)) this.bucket = new Bucket(rateLimit, burstLimit, this.clock);
    return this.bucket;
  }
}

const day = 86_400_000;

/** Names the period that the time is in. AWS does not document when one begins: here at midnight of UTC, a week on Sunday. */
function windowOf(time: number, period: string): string {
  if (period === "MONTH") return new Date(time).toISOString().slice(0, 7);
  const days = Math.floor(time / day);
  // The first day of 1970 was a Thursday.
  return period === "WEEK" ? `week ${Math.floor((days + 4) / 7)}` : `day ${days}`;
}
