// Where the portal runs: a VPC of its own, made by awsx, or the subnets of one that there is.

import * as pulumi from "@pulumi/pulumi";
import * as aws from "../pulumi/aws";
import { awsx } from "./awsx";
import { containerPorts } from "./containers";
import type { PortalSettings } from "./portal-settings";

export interface NetworkArgs {
  network: PortalSettings["network"];
  /** Ranges of addresses from which the load balancer may be reached. */
  allowedCidrs: string[];
}

interface Subnets {
  vpcId: pulumi.Input<string>;
  publicSubnetIds: pulumi.Input<string[]>;
  /** Where the tasks are: in private subnets, if there are any. */
  taskSubnetIds: pulumi.Input<string[]>;
  /** Whether a task needs an address of its own to reach the internet. */
  assignPublicIp: boolean;
}

/** Subnets and security groups: the world reaches the load balancer, this alone reaches the tasks. */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  readonly publicSubnetIds: pulumi.Output<string[]>;
  readonly taskSubnetIds: pulumi.Output<string[]>;
  readonly assignPublicIp: boolean;
  readonly loadBalancerGroupId: pulumi.Output<string>;
  readonly taskGroupId: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:portal:Network", name, {}, opts);
    const parent = { parent: this };
    const subnets = this.subnets(name, args.network);
    const { vpcId } = subnets;
    const group = (suffix: string, description: string) =>
      new aws.ec2.SecurityGroup(`${name}-${suffix}`, { vpcId, description }, parent);
    const loadBalancer = group("load-balancer", "Load balancer of the Developer Portal.");
    const task = group("task", "Tasks of the Developer Portal.");

    const at = (port: number) => ({ ipProtocol: "tcp", fromPort: port, toPort: port });
    for (const [index, cidrIpv4] of args.allowedCidrs.entries()) {
      for (const port of [80, 443]) {
        new aws.vpc.SecurityGroupIngressRule(
          `${name}-load-balancer-${port}-${index}`,
          { securityGroupId: loadBalancer.id, cidrIpv4, ...at(port) },
          parent,
        );
      }
    }
    for (const [container, port] of Object.entries(containerPorts)) {
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-load-balancer-${container}`,
        { securityGroupId: loadBalancer.id, referencedSecurityGroupId: task.id, ...at(port) },
        parent,
      );
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-task-${container}`,
        { securityGroupId: task.id, referencedSecurityGroupId: loadBalancer.id, ...at(port) },
        parent,
      );
    }
    // Registries, Auth0, Moesif, Stripe and AWS itself; their addresses are nobody's to name.
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-task-internet`,
      { securityGroupId: task.id, cidrIpv4: "0.0.0.0/0", ...at(443) },
      parent,
    );

    this.vpcId = pulumi.output(vpcId);
    this.publicSubnetIds = pulumi.output(subnets.publicSubnetIds);
    this.taskSubnetIds = pulumi.output(subnets.taskSubnetIds);
    this.assignPublicIp = subnets.assignPublicIp;
    this.loadBalancerGroupId = loadBalancer.id;
    this.taskGroupId = task.id;
    this.registerOutputs({ vpcId: this.vpcId });
  }

  private subnets(name: string, network: PortalSettings["network"]): Subnets {
    if ("vpcId" in network) {
      const { vpcId, publicSubnetIds, privateSubnetIds } = network;
      const isPublic = privateSubnetIds.length === 0;
      return {
        vpcId,
        publicSubnetIds,
        taskSubnetIds: isPublic ? publicSubnetIds : privateSubnetIds,
        assignPublicIp: isPublic,
      };
    }
    // Without a NAT gateway, what is in a private subnet reaches nothing, and the tasks need the internet.
    const isPublic = network.natGateways === "none";
    const vpc = new awsx.ec2.Vpc(
      name,
      {
        cidrBlock: network.cidr,
        numberOfAvailabilityZones: network.availabilityZones,
        enableDnsHostnames: true,
        natGateways: { strategy: strategies[network.natGateways] },
        subnetStrategy: "Auto",
        subnetSpecs: isPublic ? [{ type: "Public" }] : [{ type: "Public" }, { type: "Private" }],
      },
      { parent: this },
    );
    return {
      vpcId: vpc.vpcId,
      publicSubnetIds: vpc.publicSubnetIds,
      taskSubnetIds: isPublic ? vpc.publicSubnetIds : vpc.privateSubnetIds,
      assignPublicIp: isPublic,
    };
  }
}

const strategies = { none: "None", single: "Single", onePerAz: "OnePerAz" } as const;
