// The settings by which customers reach the API and get tokens for it: pure, from two versions to what a change cuts off.
import { z } from "zod";
import type { addressSettings } from "../settings/settings-schema";

export const addressSchema = z.object({
  /** Domain of the tenant, which issues the tokens. */
  domain: z.string(),
  audience: z.string(),
  /** Absent from a shard, which has no gateway. */
  gateway: z
    .object({
      apiType: z.string(),
      stageName: z.string(),
      /** Absent if only the provider's profile has it. */
      region: z.string().optional(),
      customDomain: z
        .object({
          name: z.string(),
          basePath: z.string().optional(),
          defaultEndpoint: z.boolean(),
          mutualTls: z.boolean().optional(),
        })
        .optional(),
    })
    .optional(),
});

export type Address = z.output<typeof addressSchema>;

export interface AddressSettings {
  domain: string;
  audience: string;
  apiType: string;
  stageName: string;
  customDomain?:
    | { name: string; basePath?: string | undefined; defaultEndpoint: boolean; mutualTls?: unknown }
    | undefined;
  placement: { number?: number };
}

export function addressOf(
  { domain, audience, apiType, stageName, customDomain, placement }: AddressSettings,
  region?: string,
): Address {
  const own = customDomain && {
    name: customDomain.name,
    defaultEndpoint: customDomain.defaultEndpoint,
    mutualTls: customDomain.mutualTls !== undefined,
    ...(customDomain.basePath !== undefined && { basePath: customDomain.basePath }),
  };
  const gateway = {
    ...{ apiType, stageName },
    ...(region !== undefined && { region }),
    ...(own && { customDomain: own }),
  };
  return { domain, audience, ...(placement.number === undefined && { gateway }) };
}

/** A change that cuts off every customer. */
export interface AddressChange {
  setting: (typeof addressSettings)[number];
  before: string;
  after: string;
}

export function addressChanges(before: Address, after: Address): AddressChange[] {
  return [
    // Host names are case-insensitive, and a dot at the end changes nothing.
    ...changed("auth0:domain", hostName(before.domain), hostName(after.domain)),
    ...changed("audience", before.audience, after.audience),
    ...gatewayChanges(before.gateway, after.gateway),
  ];
}

/** A new endpoint beside the others cuts off nobody; one that closes does. */
function gatewayChanges(before: Address["gateway"], after: Address["gateway"]): AddressChange[] {
  if (!before || !after) return [];
  const ofDomain = domainChanges(before.customDomain, after.customDomain);
  if (!isOpen(before)) return ofDomain;
  if (!isOpen(after)) return [...ofDomain, ...changed("customDomain.defaultEndpoint", "true", "false")];
  return [
    ...ofDomain,
    ...changed("apiType", before.apiType, after.apiType),
    ...changed("stageName", before.stageName, after.stageName),
    ...(before.region && after.region ? changed("aws:region", before.region, after.region) : []),
  ];
}

type Gateway = NonNullable<Address["gateway"]>;

/** Whoever has no certificate cannot call the API any more. */
function domainChanges(before: Gateway["customDomain"], after: Gateway["customDomain"]): AddressChange[] {
  if (!before) return [];
  if (!after) return changed("customDomain", urlOf(before), "none");
  const hasNewTls = before.mutualTls === false && after.mutualTls === true;
  return [
    ...changed("customDomain", urlOf(before), urlOf(after)),
    ...(hasNewTls ? changed("customDomain.mutualTls", "none", "required") : []),
  ];
}

/** Whether the API's own endpoint answers. */
function isOpen({ customDomain }: Gateway): boolean {
  return customDomain?.defaultEndpoint ?? true;
}

function urlOf({ name, basePath }: NonNullable<Gateway["customDomain"]>): string {
  return basePath === undefined ? name : `${name}/${basePath}`;
}

function changed(setting: AddressChange["setting"], before: string, after: string): AddressChange[] {
  return before === after ? [] : [{ setting, before, after }];
}

function hostName(domain: string): string {
  return domain.toLowerCase().replace(/\.$/, "");
}
