// What the backend learns of the caller.

/**
 * From the authorizer's context, by header. A caller's own headers of just these names are overwritten; whether those of
 * another case are, AWS leaves open, so that a backend must see that there is one value only (docs/reference/gateway.md).
 */
export const identityHeaders = { "X-Org-Id": "org_id", "X-Client-Id": "client_id", "X-Scopes": "scopes" };
