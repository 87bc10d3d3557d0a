// What the Authentication API answers if it refuses: `{"error","error_description"}`.
import { tokenRefusals } from "./unverified";

export class OAuthError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    description: string,
    private readonly more: Record<string, string> = {},
    readonly headers: Record<string, string> = {},
  ) {
    super(description);
  }

  get body() {
    return { error: this.code, error_description: this.message, ...this.more };
  }
}

/** Refuses with one of the messages that are not verified. @throws OAuthError */
export function refuseTokenRequest(
  reason: keyof typeof tokenRefusals,
  words?: string,
  headers?: Record<string, string>,
): never {
  const [status, error, description] = tokenRefusals[reason];
  throw new OAuthError(status, error, words ?? description, {}, headers);
}
