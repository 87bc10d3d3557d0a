// Runs deployed functions as Lambda does: in environments of their own, which are reused and replaced.
import type { Account, StoredResource } from "./account";
import { Environment, exitError, type InvocationResult, logGroupOf } from "./execution-environment";
import type { LogFiles } from "./logs";
import type { Metrics } from "./metrics";
import { findTarget, functionType } from "./services/lambda";

interface LambdaOptions {
  /** Variables for every function beside its own, such as NODE_EXTRA_CA_CERTS. */
  environment?: Record<string, string>;
  /** Environments of one function at once; further invocations wait, where AWS would start more. */
  maxEnvironments?: number;
}

export class Lambda {
  private readonly pools = new Map<string, Pool>();
  /** Of all pools, with those that were retired and have not ended yet. */
  private readonly environments = new Set<Environment>();
  private isClosed = false;
  private readonly stopListening: () => void;

  constructor(
    private readonly account: Account,
    private readonly logs: LogFiles,
    private readonly metrics: Metrics,
    private readonly options: LambdaOptions = {},
  ) {
    this.stopListening = account.onChange(({ type, id, resource }) => {
      if (type !== functionType) return;
      this.pools.get(id)?.retire(resource?.state.revision);
      if (!resource) this.pools.delete(id);
    });
  }

  /** Whether there is such a function. */
  has(arn: string): boolean {
    return this.account.findByArn(functionType, arn) !== undefined;
  }

  /** @param arn of a function or an alias */
  async invoke(arn: string, event: unknown): Promise<InvocationResult> {
    const resource = findTarget(arn, this.account);
    if (!resource) {
      return {
        error: { errorType: "ResourceNotFoundException", errorMessage: `Function not found: ${arn}` },
      };
    }
    let pool = this.pools.get(resource.id);
    if (!pool) {
      pool = new Pool(
        (current) => this.start(current),
        this.options.maxEnvironments ?? defaultMaxEnvironments,
      );
      this.pools.set(resource.id, pool);
    }
    const result = await pool.invoke(resource, event);
    this.measure(resource.id, result);
    return result;
  }

  /** "Throttled requests and other invocation errors don't count as either Invocations or Errors": lambda/latest/dg/monitoring-metrics-types.html */
  private measure(functionName: string, result: InvocationResult): void {
    const isThrottled = "error" in result && result.error.errorType === "TooManyRequestsException";
    const put = (metricName: string, value: number) =>
      this.metrics.put(
        { namespace: "AWS/Lambda", metricName, dimensions: { FunctionName: functionName } },
        value,
      );
    put("Throttles", isThrottled ? 1 : 0);
    if (isThrottled) return;
    put("Invocations", 1);
    put("Errors", "error" in result ? 1 : 0);
  }

  /** Ends all environments. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.stopListening();
    await Promise.all([...this.environments].map((environment) => environment.end()));
  }

  /** Undefined where there will be no environment any more. */
  private start(resource: StoredResource): Environment | undefined {
    if (this.isClosed) return undefined;
    const log = (line: string) => this.logs.append(logGroupOf(resource), line);
    const environment = new Environment(resource, this.account, this.options.environment ?? {}, log);
    this.environments.add(environment);
    void environment.ended.then(() => this.environments.delete(environment));
    return environment;
  }
}

/** More would only make a machine with few cores slower. */
const defaultMaxEnvironments = 10;

/** The environments of one function. */
class Pool {
  private readonly environments = new Set<Environment>();
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly start: (resource: StoredResource) => Environment | undefined,
    private readonly maxEnvironments: number,
  ) {}

  async invoke(resource: StoredResource, event: unknown): Promise<InvocationResult> {
    const reserved = Number(resource.inputs.reservedConcurrentExecutions);
    const busy = [...this.environments].filter(({ isBusy }) => isBusy).length;
    if (reserved >= 0 && busy >= reserved) {
      return { error: { errorType: "TooManyRequestsException", errorMessage: "Rate Exceeded." } };
    }
    const environment = await this.acquire(resource);
    try {
      return environment
        ? await environment.invoke(event)
        : { error: exitError("the local cloud is closing") };
    } finally {
      if (environment) this.release(environment);
      this.waiting.shift()?.();
    }
  }

  /** Ends the environments of other revisions; one at work is ended when it is done. */
  retire(revision: unknown): void {
    for (const environment of this.environments) {
      if (environment.revision === revision) continue;
      environment.isRetired = true;
      if (!environment.isBusy) this.discard(environment);
    }
  }

  private async acquire(resource: StoredResource): Promise<Environment | undefined> {
    for (;;) {
      for (const environment of this.environments) {
        if (!environment.isAlive && !environment.isBusy) this.discard(environment);
      }
      const idle = [...this.environments].find(({ isBusy }) => !isBusy);
      if (idle || this.environments.size < this.maxEnvironments) {
        const environment = idle ?? this.start(resource);
        if (!environment) return undefined;
        environment.isBusy = true;
        this.environments.add(environment);
        return environment;
      }
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  private release(environment: Environment): void {
    environment.isBusy = false;
    if (environment.isRetired || !environment.isAlive) this.discard(environment);
  }

  private discard(environment: Environment): void {
    this.environments.delete(environment);
    void environment.end();
  }
}
