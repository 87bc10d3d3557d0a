// The outputs of a stack: with resource names and settings, what a company's other programs may rely on.
import type * as pulumi from "@pulumi/pulumi";
import type { declareCustomers } from "./declare-customers";

/** The outputs of a stack. Of a shard, those of its customers only; of any stack, those that it has something for. */
export interface StackOutputs extends Awaited<ReturnType<typeof declareCustomers>["outputs"]> {
  /** Base URL of the API. */
  url?: pulumi.Output<string>;
  /** Where DNS must lead the API's own domain name, if it has one and `hostedZoneId` is not given. */
  domainTarget?: pulumi.Output<string> | undefined;
  /** Where to suspend without a deployment, if `liveSuspensions` is true. */
  suspensionsParameter?: pulumi.Output<string> | undefined;
  /** The Developer Portal's `.env`; secret. */
  portalEnv?: pulumi.Output<string>;
  /** Where the Developer Portal is. */
  portalUrl?: string | undefined;
  /** The load balancer to which the portal's two names must lead. */
  portalLoadBalancer?: pulumi.Output<string> | undefined;
}

export interface OutputDescription {
  /** Whether Pulumi shows it only with `--show-secrets`. */
  isSecret: boolean;
  /** When a stack has it: always if this is absent. */
  condition?: string;
  meaning: string;
}

/** Every output, for readers. docs/reference/outputs.md has the same as a table. */
export const outputDescriptions: Readonly<Record<keyof StackOutputs, OutputDescription>> = {
  url: { isSecret: false, condition: "not of a shard", meaning: "Base URL of the API." },
  customers: {
    isSecret: false,
    meaning: "By customer: the id of its organization, its status and the ids of its clients.",
  },
  credentials: {
    isSecret: true,
    meaning:
      "By customer and client: `clientId`, `clientSecret` (absent for a client with a key pair), `tokenUrl`, `audience`, `scopes`, and `retiring` while its secret rotates.",
  },
  deliveredSecrets: {
    isSecret: false,
    meaning:
      "By customer and client: ARN of the secret in Secrets Manager, if the customer's file has `delivery`.",
  },
  lastDeployment: {
    isSecret: false,
    meaning: "What the next deployment is compared with. Its content may change in any version.",
  },
  knownCustomers: {
    isSecret: false,
    condition: "with `shards` above 1",
    meaning: "Ids of the customers of all shards, which the next deployment must find there.",
  },
  domainTarget: {
    isSecret: false,
    condition: "with `customDomain`",
    meaning: "Target of the DNS record for the API's own domain name.",
  },
  suspensionsParameter: {
    isSecret: false,
    condition: "with `liveSuspensions: true`",
    meaning: "Name of the parameter with the live list of suspensions.",
  },
  portalEnv: {
    isSecret: true,
    condition: "not of a shard",
    meaning: "The content of the Developer Portal's `.env` file.",
  },
  portalUrl: { isSecret: false, condition: "with `portal`", meaning: "URL of the Developer Portal." },
  portalLoadBalancer: {
    isSecret: false,
    condition: "with `portal`",
    meaning: "Target of the DNS records for the portal's two names.",
  },
};
