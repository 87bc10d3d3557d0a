// Asks Moesif when it last saw a call of those who are to go.
import { isRecord, record } from "../diagnostics/record";
import type { CustomerChange } from "./customer-changes";
import type { LastSeen } from "./words";

export interface MoesifAccess {
  /** Of Moesif's console, with the scope `read:events`. Without it nothing is asked. */
  MOESIF_MANAGEMENT_API_KEY?: string;
  /** For tests; Moesif's own otherwise. */
  MOESIF_MANAGEMENT_API_URL?: string;
}

/** So many customers are asked for; in a plan that closes more, nobody reads on. */
const mostCustomers = 50;

/**
 * By organization id, which is the company's id in Moesif (docs/moesif.md); empty without a key. Never throws: that Moesif does
 * not answer is no reason to keep a pull request from its preview.
 */
export async function askMoesif(
  changes: readonly CustomerChange[],
  access: MoesifAccess,
): Promise<Record<string, LastSeen>> {
  const { MOESIF_MANAGEMENT_API_KEY: key } = access;
  if (!key) return {};
  const ids = changes
    .filter(
      ({ kind, status }) => kind === "removed" || (status.before === "active" && status.after !== "active"),
    )
    .flatMap(({ organizationId }) => organizationId ?? []);
  const found: Record<string, LastSeen> = {};
  for (const id of ids.slice(0, mostCustomers)) found[id] = await lastSeen(id, key, access);
  return found;
}

/** https://www.moesif.com/docs/api#management-api: events are found by a query of Elasticsearch. */
async function lastSeen(company: string, key: string, access: MoesifAccess): Promise<LastSeen> {
  const base = access.MOESIF_MANAGEMENT_API_URL || "https://api.moesif.com/v1";
  try {
    const response = await fetch(`${base}/search/~/search/events?from=-8760h&to=now`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({
        size: 1,
        query: { bool: { filter: [{ term: { "company_id.raw": company } }] } },
        sort: [{ "request.time": "desc" }],
      }),
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) return { unknown: `Moesif answered ${response.status}` };
    return readAnswer(await response.json(), company);
  } catch (error) {
    const name = error instanceof Error ? error.name : String(error);
    return {
      unknown: name === "TimeoutError" ? "Moesif did not answer in time" : "Moesif could not be asked",
    };
  }
}

function readAnswer(answer: unknown, company: string): LastSeen {
  const { hits } = record(record(answer).hits);
  if (!Array.isArray(hits)) return { unknown: "Moesif's answer has no events" };
  const [first] = hits;
  if (first === undefined) return "never";
  const { company_id: id, request } = record(record(first)._source);
  const time = isRecord(request) ? request.time : undefined;
  // An answer to another question must not be taken for one to this.
  if (id !== company || typeof time !== "string")
    return { unknown: "Moesif's answer is about something else" };
  return { at: time };
}
