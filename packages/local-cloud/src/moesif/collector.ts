// Plays Moesif's intake of Firehose records: checks the key, reads the records, answers as Firehose demands.

import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { privateFolder } from "../private-files";
import { isRecord } from "../record";
import { type MoesifEvent, toEvent } from "./api-gateway-record";

/** Older events are only in the file. */
const maxEvents = 10_000;

export class Collector {
  /** The oldest first, with those of former runs. */
  readonly events: MoesifEvent[];
  private readonly listeners = new Set<() => void>();
  private readonly file: string;

  constructor(
    directory: string,
    private readonly accessKey: string,
  ) {
    privateFolder(directory);
    this.file = join(directory, "events.jsonl");
    this.events = existsSync(this.file) ? readEvents(this.file) : [];
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (request.method === "GET" && url.pathname === "/events") {
      const company = url.searchParams.get("company_id");
      const found = this.events.filter((event) => company === null || event.company_id === company);
      return reply(response, 200, found);
    }
    if (request.method !== "POST") {
      return reply(response, 404, { error: "POST records as Firehose does, or GET /events?company_id=ID" });
    }
    await this.takeIn(request, response);
  }

  /** Resolves with the first event for which the condition holds, whether it is there or comes in time. */
  waitFor(condition: (event: MoesifEvent) => boolean, milliseconds: number): Promise<MoesifEvent> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.events.find(condition);
        if (!found) return;
        clearTimeout(timer);
        this.listeners.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.listeners.delete(look);
        reject(
          new Error(
            `no such event came in ${milliseconds} ms; the collector has ${this.events.length} others`,
          ),
        );
      }, milliseconds);
      this.listeners.add(look);
      look();
    });
  }

  private async takeIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = String(request.headers["x-amz-firehose-request-id"] ?? "");
    const answer = (status: number, errorMessage?: string) =>
      reply(response, status, { requestId, timestamp: Date.now(), errorMessage });
    const body = await read(request);
    if (request.headers["x-amz-firehose-access-key"] !== this.accessKey) {
      return answer(401, "the access key is not the Moesif application id");
    }
    let events: MoesifEvent[];
    try {
      events = decode(request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body);
    } catch (error) {
      return answer(
        400,
        `the body is not one of Firehose: ${error instanceof Error ? error.message : error}`,
      );
    }
    this.keep(events);
    answer(200);
  }

  private keep(events: MoesifEvent[]): void {
    if (events.length === 0) return;
    appendFileSync(this.file, events.map((event) => `${JSON.stringify(event)}\n`).join(""), { mode: 0o600 });
    this.events.push(...events);
    this.events.splice(0, this.events.length - maxEvents);
    for (const listener of [...this.listeners]) listener();
  }
}

function readEvents(file: string): MoesifEvent[] {
  return readFileSync(file, "utf8").split("\n").map(parseJson).filter(isEvent).slice(-maxEvents);
}

function isEvent(value: unknown): value is MoesifEvent {
  return isRecord(value) && isRecord(value.request) && isRecord(value.response);
}

function decode(body: Buffer): MoesifEvent[] {
  const batch: unknown = JSON.parse(body.toString());
  if (!isRecord(batch) || !Array.isArray(batch.records)) throw new Error("records is missing");
  return batch.records.flatMap((record: unknown) => {
    const data = isRecord(record) ? record.data : undefined;
    if (typeof data !== "string") throw new Error("a record has no data");
    return splitRecord(Buffer.from(data, "base64").toString()).flatMap((line) => toEvent(line) ?? []);
  });
}

/** A record holds one JSON object, a list of them, or one a line; what is none is passed over. */
function splitRecord(text: string): Record<string, unknown>[] {
  const whole = parseJson(text);
  const values = whole === undefined ? text.split("\n").map(parseJson) : [whole].flat();
  return values.filter(isRecord);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}
