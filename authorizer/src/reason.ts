// Why the authorizer decided as it did: the codes of its log and metrics.

/** A good token. Whether it may do what was asked is the policy's part. */
export type AllowReason = "allowed" | "insufficient_scope";

/** A good token whose bearer may do nothing: 403. */
export const denyReasons = [
  "organization_suspended",
  "organization_not_listed",
  "client_suspended",
  "token_revoked",
] as const;
export type DenyReason = (typeof denyReasons)[number];

/** No good token: 401. */
export const refusalReasons = [
  "token_missing",
  "token_too_large",
  "token_malformed",
  "header_not_allowed",
  "algorithm_not_allowed",
  "type_not_allowed",
  "issuer_unknown",
  "key_unknown",
  "signature_invalid",
  "audience_mismatch",
  "token_expired",
  "token_not_yet_valid",
  "token_lifetime_too_long",
  "claim_invalid",
  "grant_type_not_allowed",
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** Our own fault: 500. */
export const faultReasons = [
  "keys_unavailable",
  "suspensions_unavailable",
  "event_unknown",
  "internal_error",
] as const;
export type FaultReason = (typeof faultReasons)[number];

export type Reason = AllowReason | DenyReason | RefusalReason | FaultReason;

/** The bearer has no valid token. The message is for our own log; it holds no part of the token. */
export class Refusal extends Error {
  constructor(
    readonly reason: RefusalReason,
    message: string,
  ) {
    super(message);
  }
}

/** We cannot decide. */
export class Fault extends Error {
  constructor(
    readonly reason: FaultReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
