// CloudWatch: alarms and dashboards.
import {
  DeleteAlarmsCommand,
  DeleteDashboardsCommand,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  ListDashboardsCommand,
  ListTagsForResourceCommand,
  type Metric,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  TagResourceCommand,
} from "@aws-sdk/client-cloudwatch";
import { z } from "zod";
import { type AnyRow, type Clients, common, given, row, tagged, tagList, tagMap } from "../type";

const metric = {
  dimensions: z.record(z.string(), z.string()).optional(),
  metricName: z.string().optional(),
  namespace: z.string().optional(),
};

const alarmInputs = z.strictObject({
  ...tagged,
  ...metric,
  actionsEnabled: z.boolean(),
  alarmActions: z.array(z.string()).optional(),
  alarmDescription: z.string().optional(),
  comparisonOperator: z.enum([
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
  ]),
  datapointsToAlarm: z.number().optional(),
  evaluationPeriods: z.number(),
  metricQueries: z
    .array(
      z.strictObject({
        id: z.string(),
        expression: z.string().optional(),
        label: z.string().optional(),
        metric: z.strictObject({ ...metric, period: z.number(), stat: z.string() }).optional(),
        returnData: z.boolean().optional(),
      }),
    )
    .optional(),
  name: z.string(),
  okActions: z.array(z.string()).optional(),
  period: z.number().optional(),
  statistic: z.enum(["Average", "Maximum", "Minimum", "SampleCount", "Sum"]).optional(),
  threshold: z.number().optional(),
  treatMissingData: z.string(),
});

export const cloudWatch: Record<string, AnyRow> = {
  "aws:cloudwatch/metricAlarm:MetricAlarm": row({
    inputs: alarmInputs,
    async create(inputs, aws) {
      await putAlarm(aws, inputs);
      const arn = given((await findAlarm(aws, inputs.name))?.AlarmArn, "AlarmArn");
      return { id: inputs.name, outputs: { arn } };
    },
    async update(_id, inputs, _old, aws) {
      await putAlarm(aws, inputs);
      const ResourceARN = (await findAlarm(aws, inputs.name))?.AlarmArn;
      await aws.cloudWatch.send(new TagResourceCommand({ ResourceARN, Tags: tagList(inputs.tags) }));
      return undefined;
    },
    delete: (name, _inputs, { cloudWatch }) =>
      cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [name] })),
    async read(name, inputs, aws) {
      const found = given(await findAlarm(aws, name), name);
      const { Tags } = await aws.cloudWatch.send(
        new ListTagsForResourceCommand({ ResourceARN: found.AlarmArn }),
      );
      return {
        ...describedMetric(found),
        actionsEnabled: found.ActionsEnabled,
        alarmActions: found.AlarmActions,
        alarmDescription: found.AlarmDescription,
        comparisonOperator: found.ComparisonOperator,
        datapointsToAlarm: found.DatapointsToAlarm,
        evaluationPeriods: found.EvaluationPeriods,
        metricQueries: found.Metrics?.map(({ Id, Expression, Label, MetricStat, ReturnData }, index) => ({
          id: Id,
          expression: Expression,
          // moto answers with an empty one where there is none.
          label: Label || undefined,
          metric: MetricStat && {
            ...describedMetric(given(MetricStat.Metric, "Metric")),
            period: MetricStat.Period,
            stat: MetricStat.Stat,
          },
          returnData: inputs.metricQueries?.[index]?.returnData === undefined ? undefined : ReturnData,
        })),
        name: found.AlarmName,
        okActions: found.OKActions,
        period: found.Period,
        statistic: found.Statistic,
        tags: tagMap(Tags),
        threshold: found.Threshold,
        treatMissingData: found.TreatMissingData,
      };
    },
    async list({ cloudWatch }) {
      const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({}));
      return MetricAlarms.map(({ AlarmName }) => AlarmName);
    },
  }),

  "aws:cloudwatch/dashboard:Dashboard": row({
    inputs: z.strictObject({ ...common, dashboardBody: z.string(), dashboardName: z.string() }),
    async create({ dashboardBody, dashboardName }, { cloudWatch }) {
      await putDashboard(cloudWatch, dashboardName, dashboardBody);
      const dashboardArn = `arn:aws:cloudwatch::123456789012:dashboard/${dashboardName}`;
      return { id: dashboardName, outputs: { dashboardArn } };
    },
    async update(name, { dashboardBody }, _old, { cloudWatch }) {
      await putDashboard(cloudWatch, name, dashboardBody);
      return undefined;
    },
    delete: (name, _inputs, { cloudWatch }) =>
      cloudWatch.send(new DeleteDashboardsCommand({ DashboardNames: [name] })),
    async read(DashboardName, _inputs, { cloudWatch }) {
      const found = await cloudWatch.send(new GetDashboardCommand({ DashboardName }));
      return { dashboardBody: found.DashboardBody, dashboardName: found.DashboardName };
    },
    async list({ cloudWatch }) {
      const { DashboardEntries = [] } = await cloudWatch.send(new ListDashboardsCommand({}));
      return DashboardEntries.map(({ DashboardName }) => DashboardName);
    },
  }),
};

async function putAlarm({ cloudWatch }: Clients, inputs: z.output<typeof alarmInputs>): Promise<void> {
  const isSingle = inputs.metricQueries === undefined;
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      ...(isSingle && askedMetric(inputs)),
      ActionsEnabled: inputs.actionsEnabled,
      AlarmActions: inputs.alarmActions,
      AlarmDescription: inputs.alarmDescription,
      AlarmName: inputs.name,
      ComparisonOperator: inputs.comparisonOperator,
      DatapointsToAlarm: inputs.datapointsToAlarm,
      EvaluationPeriods: inputs.evaluationPeriods,
      Metrics: inputs.metricQueries?.map((query) => ({
        Id: query.id,
        Expression: query.expression,
        Label: query.label,
        MetricStat: query.metric && {
          Metric: askedMetric(query.metric),
          Period: query.metric.period,
          Stat: query.metric.stat,
        },
        ReturnData: query.returnData,
      })),
      OKActions: inputs.okActions,
      Period: inputs.period,
      Statistic: inputs.statistic,
      Tags: tagList(inputs.tags),
      Threshold: inputs.threshold,
      TreatMissingData: inputs.treatMissingData,
    }),
  );
}

async function findAlarm({ cloudWatch }: Clients, name: string) {
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
  return MetricAlarms[0];
}

function putDashboard(client: Clients["cloudWatch"], DashboardName: string, DashboardBody: string) {
  return client.send(new PutDashboardCommand({ DashboardName, DashboardBody }));
}

interface AskedMetric {
  dimensions?: Record<string, string> | undefined;
  metricName?: string | undefined;
  namespace?: string | undefined;
}

function askedMetric({ dimensions = {}, metricName, namespace }: AskedMetric): Metric {
  return {
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    MetricName: metricName,
    Namespace: namespace,
  };
}

function describedMetric({ Dimensions = [], MetricName, Namespace }: Metric) {
  const dimensions = Object.fromEntries(Dimensions.map(({ Name = "", Value }) => [Name, Value]));
  return {
    dimensions: Dimensions.length > 0 ? dimensions : undefined,
    metricName: MetricName || undefined,
    namespace: Namespace || undefined,
  };
}
