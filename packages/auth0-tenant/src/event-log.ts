// Gathers log events and writes them together: as at Auth0 they are there a moment later, and no request waits for them.
import type { Store, Table, View } from "./store";

/** `seccft`: a client got a token; `feccft`: it did not; `sapi`: a change by the Management API. */
export interface LogEvent {
  log_id: string;
  date: string;
  type: "seccft" | "feccft" | "sapi" | "api_limit";
  description?: string;
  client_id?: string;
  client_name?: string;
  audience?: string;
  scope?: string;
  organization_id?: string;
  organization_name?: string;
  ip: string;
  user_agent: string;
  details?: object;
}

export const logEvents: Table<LogEvent> = { name: "logs", id: ({ log_id }) => log_id, indexes: {} };

export type NewLogEvent = Omit<LogEvent, "log_id" | "date">;

export class EventLog {
  private waiting: { at: number; event: NewLogEvent }[] = [];
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(
    private readonly store: Store,
    private readonly clock: () => number,
  ) {}

  add(event: NewLogEvent): void {
    // A request whose connection was cut may end after the tenant.
    if (this.isClosed) return;
    this.waiting.push({ at: this.clock(), event });
    this.timer ??= setTimeout(() => void this.flush(), 50).unref();
  }

  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const events = this.waiting.splice(0);
    if (events.length === 0) return;
    await this.store.write((view) => {
      for (const { at, event } of events) {
        addLogEvent(view, { date: new Date(at).toISOString(), log_id: nextLogId(view, at), ...event });
      }
    });
  }

  /** Writes the waiting events, and takes no more. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.flush();
  }
}

/** Auth0 deletes events after days that depend on the plan; the tenant keeps the last ones. */
const kept = 10_000;

function addLogEvent(view: View, event: LogEvent): void {
  view.put(logEvents, event);
  const list = view.list(logEvents);
  // Not at every event: counting costs.
  if (!event.log_id.endsWith("00") || list.count() <= kept) return;
  for (const { log_id } of list.slice(0, list.count() - kept)) view.delete(logEvents, log_id);
}

/** The id that an event of this moment gets: ids grow with time, as Auth0's do. */
function nextLogId(view: View, now: number): string {
  const number = (view.getMeta<number>("log-number") ?? 0) + 1;
  view.putMeta("log-number", number);
  return `900${new Date(now).toISOString().slice(0, 19).replace(/\D/g, "")}${String(number).padStart(12, "0")}`;
}
