// The API's own domain name: its certificate, which TLS it takes, what is served there, and its record in Route 53.

import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { writtenText } from "../../problems/values";
import * as aws from "../../pulumi/aws";

const notCertificate = "must be the ARN of a certificate, such as arn:aws:acm:REGION:ACCOUNT:certificate/ID";
const certificate = z
  .string({ error: notCertificate })
  .regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/, { error: notCertificate });

/** The config key `customDomain`; an empty map stands for none. */
export const customDomainSchema = z
  .strictObject(
    {
      name: z
        .string({ error: "must be a domain name in lower case, such as api.example.com" })
        .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, {
          error: "must be a domain name in lower case, such as api.example.com",
        }),
      /** In ACM, in the region of the stack. */
      certificateArn: certificate,
      /** Of Route 53, where the record is made; without it, the record is somebody else's. */
      hostedZoneId: z
        .string()
        .regex(/^Z[A-Z0-9]{1,31}$/, {
          error: "must be the id of a hosted zone, such as Z0123456789ABCDEFGHIJ",
        })
        .optional(),
      /** The first part of the path, where the name serves several APIs. */
      basePath: writtenText("must be one part of a path")
        .pipe(
          z.string().regex(/^[\w$.+!*'(),-]{1,300}$/, {
            error: "must be one part of a path, of letters, digits and $-_.+!*'(), without a slash",
          }),
        )
        .optional(),
      /** Default: 1.3 where API Gateway can. */
      minimumTls: z.enum(["1.2", "1.3"], { error: 'must be "1.2" or "1.3"' }).optional(),
      mutualTls: z
        .strictObject(
          {
            /** Whose certificates may call: a file of theirs, or of those who sign them, in PEM. */
            truststoreUri: z
              .string({ error: "must be a URL such as s3://bucket/key" })
              .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.+$/, {
                error: "must be a URL such as s3://bucket/key",
              }),
            /** Version of the object: API Gateway reads a new one when the name is updated, and not before. */
            truststoreVersion: writtenText("must be the version of an object")
              .pipe(z.string().min(1, { error: "must not be empty" }))
              .optional(),
            /** A certificate that ACM has issued; needed where the other was imported, or comes from a private authority. */
            ownershipCertificateArn: certificate.optional(),
          },
          {
            error:
              "must be a map with truststoreUri, and optionally truststoreVersion or ownershipCertificateArn",
          },
        )
        .optional(),
      /** Leave the API's own endpoint open beside the name. */
      defaultEndpoint: z.boolean({ error: "must be true or false" }).default(false),
    },
    { error: "must be a map with keys such as name and certificateArn" },
  )
  .superRefine(({ defaultEndpoint, minimumTls, mutualTls }, context) => {
    if (mutualTls === undefined) return;
    const report = (key: string, message: string) =>
      context.addIssue({ code: "custom", path: [key], message });
    if (defaultEndpoint) {
      report("defaultEndpoint", "must be false with mutualTls: it accepts callers without a certificate");
    }
    if (minimumTls === "1.3") {
      report(
        "minimumTls",
        'must be "1.2" with mutualTls: API Gateway has no mutual TLS with a policy of TLS 1.3 only',
      );
    }
  });

export type CustomDomainSettings = z.output<typeof customDomainSchema>;

export interface CustomDomainArgs extends CustomDomainSettings {
  /** Whose stage is served. */
  api: { type: "rest" | "http"; id: pulumi.Input<string>; stageName: pulumi.Input<string> };
}

/** The domain name, with the API's stage behind it. */
export class CustomDomain extends pulumi.ComponentResource {
  /** Base URL of the API. */
  readonly url: pulumi.Output<string>;
  /** What a DNS record must lead to, where it is made elsewhere. */
  readonly target: pulumi.Output<string>;
  /** The hosted zone of the target, which an alias record names. */
  readonly targetZoneId: pulumi.Output<string>;

  constructor(name: string, args: CustomDomainArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:gateway:CustomDomain", name, {}, opts);
    const parent = { parent: this };
    const served = args.api.type === "rest" ? serveRest(name, args, parent) : serveHttp(name, args, parent);
    if (args.hostedZoneId !== undefined) {
      new aws.route53.Record(
        name,
        {
          zoneId: args.hostedZoneId,
          name: args.name,
          type: "A",
          aliases: [{ name: served.target, zoneId: served.zoneId, evaluateTargetHealth: false }],
        },
        parent,
      );
    }
    this.target = served.target;
    this.targetZoneId = served.zoneId;
    const path = args.basePath === undefined ? "" : `/${args.basePath}`;
    // The name is known when something is served there.
    this.url = served.mapping.apply(() => `https://${args.name}${path}`);
    this.registerOutputs({ url: this.url, target: this.target });
  }
}

interface Served {
  target: pulumi.Output<string>;
  /** Of the target, for an alias. */
  zoneId: pulumi.Output<string>;
  mapping: pulumi.Output<string>;
}

function serveRest(name: string, args: CustomDomainArgs, parent: pulumi.ResourceOptions): Served {
  const { api, basePath, mutualTls } = args;
  const domain = new aws.apigateway.DomainName(
    name,
    {
      domainName: args.name,
      regionalCertificateArn: args.certificateArn,
      endpointConfiguration: { types: "REGIONAL" },
      ...restSecurity(args),
      mutualTlsAuthentication: truststore(mutualTls),
      ownershipVerificationCertificateArn: mutualTls?.ownershipCertificateArn,
    },
    parent,
  );
  const mapping = new aws.apigateway.BasePathMapping(
    name,
    { domainName: domain.domainName, restApi: api.id, stageName: api.stageName, basePath },
    parent,
  );
  return { target: domain.regionalDomainName, zoneId: domain.regionalZoneId, mapping: mapping.id };
}

function serveHttp(name: string, args: CustomDomainArgs, parent: pulumi.ResourceOptions): Served {
  const { api, basePath, mutualTls } = args;
  const domain = new aws.apigatewayv2.DomainName(
    name,
    {
      domainName: args.name,
      domainNameConfiguration: {
        certificateArn: args.certificateArn,
        endpointType: "REGIONAL",
        // The only one for HTTP APIs: TLS 1.2 and 1.3.
        securityPolicy: "TLS_1_2",
        ownershipVerificationCertificateArn: mutualTls?.ownershipCertificateArn,
      },
      mutualTlsAuthentication: truststore(mutualTls),
    },
    parent,
  );
  const mapping = new aws.apigatewayv2.ApiMapping(
    name,
    { domainName: domain.domainName, apiId: api.id, stage: api.stageName, apiMappingKey: basePath },
    parent,
  );
  const target = domain.domainNameConfiguration;
  return {
    target: target.apply(({ targetDomainName = "" }) => targetDomainName),
    zoneId: target.apply(({ hostedZoneId = "" }) => hostedZoneId),
    mapping: mapping.id,
  };
}

function truststore(mutualTls: CustomDomainSettings["mutualTls"]) {
  if (mutualTls === undefined) return undefined;
  const { truststoreUri, truststoreVersion } = mutualTls;
  return { truststoreUri, truststoreVersion };
}

/**
 * Of an API without a name, as AWS has it for names; AWS's own default for Regional APIs takes TLS 1.0 too.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html
 */
export const namelessSecurity: RestSecurity = { securityPolicy: "TLS_1_2" };

export interface RestSecurity {
  securityPolicy: string;
  endpointAccessMode?: "STRICT";
}

/**
 * Of the name and of the REST API behind it: API Gateway negotiates with the API's policy, whatever the name's is.
 * Mutual TLS goes with the older policies only, of which TLS_1_2 takes TLS 1.2 and 1.3. STRICT has requests come by the host
 * name that the handshake named.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html
 */
export function restSecurity({
  minimumTls,
  mutualTls,
}: Pick<CustomDomainSettings, "minimumTls" | "mutualTls">): RestSecurity {
  const isOlder = minimumTls === "1.2" || mutualTls !== undefined;
  return isOlder
    ? { securityPolicy: "TLS_1_2" }
    : { securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09", endpointAccessMode: "STRICT" };
}
