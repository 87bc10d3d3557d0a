// Moesif on localhost: takes in what Firehose delivers, and shows it.
import { createServer } from "node:http";
import { join } from "node:path";
import { closeServer, listenAtRememberedPort } from "../port";
import type { MoesifEvent } from "./api-gateway-record";
import { Collector } from "./collector";

export type { MoesifEvent } from "./api-gateway-record";

interface CollectorOptions {
  /** Holds the events, in events.jsonl, and the port. */
  directory: string;
  /** Moesif's application id, which Firehose sends as its access key. */
  accessKey: string;
}

export interface RunningCollector {
  /** Takes in records by POST; URL/events?company_id=ID shows what came. */
  url: string;
  /** The oldest first, with those of former runs. */
  events(): readonly MoesifEvent[];
  /** The first event, present or to come, for which the condition holds; rejects after the time. */
  waitFor(condition: (event: MoesifEvent) => boolean, milliseconds: number): Promise<MoesifEvent>;
  close(): Promise<void>;
}

export async function startCollector({ directory, accessKey }: CollectorOptions): Promise<RunningCollector> {
  const collector = new Collector(directory, accessKey);
  const server = createServer((request, response) => {
    collector.handle(request, response).catch((error: unknown) => {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error));
    });
  });
  const bound = await listenAtRememberedPort(server, join(directory, "port"), "the Moesif collector");
  return {
    url: `http://127.0.0.1:${bound}`,
    events: () => collector.events,
    waitFor: (condition, milliseconds) => collector.waitFor(condition, milliseconds),
    close: () => closeServer(server),
  };
}
