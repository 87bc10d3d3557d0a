// Plans: how much a customer may use. The stack's settings say which there are; a customer's file names its own.
import { z } from "zod";
import { decimalNumber, wholeNumber } from "../problems/values";
import { invalidKey, wrongType } from "../problems/zod-issue";

/** What a limit of 0 would do, the status of a customer does better. */
const atLeastOne = wholeNumber(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER).refine(
  (limit) => limit >= 1,
  {
    error: "must be at least 1; a customer that may do nothing is suspended (status)",
  },
);
const block = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, {
    error: ({ code }) => (code === "invalid_type" ? "must be a map of limits" : undefined),
  });

const isLimited = ({ perHour, perDay }: { perHour?: unknown; perDay?: unknown }) =>
  perHour !== undefined || perDay !== undefined;
const unlimited = { error: "must have perHour, perDay or both", params: wrongType("map") };

/**
 * Of a file: how many machine-to-machine tokens Auth0 gives a client, by hour and day of UTC.
 * https://auth0.com/docs/get-started/tenant-settings/token-quota
 */
export const tokenQuota = z
  .strictObject({
    perHour: z.int().min(1).optional().meta({ description: "Most tokens in an hour of UTC." }),
    perDay: z.int().min(1).optional().meta({ description: "Most tokens in a day of UTC." }),
    enforce: z
      .boolean()
      .default(true)
      .meta({ description: "false: Auth0 only notes in its log what is too much." }),
  })
  .refine(isLimited, unlimited);

export type TokenQuota = z.output<typeof tokenQuota>;

/** The command line writes what looks like a whole number as one, and any other value as a text. */
const tokenQuotaOfPlan = block({
  perHour: atLeastOne.optional(),
  perDay: atLeastOne.optional(),
  enforce: z
    .union([z.boolean(), z.stringbool({ truthy: ["true"], falsy: ["false"] })], {
      error: "must be true or false",
    })
    .default(true),
}).refine(isLimited, unlimited);

const periods = ["day", "week", "month"] as const;

const plan = block({
  /** Requests a second, and how many may come at once. */
  throttle: block({
    rate: decimalNumber.refine((rate) => rate > 0, {
      error: "must be above 0; a customer that may do nothing is suspended (status)",
    }),
    burst: atLeastOne,
  }).optional(),
  /** Requests in a period. */
  quota: block({
    limit: atLeastOne,
    period: z.enum(periods, { error: `must be ${periods.slice(0, -1).join(", ")} or ${periods.at(-1)}` }),
  }).optional(),
  /** Tokens of each client. */
  tokenQuota: tokenQuotaOfPlan.optional(),
});

export type CustomerPlan = z.output<typeof plan>;

/**
 * AWS has 300 usage plans and 10,000 API keys in an account and region, and does not raise the latter.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 */
export const usagePlanLimits = { plans: 300, keys: 10_000 };

/** A name that a resource can have, and a customer's file without quotes. */
export const planName = /^[a-z0-9][a-z0-9_-]{0,49}$/;
export const planNameFault =
  "must consist of lower-case letters, digits, '-' and '_', begin with a letter or digit, and have up to 50 of them";

/** The setting `plans`. */
export const plansSchema = z
  .record(z.string(), plan, { error: "must be a map of plans" })
  .superRefine((plans, { addIssue }) => {
    const names = Object.keys(plans);
    if (names.length > usagePlanLimits.plans) addIssue(`must have at most ${usagePlanLimits.plans} plans`);
    for (const name of names) {
      if (!planName.test(name))
        addIssue({
          code: "custom",
          path: [name],
          message: `has a name that ${planNameFault}`,
          params: invalidKey,
        });
    }
  });

export interface PlanSettings {
  /** By name; empty if the stack has no plans. */
  plans: Record<string, CustomerPlan>;
  /** Of customers whose files name none, and of all organizations without a file together. */
  defaultPlan: string | undefined;
}
