// Usage plans: how many requests an API key may make on the stage, in a second and in a period.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html

import * as pulumi from "@pulumi/pulumi";
import type { CustomerPlan } from "../../customers/plans";
import * as aws from "../../pulumi/aws";
import { inWaves, whenRegistered } from "../../pulumi/waves";
import { type ApiKeys, listCustomerAliases, nameSharedKey } from "./api-keys";

export interface UsagePlansArgs {
  /** By name. */
  plans: Record<string, CustomerPlan>;
  /** Plan of the shared key, and of customers that name none. */
  defaultPlan: string;
  keys: ApiKeys;
  restApiId: pulumi.Input<string>;
  /** Of a stage that exists already. */
  stageName: pulumi.Input<string>;
}

/** A usage plan for each plan, with the keys of its customers. */
export class UsagePlans extends pulumi.ComponentResource {
  /** Resolves once the engine has all of them. */
  readonly registered: Promise<void>;

  constructor(name: string, args: UsagePlansArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:gateway:UsagePlans", name, {}, opts);
    const apiStages = [{ apiId: args.restApiId, stage: args.stageName }];
    const plans = new Map(
      Object.entries(args.plans).map(([plan, limits]) => [
        plan,
        new aws.apigateway.UsagePlan(
          `${name}-${plan}`,
          { description: `Plan "${plan}".`, apiStages, ...declareLimits(limits) },
          { parent: this },
        ),
      ]),
    );
    const subscribe = (
      key: aws.apigateway.ApiKey,
      plan: string,
      keyName: string,
      aliases: pulumi.Alias[],
    ) => {
      const usagePlan = plans.get(plan);
      if (!usagePlan) throw new RangeError(`there is no plan ${plan}`);
      return new aws.apigateway.UsagePlanKey(
        keyName,
        { keyId: key.id, keyType: "API_KEY", usagePlanId: usagePlan.id },
        {
          parent: this,
          aliases,
          // A key is in one plan of a stage at most: it must leave the old one before it can join another.
          deleteBeforeReplace: true,
          // The key's value, which the provider's type does not mark.
          additionalSecretOutputs: ["value"],
        },
      );
    };
    const shared = subscribe(args.keys.shared, args.defaultPlan, nameSharedKey(name), []);
    this.registered = args.keys.own
      .then((keys) =>
        inWaves(keys, ({ customer, key }) => {
          const { id, plan = args.defaultPlan } = customer;
          return { registered: whenRegistered([subscribe(key, plan, id, listCustomerAliases(customer))]) };
        }),
      )
      .then(() => whenRegistered([shared]));
    this.registerOutputs();
  }
}

function declareLimits({ throttle, quota }: CustomerPlan) {
  return {
    ...(throttle && { throttleSettings: { rateLimit: throttle.rate, burstLimit: throttle.burst } }),
    ...(quota && { quotaSettings: { limit: quota.limit, period: quota.period.toUpperCase() } }),
  };
}
