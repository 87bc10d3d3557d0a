// What people reach: a load balancer that speaks HTTPS only, and gives each of the two names to its container.

import * as pulumi from "@pulumi/pulumi";
import * as aws from "../pulumi/aws";
import { awsx } from "./awsx";
import { type ContainerName, containerPorts } from "./containers";
import type { Network } from "./network";

export interface LoadBalancerArgs {
  network: Network;
  certificateArn: string;
  /** The name at which each container answers. */
  domainNames: Record<ContainerName, string>;
  /** Route 53's zone for both names; without it nothing points at the load balancer yet. */
  hostedZoneId?: string | undefined;
}

/** An application load balancer, its listeners and target groups, and the names that lead to it. */
export class LoadBalancer extends pulumi.ComponentResource {
  /** Where to point the names, if Route 53 does not. */
  readonly dnsName: pulumi.Output<string>;
  readonly targetGroupArns: Record<ContainerName, pulumi.Output<string>>;
  /** A service may only name target groups that a listener leads to: it must come after these. */
  readonly rules: pulumi.Resource[];

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:portal:LoadBalancer", name, {}, opts);
    const parent = { parent: this };
    const { network, domainNames } = args;
    const balancer = new awsx.lb.ApplicationLoadBalancer(
      name,
      {
        subnetIds: network.publicSubnetIds,
        securityGroups: [network.loadBalancerGroupId],
        dropInvalidHeaderFields: true,
        // awsx makes one target group in any case.
        defaultTargetGroup: targetGroup("web"),
        listeners: [
          {
            port: 80,
            protocol: "HTTP",
            defaultActions: [
              { type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } },
            ],
          },
        ],
      },
      parent,
    );
    const { arn, dnsName, zoneId } = balancer.loadBalancer;
    const api = new aws.lb.TargetGroup(
      `${name}-api`,
      { vpcId: network.vpcId, ...targetGroup("api") },
      parent,
    );
    this.targetGroupArns = { web: balancer.defaultTargetGroup.arn, api: api.arn };

    const https = new aws.lb.Listener(
      name,
      {
        loadBalancerArn: arn,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: tlsPolicy,
        certificateArn: args.certificateArn,
        // Scanners come by address, and with names that are not ours.
        defaultActions: [
          { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } },
        ],
      },
      parent,
    );
    this.rules = (["web", "api"] as const).map(
      (container, index) =>
        new aws.lb.ListenerRule(
          `${name}-${container}`,
          {
            listenerArn: https.arn,
            priority: index + 1,
            conditions: [{ hostHeader: { values: [domainNames[container]] } }],
            actions: [{ type: "forward", targetGroupArn: this.targetGroupArns[container] }],
          },
          parent,
        ),
    );
    if (args.hostedZoneId) {
      for (const domainName of Object.values(domainNames)) {
        new aws.route53.Record(
          domainName,
          {
            zoneId: args.hostedZoneId,
            name: domainName,
            type: "A",
            aliases: [{ name: dnsName, zoneId, evaluateTargetHealth: true }],
          },
          parent,
        );
      }
    }
    this.dnsName = dnsName;
    this.registerOutputs({ dnsName: this.dnsName });
  }
}

/**
 * TLS 1.3 and nothing before it, as every browser of these years speaks.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
 */
const tlsPolicy = "ELBSecurityPolicy-TLS13-1-3-2021-06";

/** The portal's API has no path of its own to be asked: any answer but an error of the server shows that it is there. */
const targetGroup = (container: ContainerName) => ({
  port: containerPorts[container],
  protocol: "HTTP",
  targetType: "ip",
  deregistrationDelay: 30,
  healthCheck: {
    path: "/",
    matcher: container === "web" ? "200" : "200-499",
    interval: 30,
    timeout: 5,
    healthyThreshold: 2,
    unhealthyThreshold: 3,
  },
});
