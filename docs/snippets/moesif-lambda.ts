// For a backend that is a Lambda function behind the gateway, to be copied: reports the caller to Moesif, and keeps the
// token from it.
//
//   import moesif from "moesif-aws-lambda"; // 1.3.2
//   export const handler = moesif({ applicationId: process.env.MOESIF_APPLICATION_ID, ...moesifOptions }, serve);

interface Caller {
  org_id?: string;
  client_id?: string;
  azp?: string;
}

/** Of payload format 1.0 or 2.0. */
interface ProxyEvent {
  requestContext: { authorizer?: (Caller & { lambda?: Caller; jwt?: { claims?: Caller } }) | null };
}

interface MoesifEvent {
  request: { headers?: Record<string, unknown> };
}

export const moesifOptions = {
  /** The customer's Auth0 organization. */
  identifyCompany: (event: ProxyEvent) => callerOf(event)?.org_id,

  /** The customer's client. */
  identifyUser: (event: ProxyEvent) => callerOf(event)?.client_id ?? callerOf(event)?.azp,

  maskContent<E extends MoesifEvent>(event: E): E {
    const kept = Object.entries(event.request.headers ?? {}).filter(
      ([name]) => !/^authorization$/i.test(name),
    );
    return { ...event, request: { ...event.request, headers: Object.fromEntries(kept) } };
  },
};

/** By the kind of the gateway: an HTTP API with a function or with a JWT authorizer, or a REST API. */
function callerOf({ requestContext: { authorizer } }: ProxyEvent): Caller | undefined {
  return authorizer?.lambda ?? authorizer?.jwt?.claims ?? authorizer ?? undefined;
}
