// What AWS runs and the local cloud only stores: networks, load balancers, Fargate services, DNS records, web ACLs.
// Nothing here is executed, so nothing is checked: inputs are kept as they are, with the attributes that programs read.
import { randomBytes } from "node:crypto";
import type { Properties } from "../../engine/provider";
import type { Account } from "../account";
import { anyRule, isObject } from "../property";
import { AwsError, derivedId, type ResourceType, randomId, tagsOf, textOf } from "../resource-type";

export const subnetType = "aws:ec2/subnet:Subnet";
const targetGroupType = "aws:lb/targetGroup:TargetGroup";
const listenerType = "aws:lb/listener:Listener";
const listenerRuleType = "aws:lb/listenerRule:ListenerRule";
const taskDefinitionType = "aws:ecs/taskDefinition:TaskDefinition";

export const storedOnlyTypes: Record<string, ResourceType> = {
  "aws:ec2/vpc:Vpc": ec2Type({
    title: "EC2 VPC",
    prefix: "vpc",
    replacedBy: ["cidrBlock", "instanceTenancy"],
    defaults: { enableDnsHostnames: false, enableDnsSupport: true, instanceTenancy: "default" },
  }),
  [subnetType]: ec2Type({
    title: "EC2 Subnet",
    prefix: "subnet",
    replacedBy: ["availabilityZone", "cidrBlock", "vpcId"],
    defaults: { mapPublicIpOnLaunch: false },
  }),
  "aws:ec2/internetGateway:InternetGateway": ec2Type({ title: "EC2 Internet Gateway", prefix: "igw" }),
  "aws:ec2/eip:Eip": ec2Type({
    title: "EC2 EIP",
    prefix: "eipalloc",
    replacedBy: ["domain"],
    defaults: { domain: "vpc" },
    outputs: { allocationId: ({ id }) => id },
  }),
  "aws:ec2/natGateway:NatGateway": ec2Type({
    title: "EC2 NAT Gateway",
    prefix: "nat",
    replacedBy: ["allocationId", "connectivityType", "subnetId"],
    defaults: { connectivityType: "public" },
  }),
  "aws:ec2/routeTable:RouteTable": ec2Type({
    title: "EC2 Route Table",
    prefix: "rtb",
    replacedBy: ["vpcId"],
  }),
  "aws:ec2/route:Route": ec2Type({
    title: "EC2 Route",
    prefix: "r",
    replacedBy: ["destinationCidrBlock", "routeTableId"],
  }),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": ec2Type({
    title: "EC2 Route Table Association",
    prefix: "rtbassoc",
    replacedBy: ["subnetId"],
  }),
  "aws:ec2/securityGroup:SecurityGroup": ec2Type({
    title: "EC2 Security Group",
    prefix: "sg",
    replacedBy: ["description", "name", "vpcId"],
    autoName: { property: "name", maxLength: 255 },
  }),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ec2Type({
    title: "EC2 Security Group Ingress Rule",
    prefix: "sgr",
    replacedBy: ["securityGroupId"],
  }),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ec2Type({
    title: "EC2 Security Group Egress Rule",
    prefix: "sgr",
    replacedBy: ["securityGroupId"],
  }),

  "aws:lb/loadBalancer:LoadBalancer": storedType({
    title: "ELBv2 Load Balancer",
    replacedBy: ["internal", "loadBalancerType", "name"],
    defaults: {
      dropInvalidHeaderFields: false,
      enableDeletionProtection: false,
      idleTimeout: 60,
      internal: false,
      loadBalancerType: "application",
    },
    autoName: { property: "name", maxLength: 32 },
    createId: ({ name }, account) => loadBalancingArn(account, `loadbalancer/app/${name}`, textOf(name)),
    outputs: {
      arn: ({ id }) => id,
      dnsName: ({ id, inputs, account }) =>
        `${inputs.name}-${derivedId(id, 10)}.${account.region}.elb.amazonaws.com`.toLowerCase(),
      // Of us-east-1: https://docs.aws.amazon.com/general/latest/gr/elb.html
      zoneId: () => "Z35SXDOTRQ7X7K",
    },
  }),
  [targetGroupType]: storedType({
    title: "ELBv2 Target Group",
    replacedBy: ["name", "port", "protocol", "targetType", "vpcId"],
    defaults: { deregistrationDelay: 300, targetType: "instance" },
    autoName: { property: "name", maxLength: 32 },
    createId: ({ name }, account) => loadBalancingArn(account, `targetgroup/${name}`, textOf(name)),
    outputs: { arn: ({ id }) => id },
  }),
  [listenerType]: storedType({
    title: "ELBv2 Listener",
    replacedBy: ["loadBalancerArn"],
    defaults: { protocol: "HTTP" },
    createId: ({ loadBalancerArn }) =>
      `${textOf(loadBalancerArn).replace(":loadbalancer/", ":listener/")}/${randomId(16)}`,
    outputs: { arn: ({ id }) => id },
  }),
  [listenerRuleType]: storedType({
    title: "ELBv2 Listener Rule",
    replacedBy: ["listenerArn"],
    createId: ({ listenerArn }) =>
      `${textOf(listenerArn).replace(":listener/", ":listener-rule/")}/${randomId(16)}`,
    outputs: { arn: ({ id }) => id },
  }),

  "aws:ecs/cluster:Cluster": storedType({
    title: "ECS Cluster",
    replacedBy: ["name"],
    autoName: { property: "name", maxLength: 255 },
    createId: ({ name }, account) => account.arn("ecs", `cluster/${name}`),
    outputs: { arn: ({ id }) => id },
  }),
  [taskDefinitionType]: storedType({
    title: "ECS Task Definition",
    replacedBy: [
      ...["containerDefinitions", "cpu", "executionRoleArn", "family", "memory", "networkMode"],
      ...["requiresCompatibilities", "runtimePlatform", "taskRoleArn"],
    ],
    // The official provider's id is the family; here each revision is a resource of its own.
    createId: ({ family }, account) =>
      account.arn("ecs", `task-definition/${family}:${nextRevision(textOf(family), account)}`),
    outputs: { arn: ({ id }) => id, revision: ({ id }) => revisionOf(id) },
  }),
  "aws:ecs/service:Service": storedType({
    title: "ECS Service",
    replacedBy: ["cluster", "launchType", "name"],
    defaults: {
      desiredCount: 1,
      enableEcsManagedTags: false,
      enableExecuteCommand: false,
      waitForSteadyState: false,
    },
    autoName: { property: "name", maxLength: 255 },
    createId: ({ cluster, name }) => `${textOf(cluster).replace(":cluster/", ":service/")}/${name}`,
    outputs: { arn: ({ id }) => id },
    refuse: refuseIdleTargetGroups,
  }),

  "aws:route53/record:Record": storedType({
    title: "Route53 Record",
    replacedBy: ["name", "zoneId"],
    createId: ({ zoneId, name, type }) => `${zoneId}_${name}_${type}`,
    outputs: { fqdn: ({ inputs }) => inputs.name },
  }),
  "aws:wafv2/webAclAssociation:WebAclAssociation": storedType({
    title: "WAFv2 Web ACL Association",
    replacedBy: ["resourceArn", "webAclArn"],
    createId: ({ webAclArn, resourceArn }) => `${webAclArn},${resourceArn}`,
  }),
};

/**
 * For a type that no table has, which a company declares beside the product: it is kept as declared, so that the rest can be tried. An ARN
 * is what other resources mostly want of it.
 */
export function keepAsDeclared(type: string): ResourceType {
  const [, module = "", name = ""] = /^aws:([^/:]+)[^:]*:(\w+)$/.exec(type) ?? [];
  return storedType({
    title: `${module} ${name}`,
    createId: () => randomId(16),
    outputs: { arn: ({ id, account }) => account.arn(module, `${name.toLowerCase()}/${id}`) },
  });
}

interface StoredTypeOptions {
  title: string;
  /** Properties that AWS cannot change in place. */
  replacedBy?: string[];
  /** What the official provider fills in. */
  defaults?: Properties;
  autoName?: ResourceType["autoName"];
  /** The id of a new resource: one that AWS chooses is random, one that it derives is the same for the same inputs. */
  createId(inputs: Properties, account: Account): string;
  /** Attributes beside the inputs. */
  outputs?: Record<string, (resource: { id: string; inputs: Properties; account: Account }) => unknown>;
  /** Throws an {@link AwsError} if AWS would not create the resource. */
  refuse?(inputs: Properties, account: Account): void;
}

function storedType(options: StoredTypeOptions): ResourceType {
  const { title, replacedBy = [], defaults = {}, autoName, createId, outputs = {}, refuse } = options;
  const names = new Set([...replacedBy, ...Object.keys(defaults)]);
  return {
    title,
    takesAnyProperty: true,
    properties: Object.fromEntries(
      [...names].map((name) => [
        name,
        anyRule({ replace: replacedBy.includes(name), default: defaults[name] }),
      ]),
    ),
    autoName,
    computed: [...Object.keys(outputs), "tagsAll"],
    apply(inputs, account, current) {
      refuse?.(inputs, account);
      const id = current?.id ?? createId(inputs, account);
      const attributes = Object.entries(outputs).map(([name, read]) => [name, read({ id, inputs, account })]);
      return { id, outputs: { ...Object.fromEntries(attributes), ...tagsOf(inputs) } };
    },
  };
}

interface Ec2TypeOptions extends Omit<StoredTypeOptions, "createId"> {
  /** Of its ids, such as `vpc` in `vpc-0a1b2c3d4e5f60718`. */
  prefix: string;
}

function ec2Type({ prefix, ...options }: Ec2TypeOptions): ResourceType {
  return storedType({
    ...options,
    createId: () => `${prefix}-${randomBytes(9).toString("hex").slice(0, 17)}`,
  });
}

function loadBalancingArn(account: Account, resource: string, name: string): string {
  return account.arn("elasticloadbalancing", `${resource}/${derivedId(name, 16)}`);
}

function nextRevision(family: string, account: Account): number {
  const revisions = account
    .list(taskDefinitionType)
    .filter(({ inputs }) => inputs.family === family)
    .map(({ id }) => revisionOf(id));
  return Math.max(0, ...revisions) + 1;
}

function revisionOf(arn: string): number {
  return Number(arn.split(":").at(-1));
}

/**
 * The one refusal that a program can run into although each of its references is right: only its own `dependsOn` orders the
 * service after the rules. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html
 */
function refuseIdleTargetGroups({ loadBalancers }: Properties, account: Account): void {
  const actions = [
    ...account.list(listenerType).map(({ inputs }) => inputs.defaultActions),
    ...account.list(listenerRuleType).map(({ inputs }) => inputs.actions),
  ].flat();
  for (const target of Array.isArray(loadBalancers) ? loadBalancers.filter(isObject) : []) {
    const { targetGroupArn } = target;
    if (actions.some((action) => isObject(action) && action.targetGroupArn === targetGroupArn)) continue;
    throw new AwsError(
      "InvalidParameterException",
      `The target group with targetGroupArn ${targetGroupArn} does not have an associated load balancer.`,
    );
  }
}
