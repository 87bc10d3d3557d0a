// The plugin's process. The official one is a binary that Pulumi publishes; it is on no registry of packages.
import * as pulumi from "@pulumi/pulumi";
import { FargateService } from "./fargate-service";
import { ApplicationLoadBalancer } from "./load-balancer";
import { Vpc } from "./vpc";

/** By the type's token; what each takes and gives is awsx's (pulumi/pulumi-awsx, awsx/schema-types.ts). */
const components: Record<
  string,
  new (
    name: string,
    args: pulumi.Inputs,
    opts: pulumi.ComponentResourceOptions,
  ) => pulumi.ComponentResource & { state: pulumi.Inputs }
> = {
  "awsx:ec2:Vpc": Vpc,
  "awsx:ecs:FargateService": FargateService,
  "awsx:lb:ApplicationLoadBalancer": ApplicationLoadBalancer,
};

const provider: pulumi.provider.Provider = {
  // The version whose components these stand for.
  version: "3.9.0",
  async construct(name, type, inputs, options) {
    const Component = components[type];
    if (!Component)
      throw new Error(`the local awsx has no ${type}. Add it to local/awsx, or deploy to AWS instead.`);
    const { urn, state } = new Component(name, inputs, options);
    return { urn, state };
  },
};

void pulumi.provider.main(provider, process.argv.slice(2));
