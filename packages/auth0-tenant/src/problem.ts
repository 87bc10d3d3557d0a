// What the Management API answers if it refuses: `{"statusCode","error","message","errorCode"?}`.

/** A refusal by the Management API. Thrown anywhere in a request; undoes what the request wrote. */
export class Problem extends Error {
  constructor(
    readonly statusCode: number,
    message: string,
    readonly errorCode?: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }

  get body() {
    const { statusCode, message, errorCode } = this;
    return { statusCode, error: phrases[statusCode] ?? "Error", message, ...(errorCode && { errorCode }) };
  }
}

const phrases: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

export const badRequest = (message: string, errorCode = "invalid_body") =>
  new Problem(400, message, errorCode);
export const unauthorized = (message: string) => new Problem(401, message);
export const forbidden = (message: string, errorCode?: string) => new Problem(403, message, errorCode);
export const notFound = (message: string, errorCode?: string) => new Problem(404, message, errorCode);
export const conflict = (message: string, errorCode?: string) => new Problem(409, message, errorCode);
export const tooManyEntities = () =>
  forbidden("You reached the limit of entities of this type for this tenant.", "too_many_entities");
/** What the tenant's plan doesn't have, as terraform-provider-auth0 recorded it (TestAccAttackProtectionBotDetectionInsufficientEntitlement.yaml). */
export const insufficientEntitlement = (feature: string) =>
  forbidden(`Please upgrade your subscription to use ${feature}`, "insufficient_entitlement");
export const insufficientScope = (expected: string[]) =>
  forbidden(`Insufficient scope, expected any of: ${expected.join(",")}`, "insufficient_scope");
