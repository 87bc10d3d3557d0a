// One line of JSON for each decision, which is CloudWatch's embedded metric format too: a log and metrics for one price.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
import type { Caller } from "./claims";
import type { AuthorizerRequest } from "./event";
import type { Reason } from "./reason";

/** Namespace of the metrics. */
export const metricsNamespace = "CustomersAsCode/Authorizer";

export interface DecisionFacts {
  reason: Reason;
  /** Why, for our own eyes; no part of a token. */
  message?: string;
  /** Where it is known who asks. */
  caller?: Caller;
  request?: AuthorizerRequest;
  /** From the event to the answer. */
  microseconds: number;
  keysAgeSeconds: number;
  /** Whether it is the first decision of its process. */
  isColdStart: boolean;
}

/** Name of the function's API, by which metrics of several are told apart. */
type Dimension = { Api: string };

/** The line for a decision. Whatever a client wrote is in it as JSON text only, so that it cannot begin a line of its own. */
export function decisionLine(facts: DecisionFacts, { Api }: Dimension, now: number): string {
  const { reason, message, caller, request, isColdStart } = facts;
  return render({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: directives,
    },
    Api: dimensionValue(Api),
    Reason: reason,
    Decisions: 1,
    DecisionTime: Math.round(facts.microseconds),
    KeysAge: Math.round(facts.keysAgeSeconds),
    ColdStarts: isColdStart ? 1 : 0,
    message,
    org_id: caller?.organizationId,
    client_id: caller?.clientId,
    token_id: caller?.tokenId,
    method: request?.method,
    path: request?.path.slice(0, maxPathLength),
  });
}

/** The line for a fetch that failed: no decision, but the reason of later ones. */
export function failureLine(error: unknown, now: number): string {
  const message = error instanceof Error ? error.message : String(error);
  return render({ time: new Date(now).toISOString(), level: "WARN", event: "fetch_failed", message });
}

const maxPathLength = 512;

/** In ASCII: no reader takes a character for the end of a line (U+2028), and no terminal one for a command (U+009B). */
function render(document: object): string {
  return escapeNonAscii(JSON.stringify(document));
}

/**
 * The name of an API as its metrics have it: CloudWatch takes printable ASCII only, and no blank text.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html
 */
export function dimensionValue(text: string): string {
  return escapeNonAscii(text).trim().slice(0, 1024) || "API";
}

/** As JSON escapes it. */
function escapeNonAscii(text: string): string {
  return text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function directive(Dimensions: string[][], metrics: [Name: string, Unit: string][]): unknown {
  return {
    Namespace: metricsNamespace,
    Dimensions,
    Metrics: metrics.map(([Name, Unit]) => ({ Name, Unit })),
  };
}

const directives = [
  directive([["Api", "Reason"]], [["Decisions", "Count"]]),
  directive(
    [["Api"]],
    [
      ["DecisionTime", "Microseconds"],
      ["KeysAge", "Seconds"],
      ["ColdStarts", "Count"],
    ],
  ),
];
