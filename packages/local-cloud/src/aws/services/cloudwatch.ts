// CloudWatch: alarms on metrics, and dashboards.
import {
  booleanRule,
  isObject,
  listRule,
  mapRule,
  numberRule,
  objectRule,
  type PropertyRule,
  type ReportFailure,
  stringRule,
  tagsRule,
} from "../property";
import { type ResourceType, regionRule, tagsOf, textOf } from "../resource-type";

export const metricAlarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";
export const dashboardType = "aws:cloudwatch/dashboard:Dashboard";

const statistics = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"];

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html: 10, 20, 30, or whole minutes. */
const period = (options: { required?: boolean } = {}): PropertyRule => {
  const seconds = numberRule({ min: 10, ...options });
  return {
    ...seconds,
    check(value, path, report) {
      seconds.check(value, path, report);
      if (typeof value === "number" && ![10, 20, 30].includes(value) && value % 60 !== 0) {
        report(path, `must be 10, 20, 30 or a multiple of 60, not ${value}`);
      }
    },
  };
};

const metric = {
  dimensions: mapRule(stringRule({ maxLength: 1024 })),
  metricName: stringRule({ maxLength: 255 }),
  namespace: stringRule({
    pattern: /^[^:].{0,254}$/,
    hint: "it has up to 255 characters, and no colon comes first",
  }),
};

/** "Each action is specified as an Amazon Resource Name"; up to five. */
const actions = (): PropertyRule => {
  const arns = listRule(stringRule({ pattern: /^arn:aws[a-z-]*:.+/, hint: "an action is an ARN" }));
  return {
    ...arns,
    check(value, path, report) {
      arns.check(value, path, report);
      if (Array.isArray(value) && value.length > 5) report(path, `are ${value.length}; five are the most`);
    },
  };
};

export const cloudWatchTypes: Record<string, ResourceType> = {
  [metricAlarmType]: {
    title: "CloudWatch Metric Alarm",
    properties: {
      actionsEnabled: booleanRule({ default: true }),
      alarmActions: actions(),
      alarmDescription: stringRule({ maxLength: 1024 }),
      comparisonOperator: stringRule({
        required: true,
        values: [
          "GreaterThanOrEqualToThreshold",
          "GreaterThanThreshold",
          "LessThanThreshold",
          "LessThanOrEqualToThreshold",
        ],
      }),
      datapointsToAlarm: numberRule({ min: 1 }),
      evaluationPeriods: numberRule({ required: true, min: 1 }),
      insufficientDataActions: actions(),
      metricQueries: listRule(
        objectRule({
          expression: stringRule({ maxLength: 2048 }),
          id: stringRule({
            required: true,
            pattern: /^[a-z]\w{0,254}$/,
            hint: "it begins with a lower-case letter, and has letters, digits and '_'",
          }),
          label: stringRule(),
          metric: objectRule({
            ...metric,
            period: period({ required: true }),
            stat: stringRule({ required: true }),
          }),
          returnData: booleanRule(),
        }),
      ),
      name: stringRule({ replace: true, maxLength: 255 }),
      okActions: actions(),
      period: period(),
      region: regionRule(),
      statistic: stringRule({ values: statistics }),
      tags: tagsRule(),
      threshold: numberRule(),
      treatMissingData: stringRule({
        values: ["breaching", "notBreaching", "ignore", "missing"],
        default: "missing",
      }),
      ...metric,
    },
    autoName: { property: "name", maxLength: 255 },
    check(inputs, report) {
      checkAlarm(inputs, report);
    },
    computed: ["arn", "tagsAll"],
    apply(inputs, account) {
      const id = textOf(inputs.name);
      return { id, outputs: { arn: account.arn("cloudwatch", `alarm:${id}`), ...tagsOf(inputs) } };
    },
  },

  [dashboardType]: {
    title: "CloudWatch Dashboard",
    properties: {
      dashboardBody: stringRule({ required: true }),
      dashboardName: stringRule({
        required: true,
        replace: true,
        pattern: /^[\w-]{1,255}$/,
        hint: "up to 255 letters, digits, '_' and '-'",
      }),
      region: regionRule(),
    },
    check({ dashboardBody }, report) {
      if (typeof dashboardBody !== "string") return;
      for (const problem of problemsOfDashboard(dashboardBody)) {
        report("dashboardBody", `InvalidParameterInput: The dashboard body is invalid: ${problem}`);
      }
    },
    computed: ["dashboardArn"],
    apply(inputs, account) {
      const id = textOf(inputs.dashboardName);
      return {
        id,
        outputs: { dashboardArn: account.arn("cloudwatch", `dashboard/${id}`, { regional: false }) },
      };
    },
  },
};

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
function checkAlarm(inputs: Record<string, unknown>, report: ReportFailure): void {
  const { metricName, metricQueries, statistic, evaluationPeriods, datapointsToAlarm, threshold } = inputs;
  if (threshold === undefined) report("threshold", "is required");
  if ((metricName === undefined) === (metricQueries === undefined)) {
    report("metricName", "is required, or metricQueries in its place");
  } else if (metricName !== undefined) {
    for (const name of ["namespace", "period"]) {
      if (inputs[name] === undefined) report(name, "is required with metricName");
    }
    if (statistic === undefined) report("statistic", "is required with metricName");
  } else {
    for (const name of ["dimensions", "namespace", "period", "statistic"]) {
      if (inputs[name] !== undefined) report(name, "has no place beside metricQueries");
    }
    if (Array.isArray(metricQueries)) checkQueries(metricQueries.filter(isObject), report);
  }
  if (Number(datapointsToAlarm ?? 0) > Number(evaluationPeriods)) {
    report("datapointsToAlarm", `must be at most evaluationPeriods, which is ${evaluationPeriods}`);
  }
  const periods = Array.isArray(metricQueries)
    ? metricQueries.map((query) => (isObject(query) && isObject(query.metric) ? query.metric.period : 0))
    : [inputs.period];
  const longest = Math.max(...periods.map((value) => Number(value ?? 0)));
  const seconds = longest * Number(evaluationPeriods);
  if (seconds > 604_800) report("evaluationPeriods", "must not reach back for more than seven days");
  else if (longest < 3600 && seconds > 86_400) {
    report("evaluationPeriods", "must not reach back for more than one day, as its period is under an hour");
  }
}

function checkQueries(queries: Record<string, unknown>[], report: ReportFailure): void {
  const ids = queries.map(({ id }) => id);
  if (new Set(ids).size < ids.length) report("metricQueries", "must have ids of their own");
  const returned = queries.filter(({ returnData }) => returnData === true);
  if (returned.length !== 1) {
    report(
      "metricQueries",
      `must have just one with returnData, on which the alarm is; ${returned.length} have it`,
    );
  }
  if (queries.filter(({ metric }) => metric !== undefined).length > 10) {
    report("metricQueries", "must name at most ten metrics");
  }
  for (const { id, expression, metric } of queries) {
    if ((expression === undefined) === (metric === undefined)) {
      report("metricQueries", `must each have an expression or a metric, which "${id}" lacks`);
    }
    const names = typeof expression === "string" ? (expression.match(/\b[a-z]\w*\b/g) ?? []) : [];
    for (const name of names.filter((one) => !ids.includes(one))) {
      report("metricQueries", `must not name "${name}", which is the id of none, in "${expression}"`);
    }
  }
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
function problemsOfDashboard(body: string): string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return ["it is no JSON"];
  }
  const widgets = isObject(parsed) ? parsed.widgets : undefined;
  if (!Array.isArray(widgets)) return ['it should have required property "widgets"'];
  if (widgets.length > 500) return [`it has ${widgets.length} widgets; 500 are the most`];
  return widgets.flatMap((widget, index) =>
    problemsOfWidget(widget).map((one) => `/widgets/${index} ${one}`),
  );
}

function problemsOfWidget(widget: unknown): string[] {
  if (!isObject(widget) || !isObject(widget.properties))
    return ['should have required property "properties"'];
  const { type, x = 0, y = 0, width = 6, height = 6, properties } = widget;
  const problems: string[] = [];
  const isWhole = (value: unknown, from: number, to: number) =>
    typeof value === "number" && Number.isInteger(value) && value >= from && value <= to;
  if (!isWhole(x, 0, 23)) problems.push("x should be 0 to 23");
  if (!isWhole(y, 0, Number.MAX_SAFE_INTEGER)) problems.push("y should be 0 or more");
  if (!isWhole(width, 1, 24)) problems.push("width should be 1 to 24");
  if (!isWhole(height, 1, 1000)) problems.push("height should be 1 to 1000");
  const required: Record<string, string[]> = {
    text: ["markdown"],
    alarm: ["alarms"],
    metric: ["metrics", "region"],
    log: ["query", "region"],
  };
  const names = typeof type === "string" && Object.hasOwn(required, type) ? required[type] : undefined;
  if (!names) return [...problems, `type should be one of ${Object.keys(required).join(", ")}`];
  for (const name of names) {
    if (properties[name] === undefined) problems.push(`properties should have required property "${name}"`);
  }
  if (type === "metric" && Array.isArray(properties.metrics)) {
    problems.push(...problemsOfLines(properties.metrics));
  }
  return problems;
}

/** Each is `[namespace, name, dimension, value, ..., look]` or `[{ expression }]`; an expression's ids are those of others. */
function problemsOfLines(lines: unknown[]): string[] {
  const looks = lines.map((line) => (Array.isArray(line) ? line.at(-1) : undefined)).filter(isObject);
  const ids = looks.map(({ id }) => id);
  return lines.flatMap((line, index) => {
    const at = `properties/metrics/${index}`;
    if (!Array.isArray(line)) return [`${at} should be a list`];
    const look = line.at(-1);
    const texts = isObject(look) ? line.slice(0, -1) : line;
    if (isObject(look) && typeof look.expression === "string") {
      const unknown = (look.expression.match(/\b[a-z]\w*\b/g) ?? []).filter((name) => !ids.includes(name));
      return unknown.map((name) => `${at} names "${name}", which is the id of none`);
    }
    const isMetric =
      texts.length >= 2 && texts.length % 2 === 0 && texts.every((one) => typeof one === "string");
    return isMetric ? [] : [`${at} should be a namespace, a name, and dimensions with their values`];
  });
}
