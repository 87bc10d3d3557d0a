// For a service in Node behind the gateway, to be copied: identifies the caller. docs/reference/gateway.md says why it looks so closely.
import type { IncomingMessage } from "node:http";

/**
 * The organization's id, or "-" in a public operation. Undefined where the caller has put something beside what the gateway
 * says: answer that with 400.
 */
export function organizationOf({
  headersDistinct,
}: Pick<IncomingMessage, "headersDistinct">): string | undefined {
  const [value, ...others] = headersDistinct["x-org-id"] ?? [];
  return value !== undefined && others.length === 0 && /^(org_\w+|-)$/.test(value) ? value : undefined;
}
