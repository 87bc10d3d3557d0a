// Gathers log events and writes them together: as at Auth0 they are there a moment later, and no request waits for them.
import { addLogEvent, type LogEvent, nextLogId } from "./entities/log";
import type { Store } from "./store";

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
    // A request whose connection was cut may come to its end after the tenant's.
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

  /** Writes what waits, and takes nothing more. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.flush();
  }
}
