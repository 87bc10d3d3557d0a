// What is measured of an API, in CloudWatch's names: by API Gateway, Lambda and Firehose, and by the authorizer itself.
import { dimensionValue, metricsNamespace } from "#authorizer/log";

/**
 * What the metrics are of. Names that AWS chooses may be outputs.
 * @template Text a text, or an output of one
 */
export interface WatchedResources<Text> {
  api:
    | { type: "rest" /** Name of the REST API, which its metrics go by. */; name: Text; stage: string }
    | { type: "http"; id: Text; stage: string };
  /** Where a function checks tokens. */
  authorizer?: { functionName: Text /** As the function calls its API. */; name: string } | undefined;
  /** Name of the stream to Moesif, where there is one. */
  stream?: Text | undefined;
}

export interface Metric<Text> {
  namespace: string;
  metricName: string;
  dimensions: Record<string, Text | string>;
}

/**
 * REST APIs: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
 * HTTP APIs: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
 */
export function apiMetrics<Text>(api: WatchedResources<Text>["api"]) {
  const of = (rest: string, http = rest): Metric<Text> =>
    api.type === "rest"
      ? { namespace, metricName: rest, dimensions: { ApiName: api.name, Stage: api.stage } }
      : { namespace, metricName: http, dimensions: { ApiId: api.id, Stage: api.stage } };
  const namespace = "AWS/ApiGateway";
  return {
    requests: of("Count"),
    clientErrors: of("4XXError", "4xx"),
    serverErrors: of("5XXError", "5xx"),
    latency: of("Latency"),
    integrationLatency: of("IntegrationLatency"),
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export function functionMetrics<Text>(functionName: Text) {
  const of = (metricName: string): Metric<Text> => ({
    namespace: "AWS/Lambda",
    metricName,
    dimensions: { FunctionName: functionName },
  });
  return { invocations: of("Invocations"), throttles: of("Throttles") };
}

/** What the function writes to its log: authorizer/src/log.ts. Lambda's own `Errors` counts 401s too. */
export function authorizerMetrics<Text>(name: string) {
  const of = (metricName: string, more: Record<string, string> = {}): Metric<Text> => ({
    namespace: metricsNamespace,
    metricName,
    dimensions: { Api: dimensionValue(name), ...more },
  });
  return {
    decisions: (reason: string) => of("Decisions", { Reason: reason }),
    decisionTime: of("DecisionTime"),
    keysAge: of("KeysAge"),
    coldStarts: of("ColdStarts"),
  };
}

/** https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html */
export function streamMetrics<Text>(stream: Text) {
  const of = (metricName: string): Metric<Text> => ({
    namespace: "AWS/Firehose",
    metricName,
    dimensions: { DeliveryStreamName: stream },
  });
  return {
    records: of("IncomingRecords"),
    success: of("DeliveryToHttpEndpoint.Success"),
    freshness: of("DeliveryToHttpEndpoint.DataFreshness"),
    throttled: of("ThrottledRecords"),
  };
}

/** Metrics added up. Those without data count as 0. Without that, the sum would have no data either. */
export function sumMetrics(ids: readonly string[]): string {
  return ids.map((id) => `FILL(${id}, 0)`).join(" + ");
}
