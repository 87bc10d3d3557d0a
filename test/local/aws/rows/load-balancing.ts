import { type Row, required } from "./row";

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
    refused: {
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html": [
        ["name", "internal-row", /up to 32/],
        ["name", "a".repeat(33), /up to 32/],
        ["name", "row-", /up to 32/],
        { given: { subnets: ["subnet-nowhere"] }, message: /SubnetNotFound/ },
        {
          given: ({ network }) => ({ subnets: [network.subnets[0].id] }),
          message: /two subnets in two different Availability Zones/,
        },
        { given: { securityGroups: ["sg-nowhere"] }, message: /InvalidGroup.NotFound/ },
        ...required("subnets"),
      ],
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html": [
        ["idleTimeout", 0, /from 1 to 4000/],
        ["idleTimeout", 4001, /from 1 to 4000/],
      ],
      "local: of the values that AWS takes, those that the local cloud serves": [
        ["loadBalancerType", "other", /application, not/],
      ],
    },
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
    refused: {
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html": [
        { given: { vpcId: "vpc-nowhere" }, message: /VPC ID 'vpc-nowhere' is not found/ },
        ["port", 0, /from 1 to 65535/],
        ...required("port", "protocol", "vpcId"),
        ["name", "row-", /up to 32/],
        ["port", 65536, /from 1 to 65535/],
        ["protocol", "other", /HTTP, HTTPS, not/],
        ["targetType", "other", /instance, ip, not/],
      ],
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html": [
        ["healthCheck.healthyThreshold", 11, /from 2 to 10/],
        ["healthCheck.interval", 301, /from 5 to 300/],
        ["healthCheck.protocol", "other", /HTTP, HTTPS, not/],
        ["healthCheck.timeout", 1, /from 2 to 120/],
        ["healthCheck.timeout", 121, /from 2 to 120/],
        ["healthCheck.unhealthyThreshold", 1, /from 2 to 10/],
        ["healthCheck.unhealthyThreshold", 11, /from 2 to 10/],
        {
          given: { healthCheck: { matcher: "200-599" } },
          property: "healthCheck.matcher",
          message: /200 to 499/,
        },
        { given: { healthCheck: { path: "health" } }, property: "healthCheck.path", message: /begin with/ },
        {
          given: { healthCheck: { interval: 4 } },
          property: "healthCheck.interval",
          message: /from 5 to 300/,
        },
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
      ],
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html": [
        ["deregistrationDelay", 3601, /to 3600/],
        ["deregistrationDelay", -1, /from 0 to 3600/],
      ],
    },
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
    refused: {
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html": [
        { given: { loadBalancerArn: nowhere("loadbalancer/app/a/1") }, message: /LoadBalancerNotFound/ },
        {
          given: { defaultActions: [{ type: "forward", targetGroupArn: nowhere("targetgroup/a/1") }] },
          message: /TargetGroupNotFound/,
        },
        ...required("defaultActions", "loadBalancerArn", "port"),
        ["certificateArn", "arn:aws:sns:eu-central-1:123456789012:row", /ARN of a resource of acm/],
        [
          "loadBalancerArn",
          "arn:aws:sns:eu-central-1:123456789012:row",
          /ARN of a resource of elasticloadbalancing/,
        ],
        ["port", 0, /from 1 to 65535/],
        ["port", 65536, /from 1 to 65535/],
        ["protocol", "other", /HTTP, HTTPS, not/],
      ],
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html":
        [
          ["certificateArn", undefined, /required for an HTTPS/],
          { given: { protocol: "HTTP" }, property: "certificateArn", message: /no place in an HTTP/ },
          { given: { protocol: "HTTP" }, property: "sslPolicy", message: /no place in an HTTP/ },
        ],
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html": [
        ["sslPolicy", "ELBSecurityPolicy-TLS13-1-3-2024-06", /listed policies/],
      ],
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html": [
        {
          given: { defaultActions: [{ type: "redirect" }] },
          property: "defaultActions[0].redirect",
          message: /required/,
        },
        ...required("defaultActions[0].type"),
        ["defaultActions[0].order", 0, /from 1 to 50000/],
        ["defaultActions[0].order", 50001, /from 1 to 50000/],
        [
          "defaultActions[0].targetGroupArn",
          "arn:aws:sns:eu-central-1:123456789012:row",
          /ARN of a resource of elasticloadbalancing/,
        ],
        ["defaultActions[0].type", "other", /forward, redirect, fixed-response, not/],
      ],
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_FixedResponseActionConfig.html":
        [
          ...required("defaultActions[0].fixedResponse.contentType"),
          [
            "defaultActions[0].fixedResponse.contentType",
            "other",
            /text\/plain, text\/css, text\/html, application\/javascript, application\/json, not/,
          ],
          ["defaultActions[0].fixedResponse.messageBody", "x".repeat(1025), /at most 1024/],
          ["defaultActions[0].fixedResponse.statusCode", "302", /not valid/],
        ],
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html": [
        ...required("defaultActions[0].redirect.statusCode"),
        ["defaultActions[0].redirect.protocol", "other", /HTTP, HTTPS, #\{protocol\}, not/],
        ["defaultActions[0].redirect.statusCode", "other", /HTTP_301, HTTP_302, not/],
      ],
    },
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
    refused: {
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html": [
        { given: { listenerArn: nowhere("listener/app/a/1/2") }, message: /ListenerNotFound/ },
        ["priority", 0, /from 1 to 50000/],
        ...required("actions", "conditions", "listenerArn", "priority"),
        [
          "listenerArn",
          "arn:aws:sns:eu-central-1:123456789012:row",
          /ARN of a resource of elasticloadbalancing/,
        ],
        ["priority", 50001, /from 1 to 50000/],
      ],
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html": [
        {
          given: { actions: [{ type: "forward" }] },
          property: "actions[0].targetGroupArn",
          message: /required/,
        },
        ...required("actions[0].type"),
        ["actions[0].order", 0, /from 1 to 50000/],
        ["actions[0].order", 50001, /from 1 to 50000/],
        [
          "actions[0].targetGroupArn",
          "arn:aws:sns:eu-central-1:123456789012:row",
          /ARN of a resource of elasticloadbalancing/,
        ],
        ["actions[0].type", "other", /forward, redirect, fixed-response, not/],
      ],
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html": [
        {
          given: { conditions: [{ hostHeader: { values: ["portal_1"] } }] },
          property: "conditions[0].hostHeader.values[0]",
          message: /a host name/,
        },
        ["conditions[0].pathPattern.values[0]", "x".repeat(129), /at most 128/],
      ],
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_FixedResponseActionConfig.html":
        [
          ...required("actions[0].fixedResponse.contentType"),
          [
            "actions[0].fixedResponse.contentType",
            "other",
            /text\/plain, text\/css, text\/html, application\/javascript, application\/json, not/,
          ],
          ["actions[0].fixedResponse.messageBody", "x".repeat(1025), /at most 1024/],
          ["actions[0].fixedResponse.statusCode", "302", /not valid/],
        ],
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html": [
        ...required("actions[0].redirect.statusCode"),
        ["actions[0].redirect.protocol", "other", /HTTP, HTTPS, #\{protocol\}, not/],
        ["actions[0].redirect.statusCode", "other", /HTTP_301, HTTP_302, not/],
      ],
    },
  },
];
