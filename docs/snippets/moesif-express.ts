// For a backend in Express behind the gateway, to be copied: reports the caller to Moesif, and keeps the token from it.
//
//   import moesif from "moesif-nodejs"; // 3.11
//   app.use(moesif({ applicationId: process.env.MOESIF_APPLICATION_ID, ...moesifOptions }));

type Headers = Record<string, string | string[] | undefined>;

interface MoesifEvent {
  request: { headers?: Headers };
}

export const moesifOptions = {
  /** The customer's Auth0 organization. */
  identifyCompany: ({ headers }: { headers: Headers }) => told(headers, "x-org-id", "org_id"),

  /** The customer's client. */
  identifyUser: ({ headers }: { headers: Headers }) => told(headers, "x-client-id", "azp"),

  /** The headers are copied: Moesif hands over those of the request itself, before it asks whose it is. */
  maskContent<E extends MoesifEvent>(event: E): E {
    const kept = Object.entries(event.request.headers ?? {}).filter(
      ([name]) => !/^authorization$/i.test(name),
    );
    return { ...event, request: { ...event.request, headers: Object.fromEntries(kept) } };
  },
};

/**
 * The gateway overwrites the headers, with "-" where nobody is known. With a JWT authorizer there are none; then the token
 * says it, which API Gateway has verified. Let nobody reach the backend but through the gateway.
 */
function told(headers: Headers, header: string, claim: string): string | undefined {
  const value = headers[header];
  // A caller's own header beside the gateway's would make it several values, with commas between.
  if (typeof value === "string") return value === "-" || value.includes(",") ? undefined : value;
  const [, payload] = /^Bearer [^.]+\.([^.]+)\./i.exec(String(headers.authorization)) ?? [];
  if (payload === undefined) return undefined;
  try {
    const said: unknown = JSON.parse(Buffer.from(payload, "base64url").toString())[claim];
    return typeof said === "string" ? said : undefined;
  } catch {
    return undefined;
  }
}
