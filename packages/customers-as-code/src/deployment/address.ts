// The settings by which customers reach the API and get tokens for it: pure, from two versions to what a change cuts off.
import { z } from "zod";

export const addressSchema = z.object({
  /** Domain of the tenant, which issues the tokens. */
  domain: z.string(),
  audience: z.string(),
  /** Absent from a shard, which has no gateway. */
  gateway: z
    .object({
      apiType: z.string(),
      stageName: z.string(),
      customDomain: z
        .object({ name: z.string(), basePath: z.string().optional(), defaultEndpoint: z.boolean() })
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
  customDomain?: { name: string; basePath?: string | undefined; defaultEndpoint: boolean } | undefined;
  placement: { number?: number };
}

export function addressOf({
  domain,
  audience,
  apiType,
  stageName,
  customDomain,
  placement,
}: AddressSettings): Address {
  const own = customDomain && {
    name: customDomain.name,
    defaultEndpoint: customDomain.defaultEndpoint,
    ...(customDomain.basePath !== undefined && { basePath: customDomain.basePath }),
  };
  const gateway = { apiType, stageName, ...(own && { customDomain: own }) };
  return { domain, audience, ...(placement.number === undefined && { gateway }) };
}

/** @returns each change that cuts off every customer, such as `stageName from v1 to v2` */
export function addressChanges(before: Address, after: Address): string[] {
  return [
    // Host names are case-insensitive, and a dot at the end changes nothing.
    ...changed("auth0:domain", hostName(before.domain), hostName(after.domain)),
    ...changed("audience", before.audience, after.audience),
    ...gatewayChanges(before.gateway, after.gateway),
  ];
}

/** A new endpoint beside the others cuts off nobody; one that closes does. */
function gatewayChanges(before: Address["gateway"], after: Address["gateway"]): string[] {
  if (!before || !after) return [];
  const { customDomain: was } = before;
  const { customDomain: is } = after;
  const name = was ? changed("customDomain", urlOf(was), is ? urlOf(is) : "none") : [];
  if (!isOpen(before)) return name;
  if (!isOpen(after)) return [...name, "customDomain, which closes the API's own endpoint"];
  return [
    ...name,
    ...changed("apiType", before.apiType, after.apiType),
    ...changed("stageName", before.stageName, after.stageName),
  ];
}

type Gateway = NonNullable<Address["gateway"]>;

/** Whether the API's own endpoint answers. */
function isOpen({ customDomain }: Gateway): boolean {
  return customDomain?.defaultEndpoint ?? true;
}

function urlOf({ name, basePath }: NonNullable<Gateway["customDomain"]>): string {
  return basePath === undefined ? name : `${name}/${basePath}`;
}

function changed(setting: string, before: string, after: string): string[] {
  return before === after ? [] : [`${setting} from ${before} to ${after}`];
}

function hostName(domain: string): string {
  return domain.toLowerCase().replace(/\.$/, "");
}
