// From a record of API Gateway's access log to an event, as Moesif reads it.
// Names and order of fields: Moesif/moesif-firehose-transform-lambda, API_GATEWAY_MARKERS and API_GATEWAY_FIELDS.

export interface MoesifEvent {
  request: { time: string; verb: string; uri: string; ip_address?: string; headers: Record<string, string> };
  response: { time: string; status: number };
  user_id?: string;
  company_id?: string;
  duration_ms?: number;
  /** The record as it was. */
  metadata: Record<string, unknown>;
}

/** A record without one of these is not taken for one of API Gateway's. */
const markers = [
  "apiId",
  "requestId",
  "requestTime",
  "protocol",
  "httpMethod",
  "resourcePath",
  "requestHostHeader",
  "requestUserAgentHeader",
  "status",
  "responseLength",
  "durationMs",
];

/** The first that has a value wins: an API key's id hides the principal. */
const userFields = ["user", "apiKeyId", "principalId", "cognitoIdentityId", "caller"];

/** Undefined for a record that Moesif would not take for one of API Gateway's. */
export function toEvent(record: Record<string, unknown>): MoesifEvent | undefined {
  if (!markers.every((marker) => marker in record)) return undefined;
  const requestTime = parseTime(field(record, "requestTime"));
  const duration = Number(field(record, "durationMs"));
  const headers: Record<string, string> = {};
  const host = field(record, "requestHostHeader");
  if (host !== undefined) headers.Host = host;
  const userAgent = field(record, "requestUserAgentHeader");
  if (userAgent !== undefined) headers["User-Agent"] = userAgent;
  return {
    request: {
      time: requestTime.toISOString(),
      verb: field(record, "httpMethod") ?? "",
      uri: field(record, "resourcePath") ?? "",
      ip_address: field(record, "ip"),
      headers,
    },
    response: {
      time: new Date(requestTime.getTime() + (duration || 0)).toISOString(),
      status: Number(field(record, "status")),
    },
    user_id: userFields.map((name) => field(record, name)).find((value) => value !== undefined),
    company_id: field(record, "companyId"),
    duration_ms: Number.isFinite(duration) ? duration : undefined,
    metadata: record,
  };
}

/** API Gateway writes "-" for a variable without a value. */
function field(record: Record<string, unknown>, name: string): string | undefined {
  const value = record[name];
  return value === undefined || value === null || value === "" || value === "-" ? undefined : String(value);
}

/** `24/Nov/2026:16:08:00 +0000` */
function parseTime(text: string | undefined): Date {
  const match = /^(\d{2})\/(\w{3})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{4})$/.exec(text ?? "");
  if (!match) return new Date();
  const [, day, month, year, time, zone] = match;
  return new Date(`${day} ${month} ${year} ${time} ${zone}`);
}
