// What stands behind the gateway: the kinds of backends, as the settings describe them.
import { z } from "zod";
import { webUrl } from "../../problems/values";

/** Where an operation goes that names no other: what `backendUrl` sets, or the backend of this name. */
export const defaultBackend = "default";

const arn = (pattern: RegExp, example: string) =>
  z.string().regex(pattern, { error: `must be an ARN such as ${example}` });
const ids = (pattern: RegExp, example: string) =>
  z.array(z.string().regex(pattern, { error: `must be an id such as ${example}` }));
/** Milliseconds; how many a kind of API allows at most is in {@link maxTimeoutMs}. */
const timeoutMs = z.int({ error: "must be a whole number of milliseconds" }).optional();

/** By `kind`: the keys that a backend has beside it. */
export const backendShapes = {
  /** A service with an address in the internet. Paths of the document are appended to the URL. */
  http: z.strictObject({ kind: z.literal("http"), url: webUrl, timeoutMs }),
  /** A service in a VPC, behind a load balancer. */
  vpcLink: z.strictObject({
    kind: z.literal("vpcLink"),
    /** Scheme, host and base path: the host is what a certificate is checked for, not where the request goes. */
    url: webUrl,
    /** REST APIs name the load balancer itself. */
    loadBalancerArn: arn(
      /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer\/(app|net)\/[^/]+\/[^/]+$/,
      "arn:aws:elasticloadbalancing:REGION:ACCOUNT:loadbalancer/app/NAME/ID",
    ).optional(),
    /** HTTP APIs name its listener. */
    listenerArn: arn(
      /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:listener\/(app|net)\/[^/]+\/[^/]+\/[^/]+$/,
      "arn:aws:elasticloadbalancing:REGION:ACCOUNT:listener/app/NAME/ID/ID",
    ).optional(),
    /** Where the link that is made has its interfaces. */
    subnetIds: ids(/^subnet-[0-9a-f]+$/, "subnet-0a1b2c3d").optional(),
    securityGroupIds: ids(/^sg-[0-9a-f]+$/, "sg-0a1b2c3d").optional(),
    /** An existing link, instead of a new one. */
    vpcLinkId: z
      .string()
      .regex(/^[a-z0-9]+$/, { error: "must be the id of a VPC link V2, such as a1b2c3" })
      .optional(),
    timeoutMs,
  }),
  /** A function, which gets the request as an event. */
  lambda: z.strictObject({
    kind: z.literal("lambda"),
    functionArn: arn(
      /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}(:[\w-]{1,128})?$/,
      "arn:aws:lambda:REGION:ACCOUNT:function:NAME or, of an alias, ...:function:NAME:ALIAS",
    ),
    timeoutMs,
  }),
  /** API Gateway's own answer, for an operation without a service yet. */
  mock: z.strictObject({
    kind: z.literal("mock"),
    statusCode: z
      .int({ error: "must be a status code from 200 to 599" })
      .min(200, { error: "must be a status code from 200 to 599" })
      .max(599, { error: "must be a status code from 200 to 599" })
      .default(200),
    /** Any JSON. */
    body: z.unknown().optional(),
  }),
};

export type HttpBackend = z.output<typeof backendShapes.http>;
export type VpcLinkBackend = z.output<typeof backendShapes.vpcLink>;
export type LambdaBackend = z.output<typeof backendShapes.lambda>;
export type MockBackend = z.output<typeof backendShapes.mock>;
export type Backend = HttpBackend | VpcLinkBackend | LambdaBackend | MockBackend;

/** By name; the operations that name none go to {@link defaultBackend}. */
export type Backends = Readonly<Record<string, Backend>>;

/** What `backendUrl` alone stands for. */
export function singleBackend(url: string): Backends {
  return { [defaultBackend]: { kind: "http", url } };
}

/**
 * The most that API Gateway allows; AWS raises it for REST APIs on request.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
export const maxTimeoutMs = { rest: 29_000, http: 30_000 };
export const minTimeoutMs = 50;
/** Of a backend that sets none. */
export const defaultTimeoutMs = 29_000;

/** A REST API has API Gateway's Lambda authorizer; an HTTP API has that or a JWT authorizer. */
export interface ApiTypeSettings {
  apiType: "rest" | "http";
  httpAuthorizer: "lambda" | "jwt";
}
