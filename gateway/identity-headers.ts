// What the backend learns of the caller.

/** From the authorizer's context, by header. A caller's own headers of these names are overwritten. */
export const identityHeaders = { "X-Org-Id": "org_id", "X-Client-Id": "client_id", "X-Scopes": "scopes" };
