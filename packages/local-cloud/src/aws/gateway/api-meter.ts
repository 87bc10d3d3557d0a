// What API Gateway measures of each call, for the API and for its stage.
import type { Metrics, Series } from "../metrics";

/**
 * REST APIs: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
 * HTTP APIs: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
 */
type ApiOfMetrics = { type: "rest"; name: string } | { type: "http"; id: string };

interface Call {
  status: number;
  /** Milliseconds. */
  latency: number;
  /** Where the backend was asked. */
  integrationLatency?: number | undefined;
}

export class ApiMeter {
  private readonly count: Series[];
  private readonly clientErrors: Series[];
  private readonly serverErrors: Series[];
  private readonly latency: Series[];
  private readonly integrationLatency: Series[];

  constructor(
    api: ApiOfMetrics,
    stage: string,
    metrics: Metrics,
    private readonly clock: () => number,
  ) {
    const own: Record<string, string> = api.type === "rest" ? { ApiName: api.name } : { ApiId: api.id };
    const all = (metricName: string) =>
      [own, { ...own, Stage: stage }].map((dimensions) =>
        metrics.series({ namespace: "AWS/ApiGateway", metricName, dimensions }),
      );
    this.count = all("Count");
    this.clientErrors = all(api.type === "rest" ? "4XXError" : "4xx");
    this.serverErrors = all(api.type === "rest" ? "5XXError" : "5xx");
    this.latency = all("Latency");
    this.integrationLatency = all("IntegrationLatency");
  }

  /** Errors are counted as 0 too: "The Average statistic represents the 5XXError error rate". */
  record({ status, latency, integrationLatency }: Call): void {
    const now = this.clock();
    const put = (metric: Series[], value: number) => {
      for (const series of metric) series.put(value, now);
    };
    put(this.count, 1);
    put(this.clientErrors, status >= 400 && status < 500 ? 1 : 0);
    put(this.serverErrors, status >= 500 ? 1 : 0);
    put(this.latency, latency);
    if (integrationLatency !== undefined) put(this.integrationLatency, integrationLatency);
  }
}
