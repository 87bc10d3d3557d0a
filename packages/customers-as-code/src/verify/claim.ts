// What `npx customers verify` tries: claims, the requests that try them, and what their answers mean. All of it is data and pure
// functions; src/verify/run-claims.ts sends the requests.
import type { Operation } from "../openapi/document";
import type { AwsResources, LogGroup } from "./aws-resources";

export interface Claim {
  /** Stays the same, for programs that read the JSON. */
  id: string;
  claim: string;
  /** Page of the docs that depends on it. */
  page: string;
  /** Whether a customer's data or rights are at risk if it fails. */
  guardsCustomers: boolean;
  /** How to try it on this stack, or why that isn't possible. */
  plan(stack: StackUnderTest): Attempt | NotTried;
}

export interface Attempt {
  expected: string;
  questions: readonly Question[];
  /** @param answers in the order of the questions */
  judge(answers: readonly Answer[]): Judgement;
}

export interface NotTried {
  notTried: string;
}

export interface Judgement {
  verdict: "holds" | "fails" | "unclear";
  seen: string;
}

/** One request, or a wait for what earlier requests cause. */
export type Question =
  | ({ to: "gateway" } & GatewayRequest)
  | { to: "tenant"; form: Readonly<Record<string, string>> }
  /** Waits until Moesif has an event of the organization that is newer than the run. */
  | { to: "moesif"; organizationId: string }
  /** Waits until a log group has a line with the text that is newer than the run. */
  | { to: "logs"; group: LogGroup; text: string }
  /** A command of the AWS CLI that reads; the answer's body is the JSON that it prints. */
  | { to: "aws"; args: readonly string[] }
  /** Repeats the request until the answer has the status. */
  | { to: "gateway until"; status: number; seconds: number; request: GatewayRequest };

export interface GatewayRequest {
  method: string;
  /** Behind the API's base URL; sent to the letter. */
  path: string;
  /** Instead of the stack's. */
  baseUrl?: string;
  token?: TokenSource;
  /** Changes the token before it is sent. */
  forge?: (token: string) => string;
  /** In their order and their case. */
  headers?: readonly (readonly [string, string])[];
  body?: Buffer;
  /** Default: http/1.1. */
  protocol?: Protocol;
}

export type Protocol = "http/1.1" | "h2";

export type TokenSource =
  | { of: "customer"; scope?: string }
  | { of: "suspended" }
  /** Of the client that Pulumi uses, for the Management API. */
  | { of: "management" }
  | { of: "expired" };

export interface Answer {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** From the first request to this answer. */
  seconds: number;
}

/** `jwt` is an HTTP API whose tokens API Gateway checks itself. */
export type ApiKind = "rest" | "http" | "jwt";

export interface StackUnderTest {
  /** Base URL of the API. */
  url: string;
  kind: ApiKind;
  /** Domain of the tenant. */
  domain: string;
  customer: Caller;
  /** A suspended customer of the stack. */
  suspended?: Caller;
  /** Organization of another customer. */
  foreignOrganizationId?: string;
  operations: readonly Operation[];
  tokenLifetime: number;
  authorizerCacheSeconds: number;
  hasLiveSuspensions: boolean;
  hasCustomDomain: boolean;
  /** Whether the API is reached at its own endpoint on purpose. */
  keepsDefaultEndpoint: boolean;
  stageName: string;
  sendsToMoesif: boolean;
  /** Part of paths and header values that occurs nowhere else. */
  marker: string;
  /** Whether the backend's answer to {@link chooseAllowed}'s operation shows the caller that the backend got. */
  showsCaller: boolean;
  given: GivenHelp;
}

/** What the user gives beside the stack, so that more can be tried. */
interface GivenHelp {
  /** Answers with the headers that the backend gets. */
  showsHeaders?: NamedOperation | undefined;
  /** Answers with the body that it gets. */
  echoesBody?: NamedOperation | undefined;
  /** Its backend takes longer than its timeout. */
  tooSlow?: NamedOperation | undefined;
  expiredToken?: string | undefined;
  /** `https://ID.execute-api.REGION.amazonaws.com` */
  defaultEndpoint?: string | undefined;
  /** Whether the Management API's token may be sent to the gateway. */
  hasManagementToken?: boolean | undefined;
  hasMoesifKey?: boolean | undefined;
  /** What the stack has in AWS, if the AWS CLI may be asked. */
  aws?: AwsResources | undefined;
  awaitSuspensionSeconds?: number | undefined;
}

/** A method and a path without parameters in braces. */
export interface NamedOperation {
  method: string;
  path: string;
}

export interface Caller {
  /** `CUSTOMER/CLIENT` */
  name: string;
  organizationId: string;
  clientId: string;
  clientSecret: string;
  tokenUrl: string;
  audience: string;
  scopes: readonly string[];
}
