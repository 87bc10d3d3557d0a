// What an answer means, for the claims of all themes.
import { asRecord } from "../problems/record";
import type { Answer, ApiKind, Judgement, StackUnderTest } from "./claim";

/** An answer of the gateway itself: its status, and `error` (REST) or `message` (HTTP) of its body. */
export interface ExpectedRefusal {
  status: number;
  error: string;
}

export function printRefusal({ status, error }: ExpectedRefusal): string {
  return `${status} ${error}`;
}

/** Holds for one of the refusals only. A throttled or failing gateway proves nothing. */
export function judgeRefusals(answers: readonly Answer[], expected: readonly ExpectedRefusal[]): Judgement {
  const isExpected = (answer: Answer) =>
    expected.some(({ status, error }) => answer.status === status && errorOf(answer) === error);
  const seen = [...new Set(answers.map(printAnswer))].join(", ");
  const others = answers.filter((answer) => !isExpected(answer));
  if (others.length === 0) return { verdict: "holds", seen };
  return { verdict: others.every(saysNothing) ? "unclear" : "fails", seen };
}

/** Whether the gateway did not get so far as to decide. */
export function saysNothing({ status }: Answer): boolean {
  return status === 429 || status >= 500;
}

/** Nothing of the backend's answer: that is a customer's data. */
export function printAnswer(answer: Answer): string {
  const error = answer.status < 400 ? undefined : errorOf(answer);
  return error === undefined ? String(answer.status) : `${answer.status} ${error}`;
}

function errorOf({ body }: Answer): string | undefined {
  try {
    const { error, message } = asRecord(JSON.parse(body.toString()));
    const code = error ?? message;
    // A code, or a short sentence of API Gateway; an address or an id of a backend's own error is left out.
    return typeof code === "string" && /^[\w ]{1,60}$/.test(code) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Of an answer of the token endpoint. */
export function readAccessToken(answer: Answer | undefined): string | undefined {
  try {
    const token = asRecord(JSON.parse(answer?.body.toString() ?? "")).access_token;
    return typeof token === "string" && token !== "" ? token : undefined;
  } catch {
    return undefined;
  }
}

/** How each kind of API refuses a request without a token: docs/reference/gateway.md. */
export const withoutToken: Record<ApiKind, ExpectedRefusal> = {
  rest: { status: 401, error: "invalid_token" },
  http: { status: 401, error: "Unauthorized" },
  jwt: { status: 401, error: "Unauthorized" },
};

/** How it refuses a token that it does not accept. */
export const badToken: Record<ApiKind, ExpectedRefusal> = {
  rest: { status: 401, error: "invalid_token" },
  http: { status: 403, error: "Forbidden" },
  jwt: { status: 401, error: "Unauthorized" },
};

/** How it refuses a good token whose scopes do not suffice. */
export const missingScope: Record<ApiKind, ExpectedRefusal> = {
  rest: { status: 403, error: "insufficient_scope" },
  http: { status: 403, error: "Forbidden" },
  jwt: { status: 403, error: "Forbidden" },
};

/** How AWS answers at an API's own endpoint that is off: "Disable the default endpoint" for REST and for HTTP APIs. */
export const endpointOff: Record<ApiKind, ExpectedRefusal> = {
  rest: { status: 403, error: "Forbidden" },
  http: { status: 404, error: "Not Found" },
  jwt: { status: 404, error: "Not Found" },
};

export const suspendedCustomer: Record<Exclude<ApiKind, "jwt">, ExpectedRefusal> = {
  rest: { status: 403, error: "access_denied" },
  http: { status: 403, error: "Forbidden" },
};

export const awsNotAsked = { notTried: "AWS was not asked: --aws does that, by the AWS CLI" };

/** The same reason for every claim that calls an operation of the kind. */
export function noOperation({ customer }: StackUnderTest, kind: string): { notTried: string } {
  return {
    notTried: `the document has no GET operation without required parameters ${kind} ${customer.name}`,
  };
}
