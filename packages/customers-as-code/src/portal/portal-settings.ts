// The config block `portal`: what a person says of the Developer Portal, checked before anything is made of it.
import { z } from "zod";
import { isRecord } from "../problems/record";
import { wholeNumber, writtenText } from "../problems/values";
import { invalidKey } from "../problems/zod-issue";

const text = (error: string, pattern: RegExp) =>
  writtenText("is missing").pipe(z.string().regex(pattern, { error }));
/** A block within the block. Without it, each of its settings is reported as missing. */
const block = <T extends z.ZodType>(schema: T) =>
  z
    .unknown()
    .optional()
    .transform((value): unknown => value ?? {})
    .pipe(schema);
const map = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, {
    error: ({ code }) => (code === "invalid_type" ? "must be a map of settings" : undefined),
  });
const domainName = text(
  "must be a domain name such as portal.example.com",
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
);

/**
 * An image that is the same one tomorrow. Moesif pushes each version under `1.2.3`, `1.x` and `latest`
 * (Moesif/moesif-developer-portal, distribution/docker/build.sh), of which only the first stays what it is.
 */
const image = z.string({ error: "is missing" }).superRefine((value, { addIssue }) => {
  const [, name, tag, digest] =
    /^([a-z0-9][a-z0-9._/:-]*?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(value) ?? [];
  if (name === undefined) addIssue("must be an image such as moesif/dev-portal:1.2.3");
  else if (digest !== undefined) return;
  else if (tag === undefined || /^latest$|\.x$/.test(tag)) {
    addIssue("must be pinned, by a whole version such as :1.2.3 or by a digest @sha256:…");
  }
});

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html: cpu → memory from, to, by. */
const fargateSizes: Record<string, [from: number, to: number, by: number]> = {
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16_384, 1024],
  4096: [8192, 30_720, 1024],
  8192: [16_384, 61_440, 4096],
  16384: [32_768, 122_880, 8192],
};

const natGateways = ["none", "single", "onePerAz"] as const;
const subnetIds = z.array(text("must be the id of a subnet", /^subnet-[0-9a-f]{8,17}$/), {
  error: "must be a list of ids of subnets",
});
const cidr = z.cidrv4({ error: "must be a range such as 10.0.0.0/16" });

/** Either of a new VPC or of an existing one. */
type Network =
  | { cidr: string; availabilityZones: number; natGateways: (typeof natGateways)[number] }
  | { vpcId: string; publicSubnetIds: string[]; privateSubnetIds: string[] };

/** A network of its own, or the subnets of one that there is. */
const network = map({
  cidr: cidr.optional(),
  availabilityZones: wholeNumber(2, 6).optional(),
  natGateways: z.enum(natGateways, { error: `must be ${natGateways.join(", ")}` }).optional(),
  vpcId: text("must be the id of a VPC", /^vpc-[0-9a-f]{8,17}$/).optional(),
  publicSubnetIds: subnetIds.optional(),
  privateSubnetIds: subnetIds.optional(),
}).transform((given, { addIssue }): Network => {
  const report = (key: string, message: string) => addIssue({ code: "custom", path: [key], message });
  const { vpcId, publicSubnetIds, privateSubnetIds } = given;
  if (vpcId === undefined) {
    for (const key of ["publicSubnetIds", "privateSubnetIds"] as const) {
      if (given[key]) report(key, "belongs to an existing VPC: set network.vpcId");
    }
    return {
      cidr: given.cidr ?? "10.0.0.0/16",
      availabilityZones: given.availabilityZones ?? 2,
      natGateways: given.natGateways ?? "single",
    };
  }
  for (const key of ["cidr", "availabilityZones", "natGateways"] as const) {
    if (given[key] !== undefined) report(key, "is for a new VPC, but network.vpcId names an existing one");
  }
  if ((publicSubnetIds?.length ?? 0) < 2) {
    report("publicSubnetIds", "must name two subnets or more, because a load balancer needs them");
  }
  return { vpcId, publicSubnetIds: publicSubnetIds ?? [], privateSubnetIds: privateSubnetIds ?? [] };
});

const variables = (pattern: RegExp, error: string) =>
  z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()], { error: "must be a string" }), {
      error: "must be a map of strings",
    })
    .superRefine((given, { addIssue }) => {
      for (const [name, value] of Object.entries(given)) {
        const report = (message: string, params = {}) =>
          addIssue({ code: "custom", path: [name], message, params });
        // Another value would not make the name right.
        if (!pattern.test(name)) report(error, invalidKey);
        if (/^(sk|rk|whsec)_/.test(String(value).replace(/^Bearer /i, ""))) {
          report("holds a secret key, which has no place in the open");
        }
      }
    })
    .transform((given) =>
      Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)])),
    )
    .prefault({});

/** The names of the variables that come from Secrets Manager. */
export const secretVariables = [
  "MOESIF_APPLICATION_ID",
  "MOESIF_MANAGEMENT_TOKEN",
  "PLUGIN_AUTH0_M2M_CLIENT_SECRET",
  "STRIPE_API_KEY",
] as const;

export const portalSchema = map({
  /** Where people open the portal. */
  domainName,
  /** Where their browsers reach the portal's own API. */
  apiDomainName: domainName,
  /** Of ACM, in the stack's region, for both names. */
  certificateArn: text(
    "must be the ARN of a certificate, such as arn:aws:acm:REGION:ACCOUNT:certificate/ID",
    /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]+$/,
  ),
  /** Of Route 53, for both names; without it, someone else points them at the load balancer. */
  hostedZoneId: text(
    "must be the id of a hosted zone, such as Z0123456789ABC",
    /^Z[A-Z0-9]{1,31}$/,
  ).optional(),
  images: block(map({ web: image, api: image })),
  moesif: block(
    map({
      liveEventLogWorkspaceId: text("must not be empty", /./),
      timeSeriesWorkspaceId: text("must not be empty", /./),
      monetizationVersion: z.enum(["V1", "V2"], { error: "must be V1 or V2" }).default("V2"),
      /** Has Moesif follow what people do in the portal; browsers see it. */
      publishableApplicationId: text("must not be empty", /./).optional(),
    }),
  ),
  stripe: block(
    map({
      publishableKey: text("must be a publishable key, which begins with pk_", /^pk_(test|live)_\w+$/),
      /** Stripe's page on which people change their subscription. */
      managementUrl: z
        .url({ protocol: /^https$/, error: "must be a URL that begins with https://" })
        .optional(),
    }),
  ),
  network: block(network),
  /** Who may open the portal: everybody, or the office. */
  allowedCidrs: z.array(cidr, { error: "must be a list of ranges" }).min(1).default(["0.0.0.0/0"]),
  cpu: wholeNumber(512, 16_384).default(1024),
  memory: wholeNumber(1024, 122_880).default(4096),
  desiredCount: wholeNumber(1, 20).default(2),
  /** More variables, or other values of those that are no secrets. */
  environment: block(
    map({
      web: variables(
        /^(REACT_APP|VITE)_[A-Z0-9_]+$/,
        "must begin with REACT_APP_ or VITE_: the portal's build reads no others",
      ),
      api: variables(
        new RegExp(`^(?!PLUGIN_|(${secretVariables.join("|")})$)[A-Z][A-Z0-9_]*$`),
        "must be the name of a variable that is neither secret nor one of the provisioning plugin's (PLUGIN_…)",
      ),
    }),
  ),
}).superRefine(
  (given: { domainName?: string; apiDomainName?: string; cpu?: number; memory?: number }, { addIssue }) => {
    const report = (key: string, message: string) => addIssue({ code: "custom", path: [key], message });
    const { domainName, apiDomainName, cpu, memory } = given;
    if (domainName !== undefined && domainName === apiDomainName) {
      report("apiDomainName", "must differ from domainName");
    }
    if (cpu === undefined || memory === undefined) return;
    const [from, to, by] = fargateSizes[cpu] ?? [];
    if (from === undefined || to === undefined || by === undefined) {
      report("cpu", `must be one of ${Object.keys(fargateSizes).join(", ")}`);
    } else if (memory < from || memory > to || memory % by !== 0) {
      report("memory", `must be ${from} to ${to} in steps of ${by} with a cpu of ${cpu}`);
    }
  },
  // Reported beside whatever else is wrong.
  { when: ({ value }) => isRecord(value) },
);

export type PortalSettings = z.output<typeof portalSchema>;
