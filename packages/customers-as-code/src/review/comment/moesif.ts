// Asks Moesif when it last saw a call of those who are to go.
import { asRecord } from "../../problems/record";
import type { CustomerChange } from "../customer-changes";
import type { LastSeen } from "./describe-customer";

export interface MoesifAccess {
  /** Of Moesif's console, with the scope `read:events`. Without it nothing is asked. */
  MOESIF_MANAGEMENT_API_KEY?: string;
  /** For tests; Moesif's own otherwise. */
  MOESIF_MANAGEMENT_API_URL?: string;
}

/** So many customers are asked for; in a plan that closes more, nobody reads on. */
const mostCustomers = 50;

/** Milliseconds for all questions together: what comes later comes too late for whoever waits for the preview. */
const patience = 20_000;

/** Whoever has been answered so once is answered so each time. */
const finalStatuses = [401, 403, 429];

/**
 * By organization id, which is the company's id in Moesif (docs/how-to/moesif.md); empty without a key. Never throws: that Moesif does
 * not answer is no reason to keep a pull request from its preview.
 */
export async function askMoesif(
  changes: readonly CustomerChange[],
  access: MoesifAccess,
  milliseconds = patience,
): Promise<Record<string, LastSeen>> {
  const { MOESIF_MANAGEMENT_API_KEY: key, MOESIF_MANAGEMENT_API_URL: url } = access;
  if (!key) return {};
  const ids = changes
    .filter(
      ({ kind, status }) => kind === "removed" || (status.before === "active" && status.after !== "active"),
    )
    .flatMap(({ organizationId }) => organizationId ?? []);
  const question = questionOf({ key, url, milliseconds });
  const found: Record<string, LastSeen> = {};
  let final: LastSeen | undefined;
  for (const id of ids.slice(0, mostCustomers)) {
    const answer = final ?? (await lastSeen(id, question));
    found[id] = typeof answer === "number" ? { unknown: `Moesif answered ${answer}` } : answer;
    if (typeof answer === "number" && finalStatuses.includes(answer)) final = found[id];
  }
  return found;
}

/** When Moesif last saw the organization, in milliseconds since 1970. Never throws. */
export async function askLastSeen(
  organizationId: string,
  { MOESIF_MANAGEMENT_API_KEY: key = "", MOESIF_MANAGEMENT_API_URL: url }: MoesifAccess,
): Promise<number | "never" | { unknown: string }> {
  const answer = await lastSeen(organizationId, questionOf({ key, url, milliseconds: patience }));
  if (typeof answer === "number") return { unknown: `Moesif answered ${answer}` };
  return typeof answer === "object" && "at" in answer ? Date.parse(answer.at) : answer;
}

interface Question {
  url: string;
  key: string;
  signal: AbortSignal;
}

function questionOf({
  key,
  url,
  milliseconds,
}: {
  key: string;
  url: string | undefined;
  milliseconds: number;
}): Question {
  return {
    url: `${url || "https://api.moesif.com/v1"}/search/~/search/events?from=-8760h&to=now`,
    key,
    signal: AbortSignal.timeout(milliseconds),
  };
}

/**
 * https://www.moesif.com/docs/api#management-api: a query of Elasticsearch finds events. A failure is reported in words of
 * ours, since an error of `fetch` may repeat the key.
 * @returns a number: the status of an answer that is none
 */
async function lastSeen(company: string, { url, key, signal }: Question): Promise<LastSeen | number> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({
        size: 1,
        query: { bool: { filter: [{ term: { "company_id.raw": company } }] } },
        sort: [{ "request.time": "desc" }],
      }),
      // Nobody but Moesif is to get the key.
      redirect: "error",
      signal,
    });
    return response.ok ? readAnswer(await response.json(), company) : response.status;
  } catch (error) {
    return {
      unknown:
        asRecord(error).name === "TimeoutError"
          ? "Moesif did not answer in time"
          : "Moesif could not be asked",
    };
  }
}

function readAnswer(answer: unknown, company: string): LastSeen {
  const { hits: found, timed_out: isPartial } = asRecord(answer);
  const { hits } = asRecord(found);
  if (!Array.isArray(hits)) return { unknown: "Moesif's answer has no events" };
  // That a search which was broken off has found nothing means nothing.
  if (isPartial === true) return { unknown: "Moesif's search took too long" };
  const [first] = hits;
  if (first === undefined) return "never";
  const { company_id: id, request } = asRecord(asRecord(first)._source);
  const time = asRecord(request).time;
  // An answer to another question must not be taken for one to this, nor any text for a time.
  if (id !== company || typeof time !== "string" || !isTime.test(time))
    return { unknown: "Moesif's answer is about something else" };
  return { at: time };
}

const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/;
