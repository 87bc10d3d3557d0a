// Types that are only stored: they refuse nothing, but for what packages/local-cloud/test/aws/stored-only.test.ts shows.
import type { Properties } from "../../../src/engine/provider";
import type { Row } from "./row";

const vpcId = "vpc-0a1b2c3d4e5f60718";
const subnetId = "subnet-0a1b2c3d4e5f60718";
const loadBalancerArn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/row/0a1b";
const targetGroupArn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/row/0a1b";
const actions = [{ type: "forward", targetGroupArn }];
const tagged = { tags: { team: "api" } };

/** @param change a property that is changed in place */
function storedRow(
  type: string,
  inputs: Properties,
  replaced: string[],
  change: Properties,
  options: Pick<Row, "generatedId"> = {},
): Row {
  return { type, inputs: () => inputs, change, replaced, refused: {}, ...options };
}

const generatedId = { generatedId: true };
const rule = { securityGroupId: "sg-0a1b", ipProtocol: "tcp", fromPort: 443, toPort: 443 };

export const storedOnly: Row[] = [
  storedRow(
    "ec2/vpc",
    { cidrBlock: "10.0.0.0/16" },
    ["cidrBlock", "instanceTenancy"],
    { enableDnsHostnames: true },
    generatedId,
  ),
  storedRow(
    "ec2/subnet",
    { vpcId, cidrBlock: "10.0.0.0/24", availabilityZone: "us-east-1a" },
    ["availabilityZone", "cidrBlock", "vpcId"],
    { mapPublicIpOnLaunch: true },
    generatedId,
  ),
  storedRow("ec2/internetGateway", { vpcId }, [], tagged, generatedId),
  storedRow("ec2/eip", {}, ["domain"], tagged, generatedId),
  storedRow(
    "ec2/natGateway",
    { subnetId, allocationId: "eipalloc-0a1b" },
    ["allocationId", "connectivityType", "subnetId"],
    tagged,
    generatedId,
  ),
  storedRow("ec2/routeTable", { vpcId }, ["vpcId"], tagged, generatedId),
  storedRow(
    "ec2/route",
    { routeTableId: "rtb-0a1b", destinationCidrBlock: "0.0.0.0/0", gatewayId: "igw-0a1b" },
    ["destinationCidrBlock", "routeTableId"],
    { gatewayId: "igw-2c3d" },
    generatedId,
  ),
  storedRow(
    "ec2/routeTableAssociation",
    { routeTableId: "rtb-0a1b", subnetId },
    ["subnetId"],
    { routeTableId: "rtb-2c3d" },
    generatedId,
  ),
  storedRow(
    "ec2/securityGroup",
    { vpcId, name: "row" },
    ["description", "name", "vpcId"],
    tagged,
    generatedId,
  ),
  storedRow(
    "vpc/securityGroupIngressRule",
    { ...rule, cidrIpv4: "0.0.0.0/0" },
    ["securityGroupId"],
    { description: "from everywhere" },
    generatedId,
  ),
  storedRow(
    "vpc/securityGroupEgressRule",
    { ...rule, referencedSecurityGroupId: "sg-2c3d" },
    ["securityGroupId"],
    { description: "to the tasks" },
    generatedId,
  ),
  storedRow(
    "lb/loadBalancer",
    { name: "row", subnets: [subnetId] },
    ["internal", "loadBalancerType", "name"],
    { dropInvalidHeaderFields: true },
  ),
  storedRow(
    "lb/targetGroup",
    { name: "row", vpcId, port: 4000, protocol: "HTTP", targetType: "ip" },
    ["name", "port", "protocol", "targetType", "vpcId"],
    { healthCheck: { path: "/", matcher: "200-499" } },
  ),
  storedRow(
    "lb/listener",
    { loadBalancerArn, port: 80, defaultActions: actions },
    ["loadBalancerArn"],
    { port: 8080 },
    generatedId,
  ),
  storedRow(
    "lb/listenerRule",
    {
      listenerArn: loadBalancerArn.replace("loadbalancer", "listener"),
      priority: 1,
      conditions: [{ hostHeader: { values: ["portal.example.com"] } }],
      actions,
    },
    ["listenerArn"],
    { priority: 2 },
    generatedId,
  ),
  storedRow("ecs/cluster", { name: "row" }, ["name"], tagged),
  storedRow(
    "ecs/taskDefinition",
    { family: "row", cpu: "1024", memory: "4096", containerDefinitions: '[{"name":"web"}]' },
    [
      ...["containerDefinitions", "cpu", "executionRoleArn", "family", "memory", "networkMode"],
      ...["requiresCompatibilities", "runtimePlatform", "taskRoleArn"],
    ],
    tagged,
    generatedId,
  ),
  storedRow(
    "ecs/service",
    { name: "row", cluster: "arn:aws:ecs:us-east-1:123456789012:cluster/row", taskDefinition: "row:1" },
    ["cluster", "launchType", "name"],
    { desiredCount: 2 },
  ),
  storedRow(
    "route53/record",
    { zoneId: "Z0123456789ABCDEFGHIJ", name: "row.example.com", type: "A", records: ["192.0.2.1"] },
    ["name", "zoneId"],
    { ttl: 60 },
  ),
  {
    type: "wafv2/webAclAssociation",
    inputs: ({ stage }) => ({
      resourceArn: stage.outputs.arn,
      webAclArn: "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/row/0a1b",
    }),
    change: undefined,
    replaced: ["resourceArn", "webAclArn"],
    refused: {},
  },
];
