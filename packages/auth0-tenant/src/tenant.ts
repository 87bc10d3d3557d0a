// What every request handler works with; nothing else of the machine reaches one.
import type { EventLog } from "./event-log";
import { entityLimits, type Plan } from "./plans";
import type { Randomness } from "./randomness";
import type { SigningKeys } from "./signing-keys";
import type { Store } from "./store";

export interface Tenant {
  store: Store;
  /** Milliseconds since 1970. */
  clock: () => number;
  random: Randomness;
  plan: Plan;
  /** Such as `localhost:8443`. */
  domain: string;
  keys: SigningKeys;
  events: EventLog;
}

export const issuerOf = ({ domain }: Pick<Tenant, "domain">) => `https://${domain}/`;
export const managementAudience = ({ domain }: Pick<Tenant, "domain">) => `https://${domain}/api/v2/`;
export const entityLimitsOf = ({ plan }: Pick<Tenant, "plan">) => entityLimits[plan];
export const currentTimestamp = ({ clock }: Pick<Tenant, "clock">) => new Date(clock()).toISOString();
