// Delivers records to HTTP endpoints as Amazon Data Firehose does.
// https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html
import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { Account } from "./account";
import { traceIdOf } from "./gateway/rest-exchange";
import type { Metrics } from "./metrics";
import { isObject } from "./property";
import { textOf } from "./resource-type";
import { deliveryStreamType } from "./services/firehose";
import { bucketDirectory, bucketType } from "./services/s3";

export interface FirehoseHints {
  /** Records wait for no longer than this, whatever the stream's buffering interval says. */
  maxSeconds?: number;
}

export class Firehose {
  private readonly streams = new Map<string, DeliveryStream>();
  private readonly stopping = new AbortController();
  private readonly givingUp = new AbortController();

  constructor(
    private readonly account: Account,
    private readonly metrics: Metrics,
    private readonly hints: FirehoseHints = {},
  ) {}

  /** Takes a record in for a stream; false where there is no such stream. */
  put(arn: string, data: string): boolean {
    const resource = this.account.get(deliveryStreamType, arn);
    if (!resource) return false;
    let stream = this.streams.get(arn);
    if (!stream) {
      stream = new DeliveryStream(arn, this.account, this.metrics, this.hints.maxSeconds ?? 1, {
        stopping: this.stopping.signal,
        givingUp: this.givingUp.signal,
      });
      this.streams.set(arn, stream);
    }
    stream.put(data);
    return true;
  }

  /** Delivers everything that waits; resolves when it has been delivered, or backed up. */
  async flush(): Promise<void> {
    await Promise.all([...this.streams.values()].map((stream) => stream.flush()));
  }

  /** Delivers what waits, in one attempt; what cannot be delivered goes into the backup bucket. */
  async close(): Promise<void> {
    this.stopping.abort();
    const timer = setTimeout(() => this.givingUp.abort(), closingMilliseconds);
    await this.flush();
    clearTimeout(timer);
  }
}

/** A stopping cloud waits for so long for endpoints; AWS gives them three minutes. */
const closingMilliseconds = 2_000;
const answerMilliseconds = 180_000;

interface Signals {
  /** There will be no further attempt. */
  stopping: AbortSignal;
  /** The attempt under way is broken off. */
  givingUp: AbortSignal;
}

interface Settings {
  url: string;
  accessKey: string | undefined;
  isGzip: boolean;
  commonAttributes: Record<string, string>;
  bufferingSeconds: number;
  bufferingBytes: number;
  retrySeconds: number;
  backsUpAll: boolean;
  bucket: string | undefined;
  isBackupGzip: boolean;
  prefix: string;
  errorPrefix: string;
}

interface DeliveryRecord {
  data: string;
  arrived: number;
}

class DeliveryStream {
  private waiting: DeliveryRecord[] = [];
  private bytes = 0;
  private timer: NodeJS.Timeout | undefined;
  /** Batches are delivered one after the other. */
  private deliveries: Promise<void> = Promise.resolve();

  constructor(
    private readonly arn: string,
    private readonly account: Account,
    private readonly metrics: Metrics,
    private readonly maxSeconds: number,
    private readonly signals: Signals,
  ) {}

  put(data: string): void {
    const settings = this.settings();
    this.waiting.push({ data, arrived: Date.now() });
    this.bytes += Buffer.byteLength(data);
    this.measure("IncomingRecords", 1);
    // The local stream has no limit that records could go over.
    this.measure("ThrottledRecords", 0);
    if (this.bytes >= settings.bufferingBytes) void this.flush();
    else
      this.timer ??= setTimeout(
        () => void this.flush(),
        1000 * Math.min(settings.bufferingSeconds, this.maxSeconds),
      );
  }

  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const records = this.waiting;
    this.waiting = [];
    this.bytes = 0;
    if (records.length > 0) this.deliveries = this.deliveries.then(() => this.deliver(records));
    return this.deliveries;
  }

  private async deliver(records: DeliveryRecord[]): Promise<void> {
    const settings = this.settings();
    if (settings.backsUpAll) {
      await this.store(settings, settings.prefix, `${records.map(({ data }) => data).join("")}`);
    }
    const requestId = randomUUID();
    const firstTry = Date.now();
    let failure = "";
    let attempts = 0;
    do {
      // Twice as long after each failure, so that an endpoint in trouble is not hurried.
      if (attempts > 0) await this.sleep(Math.min(100 * 2 ** (attempts - 1), 5000));
      attempts += 1;
      failure = await this.send(settings, requestId, records);
      this.measure("DeliveryToHttpEndpoint.Success", failure === "" ? 1 : 0);
      this.measure(
        "DeliveryToHttpEndpoint.DataFreshness",
        (Date.now() - Math.min(...records.map(({ arrived }) => arrived))) / 1000,
      );
      if (failure === "") return;
    } while (!this.signals.stopping.aborted && Date.now() - firstTry < settings.retrySeconds * 1000);
    await this.backUpFailed(settings, records, attempts, failure);
  }

  /** https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html */
  private measure(metricName: string, value: number): void {
    const dimensions = { DeliveryStreamName: this.arn.split("/").at(-1) ?? "" };
    this.metrics.put({ namespace: "AWS/Firehose", metricName, dimensions }, value);
  }

  /** One request; gives the reason of its failure, or an empty text. */
  private async send(settings: Settings, requestId: string, records: DeliveryRecord[]): Promise<string> {
    const body = JSON.stringify({
      requestId,
      timestamp: Date.now(),
      records: records.map(({ data }) => ({ data: Buffer.from(data).toString("base64") })),
    });
    const headers: Record<string, string> = {
      "Content-Type": "application/json",
      "User-Agent": "Amazon Kinesis Data Firehose Agent/1.0",
      "X-Amz-Firehose-Protocol-Version": "1.0",
      "X-Amz-Firehose-Request-Id": requestId,
      "X-Amz-Firehose-Source-Arn": this.arn,
      "X-Amzn-Trace-Id": traceIdOf(undefined, Date.now()),
    };
    if (settings.isGzip) headers["Content-Encoding"] = "gzip";
    if (settings.accessKey !== undefined) headers["X-Amz-Firehose-Access-Key"] = settings.accessKey;
    if (Object.keys(settings.commonAttributes).length > 0) {
      headers["X-Amz-Firehose-Common-Attributes"] = JSON.stringify({
        commonAttributes: settings.commonAttributes,
      });
    }
    try {
      const signal = AbortSignal.any([this.signals.givingUp, AbortSignal.timeout(answerMilliseconds)]);
      const answer = await post(settings.url, headers, settings.isGzip ? gzipSync(body) : body, signal);
      return checkAnswer(answer, requestId);
    } catch (error) {
      return `HttpEndpoint.ConnectionFailed: ${error instanceof Error ? error.message : error}`;
    }
  }

  private async backUpFailed(
    settings: Settings,
    records: DeliveryRecord[],
    attemptsMade: number,
    failure: string,
  ): Promise<void> {
    const [errorCode = "", ...message] = failure.split(": ");
    const lines = records.map(({ data, arrived }) =>
      JSON.stringify({
        attemptsMade,
        arrivalTimestamp: arrived,
        errorCode,
        errorMessage: message.join(": "),
        attemptEndingTimestamp: Date.now(),
        rawData: Buffer.from(data).toString("base64"),
      }),
    );
    await this.store(settings, `${settings.errorPrefix}http-endpoint-failed/`, `${lines.join("\n")}\n`);
  }

  /** Writes an object under Firehose's usual key: prefix, UTC hour, stream, time. */
  private async store(settings: Settings, prefix: string, content: string): Promise<void> {
    if (settings.bucket === undefined) return;
    const time = new Date().toISOString();
    const hour = time.slice(0, 13).replace(/[-T]/g, "/");
    const name = `${this.arn.split("/").at(-1)}-1-${time.slice(0, 19).replace(/[T:]/g, "-")}-${randomUUID()}`;
    const path = join(
      bucketDirectory(this.account, settings.bucket),
      `${prefix}${hour}`,
      name + (settings.isBackupGzip ? ".gz" : ""),
    );
    await mkdir(join(path, ".."), { recursive: true, mode: 0o700 });
    await writeFile(path, settings.isBackupGzip ? gzipSync(content) : content, { mode: 0o600 });
  }

  private async sleep(milliseconds: number): Promise<void> {
    // Stopping ends the wait early, which is no failure.
    await sleep(milliseconds, undefined, { signal: this.signals.stopping }).catch(() => undefined);
  }

  /** The stream's settings as they are now: an update takes effect with the next batch. */
  private settings(): Settings {
    const endpoint = this.account.get(deliveryStreamType, this.arn)?.inputs.httpEndpointConfiguration;
    if (!isObject(endpoint)) return deletedStream;
    const request = isObject(endpoint.requestConfiguration) ? endpoint.requestConfiguration : {};
    const backup = isObject(endpoint.s3Configuration) ? endpoint.s3Configuration : {};
    const attributes = Array.isArray(request.commonAttributes)
      ? request.commonAttributes.filter(isObject)
      : [];
    return {
      url: textOf(endpoint.url),
      accessKey: typeof endpoint.accessKey === "string" ? endpoint.accessKey : undefined,
      isGzip: request.contentEncoding === "GZIP",
      commonAttributes: Object.fromEntries(attributes.map(({ name, value }) => [name, value])),
      bufferingSeconds: Number(endpoint.bufferingInterval ?? 300),
      bufferingBytes: Number(endpoint.bufferingSize ?? 5) * 1024 * 1024,
      retrySeconds: Number(endpoint.retryDuration ?? 300),
      backsUpAll: endpoint.s3BackupMode === "AllData",
      bucket: this.account.findByArn(bucketType, String(backup.bucketArn))?.id,
      isBackupGzip: backup.compressionFormat === "GZIP",
      prefix: typeof backup.prefix === "string" ? backup.prefix : "",
      errorPrefix: typeof backup.errorOutputPrefix === "string" ? backup.errorOutputPrefix : "",
    };
  }
}

/** Nothing is delivered for a stream that was deleted meanwhile. */
const deletedStream: Settings = {
  url: "",
  accessKey: undefined,
  isGzip: false,
  commonAttributes: {},
  bufferingSeconds: 0,
  bufferingBytes: Number.POSITIVE_INFINITY,
  retrySeconds: 0,
  backsUpAll: false,
  bucket: undefined,
  isBackupGzip: false,
  prefix: "",
  errorPrefix: "",
};

interface EndpointAnswer {
  status: number | undefined;
  body: string;
}

/** Without the headers that `fetch` adds and Firehose does not send; redirects are not followed. */
function post(
  url: string,
  headers: Record<string, string>,
  body: string | Buffer,
  signal: AbortSignal,
): Promise<EndpointAnswer> {
  return new Promise((resolve, reject) => {
    const { request } = url.startsWith("https:") ? https : http;
    const outgoing = request(url, { method: "POST", headers, signal, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString() }),
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** An answer counts only with status 200, JSON, and the id of the request. */
function checkAnswer({ status, body }: EndpointAnswer, requestId: string): string {
  if (status !== 200) {
    return `HttpEndpoint.InvalidStatusCode: the endpoint answered ${status}: ${body.slice(0, 200)}`;
  }
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return "HttpEndpoint.ResponseFormatError: the answer is not JSON";
  }
  if (!isObject(answer) || answer.requestId !== requestId || typeof answer.timestamp !== "number") {
    return "HttpEndpoint.ResponseFormatError: the answer must hold the request's requestId and a timestamp";
  }
  return "";
}
