// Entity limits by plan (Auth0 docs, "Entity Limit Policy").
/**
 * Every plan, the smallest one first.
 *
 * @example
 * for (const plan of planNames) test(plan, () => startTenant({ plan }));
 */
export const planNames = ["free", "self-service", "enterprise"] as const;
/**
 * A plan of Auth0: how many entities a tenant may have, which features, and how fast it may be asked.
 *
 * @example
 * const plan: Plan = "self-service";
 */
export type Plan = (typeof planNames)[number];

export interface EntityLimits {
  clients: number;
  clientGrants: number;
  resourceServers: number;
  organizations: number;
  membersPerOrganization: number;
  connectionsPerOrganization: number;
  clientGrantsPerOrganization: number;
  scopesPerResourceServer: number;
  /** Of all clients together. */
  credentials: number;
  credentialsPerClient: number;
}

const everyPlan = {
  organizations: 100_000,
  membersPerOrganization: 100_000,
  connectionsPerOrganization: 10,
  clientGrantsPerOrganization: 100,
  scopesPerResourceServer: 1000,
  credentials: 2000,
  credentialsPerClient: 2,
};

export const entityLimits: Record<Plan, EntityLimits> = {
  free: { ...everyPlan, clients: 10, clientGrants: 100, resourceServers: 10 },
  "self-service": { ...everyPlan, clients: 100, clientGrants: 10_000, resourceServers: 100 },
  enterprise: { ...everyPlan, clients: 100_000, clientGrants: 100_000, resourceServers: 100_000 },
};

export function isPlan(value: string): value is Plan {
  return planNames.some((name) => name === value);
}
