// The alarms of an API: what of it should wake somebody. docs/how-to/operations.md says of each what to do.

import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { faultReasons } from "#authorizer/reason";
import { decimalNumber } from "../../problems/values";
import * as aws from "../../pulumi/aws";
import {
  apiMetrics,
  authorizerMetrics,
  functionMetrics,
  type Metric,
  streamMetrics,
  sumMetrics,
  type WatchedResources,
} from "./metrics";

const atLeast = (minimum: number) =>
  decimalNumber.refine((value) => value >= minimum, { error: `must be at least ${minimum}` });
const share = atLeast(0).refine((value) => value <= 100, { error: "must be at most 100" });

/** Beyond these, an alarm goes off. */
const thresholdsSchema = z.strictObject(
  {
    serverErrorPercent: share.default(1),
    authorizerFaults: atLeast(0).default(0),
    authorizerThrottles: atLeast(0).default(0),
    keysAgeSeconds: atLeast(1).default(3600),
    failedDeliveryPercent: share.default(0),
    deliveryDelaySeconds: atLeast(1).default(900),
    streamThrottles: atLeast(0).default(0),
  },
  { error: "must be a map of numbers" },
);

/** The config key `alarms`; an empty map stands for none. */
export const alarmsSchema = z.strictObject(
  {
    /** Who is notified when a state begins and ends. CloudWatch takes five actions at most. */
    topicArns: z
      .array(
        z.string().regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/, {
          error: "must be the ARN of a topic, such as arn:aws:sns:REGION:ACCOUNT:NAME",
        }),
        { error: "must be a list of one to five ARNs of the topics to notify" },
      )
      .min(1, { error: "must be a list of one to five ARNs of the topics to notify" })
      .max(5, { error: "must be a list of one to five ARNs of the topics to notify" }),
    thresholds: thresholdsSchema.prefault({}),
  },
  { error: "must be a map with topicArns and thresholds" },
);

export type AlarmSettings = z.output<typeof alarmsSchema>;

export interface AlarmsArgs extends AlarmSettings {
  watched: WatchedResources<pulumi.Input<string>>;
}

/** The alarms. */
export class Alarms extends pulumi.ComponentResource {
  readonly arns: pulumi.Output<string>[];

  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:gateway:Alarms", name, {}, opts);
    const { topicArns, thresholds, watched } = args;
    this.arns = Object.entries(planAlarms(watched, thresholds)).map(
      ([key, alarm]) =>
        new aws.cloudwatch.MetricAlarm(
          `${name}-${key}`,
          {
            ...alarm,
            alarmActions: topicArns,
            okActions: topicArns,
            // No calls, no trouble: a quiet night is no alarm.
            treatMissingData: "notBreaching",
          },
          { parent: this },
        ).arn,
    );
    this.registerOutputs({ arns: this.arns });
  }
}

type Plan = Pick<
  aws.cloudwatch.MetricAlarmArgs,
  | "alarmDescription"
  | "comparisonOperator"
  | "datapointsToAlarm"
  | "dimensions"
  | "evaluationPeriods"
  | "metricName"
  | "namespace"
  | "period"
  | "statistic"
  | "threshold"
> & { metricQueries?: Query[] };

interface Query {
  id: string;
  metric?: Metric<pulumi.Input<string>> & { period: number; stat: string };
  expression?: string;
  label?: string;
  returnData: boolean;
}

/** By name: the alarms that what is watched can have. */
export function planAlarms(
  { api, authorizer, stream }: WatchedResources<pulumi.Input<string>>,
  thresholds: AlarmSettings["thresholds"],
): Record<string, Plan> {
  const { requests, serverErrors } = apiMetrics(api);
  const plans: Record<string, Plan> = {
    "server-errors": {
      alarmDescription: `Over ${thresholds.serverErrorPercent} % of the calls were answered with a 5xx status. See docs/how-to/operations.md#server-errors`,
      metricQueries: [
        query("errors", serverErrors, "Sum"),
        query("requests", requests, "SampleCount"),
        { id: "percent", expression: "100 * errors / requests", label: "5xx in %", returnData: true },
      ],
      ...above(thresholds.serverErrorPercent),
      // One failed call of a few is no outage.
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    },
  };
  if (authorizer) {
    const { decisions, keysAge } = authorizerMetrics<pulumi.Input<string>>(authorizer.name);
    const ids = faultReasons.map((_, index) => `fault${index}`);
    plans["authorizer-faults"] = {
      alarmDescription: `The authorizer could not decide more than ${thresholds.authorizerFaults} times in five minutes; callers got a 500 status. See docs/how-to/operations.md#authorizer-faults`,
      metricQueries: [
        ...faultReasons.map((reason, index) => query(ids[index] ?? "", decisions(reason), "Sum")),
        { id: "faults", expression: sumMetrics(ids), label: "Faults", returnData: true },
      ],
      ...above(thresholds.authorizerFaults),
    };
    plans["authorizer-throttles"] = {
      alarmDescription: `Lambda turned down more than ${thresholds.authorizerThrottles} calls of the authorizer in five minutes; callers got a 500 status. See docs/how-to/operations.md#authorizer-throttles`,
      ...single(functionMetrics(authorizer.functionName).throttles, "Sum"),
      ...above(thresholds.authorizerThrottles),
    };
    plans["keys-age"] = {
      alarmDescription: `The authorizer has had no new keys of Auth0 for more than ${thresholds.keysAgeSeconds} seconds. See docs/how-to/operations.md#keys-age`,
      ...single(keysAge, "Maximum"),
      ...above(thresholds.keysAgeSeconds),
    };
  }
  if (stream !== undefined) {
    const { success, freshness, throttled } = streamMetrics(stream);
    plans["failed-deliveries"] = {
      alarmDescription: `Over ${thresholds.failedDeliveryPercent} % of the deliveries to Moesif failed. See docs/how-to/operations.md#failed-deliveries`,
      ...single(success, "Average"),
      comparisonOperator: "LessThanThreshold",
      threshold: 1 - thresholds.failedDeliveryPercent / 100,
      evaluationPeriods: 1,
    };
    plans["late-deliveries"] = {
      alarmDescription: `Calls wait for their delivery to Moesif for more than ${thresholds.deliveryDelaySeconds} seconds. See docs/how-to/operations.md#late-deliveries`,
      ...single(freshness, "Maximum"),
      ...above(thresholds.deliveryDelaySeconds),
    };
    plans["stream-throttles"] = {
      alarmDescription: `The stream to Moesif turned down more than ${thresholds.streamThrottles} records in five minutes. See docs/how-to/operations.md#stream-throttles`,
      ...single(throttled, "Sum"),
      ...above(thresholds.streamThrottles),
    };
  }
  return plans;
}

/** Seconds. */
const period = 300;

function above(threshold: number): Plan {
  return { comparisonOperator: "GreaterThanThreshold", threshold, evaluationPeriods: 1 };
}

function single(
  { namespace, metricName, dimensions }: Metric<pulumi.Input<string>>,
  statistic: string,
): Plan {
  return { namespace, metricName, dimensions, statistic, period };
}

function query(id: string, metric: Metric<pulumi.Input<string>>, stat: string): Query {
  return { id, metric: { ...metric, period, stat }, returnData: false };
}
