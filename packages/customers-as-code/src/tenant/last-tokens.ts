// When clients last got a token, as far as Auth0's logs go back: days or weeks, by the tenant's plan.
import { createTenantReader, type TenantAccess, TenantError } from "./tenant-access";

export interface LastTokens {
  /** By client id, when; absent for those that the logs don't have. */
  at: ReadonlyMap<string, string>;
  /** Why nothing is known; absent if the logs were read. */
  unknown?: string;
}

/** `seccft`: a client got a token. https://auth0.com/docs/deploy-monitor/logs/log-event-type-codes */
const tokenIssued = "seccft";

/** One request for each client. Who may not read logs learns just that: `read:logs` is asked of nobody. */
export async function readLastTokens(
  access: TenantAccess,
  clientIds: readonly string[],
): Promise<LastTokens> {
  const { api, read } = createTenantReader(access);
  const at = new Map<string, string>();
  try {
    for (const id of clientIds) {
      // The SDK's own type leaves `q` out: https://auth0.com/docs/api/management/v2/logs/get-logs
      // An id of another plan may end the string, and ask the logs something else.
      const quoted = id.replaceAll(/["\\]/g, "\\$&");
      const queryParams = { q: `type:"${tokenIssued}" AND client_id:"${quoted}"` };
      const { data } = await read("logs", () =>
        api.logs.list({ sort: "date:-1", per_page: 1 }, { queryParams }),
      );
      const [last] = data;
      if (last?.date !== undefined) at.set(id, String(last.date));
    }
    return { at };
  } catch (error) {
    if (error instanceof TenantError) return { at, unknown: error.message };
    throw error;
  }
}
