import type { Row } from "./row";

const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555";
const nowhere = (resource: string) => `arn:aws:elasticloadbalancing:us-east-1:123456789012:${resource}`;
const notFound = { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } };

export const loadBalancing: Row[] = [
  {
    type: "lb/loadBalancer",
    inputs: ({ network }) => ({
      name: "row",
      subnets: network.subnets.map(({ id }) => id),
      securityGroups: [network.securityGroup.id],
    }),
    change: { dropInvalidHeaderFields: true },
    replaced: ["internal", "loadBalancerType", "name"],
    refused: [
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
      { given: { name: "internal-row" }, property: "name", message: /up to 32/ },
      { given: { name: "a".repeat(33) }, property: "name", message: /up to 32/ },
      { given: { name: "row-" }, property: "name", message: /up to 32/ },
      { given: { idleTimeout: 0 }, property: "idleTimeout", message: /from 1 to 4000/ },
      { given: { subnets: ["subnet-nowhere"] }, message: /SubnetNotFound/ },
      {
        given: ({ network }) => ({ subnets: [network.subnets[0].id] }),
        message: /two subnets in two different Availability Zones/,
      },
      { given: { securityGroups: ["sg-nowhere"] }, message: /InvalidGroup.NotFound/ },
    ],
  },
  {
    type: "lb/targetGroup",
    inputs: ({ network }) => ({
      name: "row",
      vpcId: network.vpc.id,
      port: 4000,
      protocol: "HTTP",
      targetType: "ip",
    }),
    change: { healthCheck: { path: "/", matcher: "200-499", interval: 30, timeout: 5 } },
    replaced: ["name", "port", "protocol", "targetType", "vpcId"],
    refused: [
      { given: { vpcId: "vpc-nowhere" }, message: /VPC ID 'vpc-nowhere' is not found/ },
      { given: { port: 0 }, property: "port", message: /from 1 to 65535/ },
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
      {
        given: { healthCheck: { matcher: "200-599" } },
        property: "healthCheck.matcher",
        message: /200 to 499/,
      },
      { given: { healthCheck: { path: "health" } }, property: "healthCheck.path", message: /begin with/ },
      { given: { healthCheck: { interval: 4 } }, property: "healthCheck.interval", message: /from 5 to 300/ },
      {
        given: { healthCheck: { interval: 10, timeout: 10 } },
        property: "healthCheck.timeout",
        message: /shorter than the interval/,
      },
      {
        given: { healthCheck: { healthyThreshold: 1 } },
        property: "healthCheck.healthyThreshold",
        message: /from 2 to 10/,
      },
      { given: { deregistrationDelay: 3601 }, property: "deregistrationDelay", message: /to 3600/ },
    ],
  },
  {
    type: "lb/listener",
    inputs: ({ network }) => ({
      loadBalancerArn: network.loadBalancer.id,
      port: 443,
      protocol: "HTTPS",
      certificateArn,
      sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06",
      defaultActions: [notFound],
    }),
    change: { sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
    replaced: ["loadBalancerArn"],
    refused: [
      { given: { loadBalancerArn: nowhere("loadbalancer/app/a/1") }, message: /LoadBalancerNotFound/ },
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html
      { given: { certificateArn: undefined }, property: "certificateArn", message: /required for an HTTPS/ },
      { given: { protocol: "HTTP" }, property: "certificateArn", message: /no place in an HTTP/ },
      { given: { protocol: "HTTP" }, property: "sslPolicy", message: /no place in an HTTP/ },
      {
        given: { sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2024-06" },
        property: "sslPolicy",
        message: /listed policies/,
      },
      {
        given: { defaultActions: [{ type: "redirect" }] },
        property: "defaultActions[0].redirect",
        message: /required/,
      },
      {
        given: { defaultActions: [{ type: "forward", targetGroupArn: nowhere("targetgroup/a/1") }] },
        message: /TargetGroupNotFound/,
      },
    ],
  },
  {
    type: "lb/listenerRule",
    inputs: ({ network }) => ({
      listenerArn: network.listener.id,
      priority: 1,
      conditions: [{ hostHeader: { values: ["portal.example.com"] } }],
      actions: [{ type: "forward", targetGroupArn: network.targetGroup.id }],
    }),
    change: { priority: 2 },
    replaced: ["listenerArn"],
    refused: [
      { given: { listenerArn: nowhere("listener/app/a/1/2") }, message: /ListenerNotFound/ },
      { given: { priority: 0 }, property: "priority", message: /from 1 to 50000/ },
      {
        given: { actions: [{ type: "forward" }] },
        property: "actions[0].targetGroupArn",
        message: /required/,
      },
      {
        given: { conditions: [{ hostHeader: { values: ["portal_1"] } }] },
        property: "conditions[0].hostHeader.values[0]",
        message: /a host name/,
      },
    ],
  },
];
