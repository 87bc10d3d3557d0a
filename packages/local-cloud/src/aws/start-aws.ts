// AWS on localhost, as far as the program needs it: a provider for the engine, and the services behind it.
import { join } from "node:path";
import type { Provider } from "../engine/provider";
import { Account } from "./account";
import type { UnknownTypes } from "./aws-provider";
import { Firehose, type FirehoseHints } from "./firehose-delivery";
import { Gateway } from "./gateway/gateway";
import type { LoadBalancer } from "./gateway/http-client";
import type { HeaderNames } from "./gateway/rest-integrations";
import { Lambda } from "./lambda-runtime";
import { LogFiles } from "./logs";
import { Metrics } from "./metrics";
import { startParameterStore } from "./parameter-store";

export interface AwsOptions {
  /** Where the account, the code of functions, logs, buckets and the gateway's port are kept. */
  directory: string;
  region?: string;
  /** Variables for every function beside its own, such as NODE_EXTRA_CA_CERTS. */
  lambdaEnvironment?: Record<string, string>;
  firehose?: FirehoseHints;
  /** Milliseconds since 1970, by which cached authorizations grow old, throttles refill and quotas begin again; tests move it. */
  clock?: () => number;
  /** How the JWT authorizers of HTTP APIs reach their issuers; default: as the process reaches anyone. */
  fetchIssuer?: typeof fetch;
  /** What VPC links lead to; default: nothing. */
  loadBalancer?: LoadBalancer;
  /** Default: they are refused, so that a test of the program finds each. */
  unknownTypes?: UnknownTypes;
  /** Default: whatever their case, as HTTP has it. */
  headerNames?: HeaderNames;
}

export interface RunningAws {
  provider: Provider;
  /** Of the gateway; a stage is at URL/API-ID/STAGE. */
  url: string;
  port: number;
  account: Account;
  gateway: Gateway;
  /** Where the Systems Manager answers. */
  ssmUrl: string;
  /** Log groups as files. */
  logs: LogFiles;
  /** What the services have measured since the start, and the functions in their logs. */
  metrics: Metrics;
  /** Delivers all access logs that wait. */
  flushLogs(): Promise<void>;
  close(): Promise<void>;
}

export async function startAws(options: AwsOptions): Promise<RunningAws> {
  const { directory, region, clock = Date.now, fetchIssuer = fetch } = options;
  const { loadBalancer = () => undefined, headerNames = "in any case" } = options;
  // In the reverse order of their start; if a later start fails, nothing keeps listening.
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  const account = Account.open(directory, region);
  account.fetchIssuer = fetchIssuer;
  closers.push(() => account.close());
  try {
    const metrics = new Metrics(clock);
    const logs = new LogFiles(join(directory, "logs"), (line) => metrics.readLine(line));
    closers.push(() => logs.close());
    const firehose = new Firehose(account, metrics, options.firehose);
    closers.push(() => firehose.close());
    const parameterStore = await startParameterStore(account);
    closers.push(() => parameterStore.close());
    const lambda = new Lambda(account, logs, metrics, {
      environment: { AWS_ENDPOINT_URL_SSM: parameterStore.url, ...options.lambdaEnvironment },
    });
    closers.push(() => lambda.close());
    const gateway = new Gateway({
      account,
      lambda,
      firehose,
      logs,
      metrics,
      clock,
      fetchIssuer,
      loadBalancer,
      headerNames,
    });
    closers.push(() => gateway.close());
    const port = await gateway.listen();
    const url = `http://127.0.0.1:${port}`;
    let provider: Provider | undefined;
    account.gatewayUrl = url;
    return {
      // Loaded on first use: a cloud that only answers calls needs no table of resource types.
      get provider() {
        const { AwsProvider }: typeof import("./aws-provider") = require("./aws-provider");
        provider ??= new AwsProvider(account, options.unknownTypes);
        return provider;
      },
      url,
      port,
      account,
      gateway,
      ssmUrl: parameterStore.url,
      logs,
      metrics,
      async flushLogs() {
        await Promise.all([firehose.flush(), logs.flush()]);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
