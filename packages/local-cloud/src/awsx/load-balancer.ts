// awsx.lb.ApplicationLoadBalancer, as far as the program asks for it.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuseOthers } from "./arguments";

export class ApplicationLoadBalancer extends pulumi.ComponentResource {
  readonly state: pulumi.Inputs;

  constructor(name: string, args: pulumi.Inputs, opts: pulumi.ComponentResourceOptions) {
    super("awsx:lb:ApplicationLoadBalancer", name, {}, opts);
    const { subnetIds, defaultTargetGroup: ofGroup, listeners: given, ...ofBalancer } = args;
    refuseOthers("ApplicationLoadBalancer", ofBalancer, [
      "dropInvalidHeaderFields",
      "securityGroups",
      "tags",
    ]);
    if (!ofBalancer.securityGroups)
      throw new Error("the local awsx makes no security group for a load balancer");
    const parent = { parent: this };
    const vpcId = pulumi
      .output(subnetIds)
      .apply(([id]: string[]) => aws.ec2.getSubnetOutput(id ? { id } : {}, parent)).vpcId;
    const loadBalancer = new aws.lb.LoadBalancer(name, { ...ofBalancer, subnets: subnetIds }, parent);
    const defaultTargetGroup = new aws.lb.TargetGroup(
      name,
      { vpcId, targetType: "ip", port: 80, protocol: "HTTP", ...ofGroup },
      parent,
    );
    const listeners = given.map(
      (listener: pulumi.Inputs, index: number) =>
        new aws.lb.Listener(
          `${name}-${index}`,
          {
            defaultActions: [{ type: "forward", targetGroupArn: defaultTargetGroup.arn }],
            ...listener,
            loadBalancerArn: loadBalancer.arn,
          },
          parent,
        ),
    );
    this.state = { loadBalancer, defaultTargetGroup, listeners, vpcId };
    this.registerOutputs(this.state);
  }
}
