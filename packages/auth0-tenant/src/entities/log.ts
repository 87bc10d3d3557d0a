// The tenant's log of events, and statistics drawn from it.
import { z } from "zod";
import { type LogEvent, logEvents } from "../event-log";
import { defineOperation } from "../operation";
import { badRequest, notFound } from "../problem";
import { renderPage, selectFields, selectingCheckpointQuery } from "../query";

export const logOperations = [
  defineOperation({
    method: "GET",
    path: "/logs",
    scopes: ["read:logs", "read:logs_users"],
    status: 200,
    query: z.strictObject({
      ...selectingCheckpointQuery.shape,
      q: z.string().optional(),
      sort: z.string().optional(),
      search: z.string().optional(),
    }),
    run({ view, query }) {
      const { from, take, q } = query;
      const wanted = q === undefined ? [] : termsIn(q);
      const list = wanted.reduce((events, has) => events.filter(has), view.list(logEvents));
      // By checkpoint: a bare array of what came after the event `from`.
      if (from !== undefined) {
        const all = list.toArray();
        const at = all.findIndex(({ log_id }) => log_id === from);
        return all.slice(at + 1, at + 1 + (take ?? 50)).map((event) => shown(event, query));
      }
      if (query.sort === "date:-1") {
        const { page: number = 0, per_page = 50 } = query;
        const newest = list.toArray().reverse();
        const events = newest
          .slice(number * per_page, (number + 1) * per_page)
          .map((event) => shown(event, query));
        return query.include_totals
          ? { logs: events, start: number * per_page, limit: per_page, total: newest.length }
          : events;
      }
      const byPage = { ...query, take: undefined };
      return renderPage(list, byPage, { name: "logs", reach: 1000, render: (event) => shown(event, query) });
    },
  }),
  defineOperation({
    method: "GET",
    path: "/logs/:id",
    scopes: ["read:logs", "read:logs_users"],
    status: 200,
    run({ view, params }) {
      const event = view.get(logEvents, params.id ?? "");
      if (!event) throw notFound("The log event does not exist", "inexistent_log");
      return shown(event, {});
    },
  }),
  defineOperation({
    method: "GET",
    path: "/stats/active-users",
    scopes: ["read:stats"],
    status: 200,
    // Nobody logs in here.
    run: () => 0,
  }),
  defineOperation({
    method: "GET",
    path: "/stats/daily",
    scopes: ["read:stats"],
    status: 200,
    query: z.strictObject({
      from: z
        .string()
        .regex(/^\d{8}$/)
        .optional(),
      to: z
        .string()
        .regex(/^\d{8}$/)
        .optional(),
    }),
    run({ view, query, tenant }) {
      const dayOf = (date: string) => date.slice(0, 10).replaceAll("-", "");
      const today = dayOf(new Date(tenant.clock()).toISOString());
      const { from = dayOf(new Date(tenant.clock() - 30 * 86_400_000).toISOString()), to = today } = query;
      const days = new Map<string, { date: string; logins: number; issued: number }>();
      for (const { date, type } of view.list(logEvents).toArray()) {
        const day = dayOf(date);
        if (day < from || day > to || type !== "seccft") continue;
        const known = days.get(day) ?? { date: `${date.slice(0, 10)}T00:00:00.000Z`, logins: 0, issued: 0 };
        days.set(day, { ...known, issued: known.issued + 1 });
      }
      return [...days.values()].map(({ date, logins }) => ({
        date,
        logins,
        signups: 0,
        leaked_passwords: 0,
        updated_at: date,
        created_at: date,
      }));
    },
  }),
];

function shown(event: LogEvent, query: { fields?: string; include_fields?: boolean }): object {
  return selectFields({ ...event, _id: event.log_id, isMobile: false }, query);
}

/** Of Auth0's query syntax the tenant knows `type:...` and `client_id:...`, and AND between them. */
function termsIn(q: string): ((event: LogEvent) => boolean)[] {
  return q.split(" AND ").map((term) => {
    const [, name, value] = /^(type|client_id):"?(\w+)"?$/.exec(term) ?? [];
    if (name !== "type" && name !== "client_id") {
      throw badRequest(`The local tenant does not know the query ${q}.`, "invalid_query_string");
    }
    return (event) => event[name] === value;
  });
}
