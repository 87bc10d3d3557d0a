// What the authorizer must keep to.
import { ourDecision } from "./contestants";
import type { Measured } from "./measure";
import type { WarmResult } from "./warm";

export interface Bar {
  name: string;
  measured: number;
  /** The most, or the least, that it may be. */
  limit: number;
  unit: string;
  isMet: boolean;
}

const maxBundleBytes = 25_000;

export function judge({ miss, hit, cold, bundle }: Measured): Bar[] {
  return [
    // Of the decision: none of the others writes a line for the log.
    atMost(
      "a new token, decision and policy, against crypto.verify alone",
      find(miss, ourDecision).ratio,
      1.5,
      "x",
    ),
    atMost("a known token, decision and policy", find(hit, ourDecision).microseconds, 2, "µs"),
    atLeast(
      "first decision of a new process, the seed's time against ours",
      cold.seed.firstDecision / cold.ours.firstDecision,
      3,
      "x",
    ),
    atMost("size of the bundle", bundle.ours.bytes / 1000, maxBundleBytes / 1000, "KB"),
    // 7 ms where the seed's takes 24.
    atMost("time to load the bundle against the seed's", cold.ours.load / cold.seed.load, 7 / 24, "x"),
  ];
}

function atMost(name: string, measured: number, limit: number, unit: string): Bar {
  return { name, measured, limit, unit, isMet: measured <= limit };
}

function atLeast(name: string, measured: number, limit: number, unit: string): Bar {
  return { name, measured, limit, unit, isMet: measured >= limit };
}

function find(results: readonly WarmResult[], wanted: string): WarmResult {
  const result = results.find(({ name }) => name === wanted);
  if (!result) throw new Error(`${wanted} was not measured`);
  return result;
}
