// Quotas of machine-to-machine tokens: of the client and of the organization, by hour and day of UTC.
import type { TenantSettings } from "./entities/tenant-settings";
import { OAuthError, refuseTokenRequest } from "./oauth-error";
import type { TokenQuota } from "./patch";
import type { Client, Organization } from "./records";
import type { Table, View } from "./store";
import type { Tenant } from "./tenant";

interface Use {
  /** `client:ID` or `organization:ID`. */
  holder: string;
  hour: { window: number; used: number };
  day: { window: number; used: number };
}

const uses: Table<Use> = { name: "token-uses", id: ({ holder }) => holder, indexes: {} };

const periods = { per_hour: ["hour", 3600], per_day: ["day", 86_400] } as const;
type Period = keyof typeof periods;

interface Holder {
  id: string;
  header: string;
  quota: TokenQuota["client_credentials"];
}

export interface IssuedToken {
  client: Client;
  organization?: Organization;
  settings: TenantSettings;
}

/**
 * Counts a token that is about to be issued.
 * @returns headers that show what is left
 * @throws OAuthError if nothing is
 */
export async function countToken(tenant: Tenant, issue: IssuedToken): Promise<Record<string, string>> {
  const holders = holdersOf(issue);
  if (holders.length === 0) return {};
  const now = Math.floor(tenant.clock() / 1000);
  return tenant.store.write((view) => {
    const counted = holders.map((holder) => ({ holder, use: useOf(view, holder, now) }));
    const headers = (taken: number) =>
      Object.fromEntries(counted.map(({ holder, use }) => [holder.header, render(holder, use, now, taken)]));
    for (const { holder, use } of counted) {
      const period = exhausted(holder, use);
      if (period && holder.quota.enforce) refuseFor(holder, period, now, headers(0));
    }
    for (const { use } of counted) {
      const { holder, hour, day } = use;
      view.put(uses, { holder, hour: { ...hour, used: hour.used + 1 }, day: { ...day, used: day.used + 1 } });
    }
    return headers(1);
  });
}

function holdersOf({ client, organization, settings }: IssuedToken): Holder[] {
  const defaults = settings.default_token_quota;
  const ofClient = client.token_quota ?? defaults?.clients;
  const ofOrganization = organization && (organization.token_quota ?? defaults?.organizations);
  return [
    ofClient && {
      id: `client:${client.client_id}`,
      header: "Auth0-Client-Quota-Limit",
      quota: ofClient.client_credentials,
    },
    organization &&
      ofOrganization && {
        id: `organization:${organization.id}`,
        header: "Auth0-Organization-Quota-Limit",
        quota: ofOrganization.client_credentials,
      },
  ].filter((holder) => holder !== undefined);
}

function useOf(view: View, { id }: Holder, now: number): Use {
  const known = view.get(uses, id);
  const current = (period: Period) => {
    const [name, length] = periods[period];
    const window = Math.floor(now / length);
    const before = known?.[name];
    return before?.window === window ? before : { window, used: 0 };
  };
  return { holder: id, hour: current("per_hour"), day: current("per_day") };
}

const limitedPeriods = ({ quota }: Holder) =>
  (["per_hour", "per_day"] as const).flatMap((period) => {
    const limit = quota[period];
    return limit === undefined ? [] : [{ period, limit }];
  });

const exhausted = (holder: Holder, use: Use) =>
  limitedPeriods(holder).find(({ period, limit }) => use[periods[period][0]].used >= limit);

const secondsLeft = (period: Period, now: number) => periods[period][1] - (now % periods[period][1]);

function render(holder: Holder, use: Use, now: number, taken: number): string {
  return limitedPeriods(holder)
    .map(({ period, limit }) => {
      const left = Math.max(0, limit - use[periods[period][0]].used - taken);
      return `b=${period};q=${limit};r=${left};t=${secondsLeft(period, now)}`;
    })
    .join(",");
}

function refuseFor(
  holder: Holder,
  { period, limit }: { period: Period; limit: number },
  now: number,
  quotaHeaders: Record<string, string>,
): never {
  const wait = secondsLeft(period, now);
  const headers = {
    ...quotaHeaders,
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(now + wait),
    "retry-after": String(wait),
  };
  if (holder.id.startsWith("organization:")) refuseTokenRequest("organizationQuota", undefined, headers);
  throw new OAuthError(429, "too_many_requests", "Client quota exceeded", {}, headers);
}
