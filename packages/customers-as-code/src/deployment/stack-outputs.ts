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
