// Elastic Load Balancing: application load balancers. They are kept and checked; nothing listens.
import type { Account, StoredResource } from "../account";
import { arn, flag, isObject, list, number, object, type Report, tags, text } from "../property";
import { AwsError, derivedId, type ResourceType, randomId, region, tagsOf, textOf } from "../resource-type";
import { findGroup } from "./security-groups";
import { subnetType, vpcType } from "./vpc";

export const loadBalancerType = "aws:lb/loadBalancer:LoadBalancer";
export const targetGroupType = "aws:lb/targetGroup:TargetGroup";
const listenerType = "aws:lb/listener:Listener";
const ruleType = "aws:lb/listenerRule:ListenerRule";

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html */
const name = () =>
  text({
    replace: true,
    pattern: /^(?!internal-)[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/,
    hint: "up to 32 letters, digits and hyphens, without a hyphen or internal- at its ends",
  });

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html; of those, what has TLS 1.3, and the default */
const sslPolicies =
  /^ELBSecurityPolicy-(TLS13-1-[0-3](-(Res|Ext1|Ext2))?-2021-06|TLS13-1-[23](-Res)?-PQ-2025-09|2016-08)$/;

const action = object({
  fixedResponse: object({
    contentType: text({
      required: true,
      values: ["text/plain", "text/css", "text/html", "application/javascript", "application/json"],
    }),
    messageBody: text({ maxLength: 1024 }),
    statusCode: text({ pattern: /^[245]\d\d$/ }),
  }),
  order: number({ min: 1, max: 50_000 }),
  redirect: object({
    host: text(),
    path: text(),
    port: text(),
    protocol: text({ values: ["HTTP", "HTTPS", "#{protocol}"] }),
    query: text(),
    statusCode: text({ required: true, values: ["HTTP_301", "HTTP_302"] }),
  }),
  targetGroupArn: arn("elasticloadbalancing"),
  type: text({ required: true, values: ["forward", "redirect", "fixed-response"] }),
});

export const loadBalancing: Record<string, ResourceType> = {
  [loadBalancerType]: {
    title: "ELBv2 Load Balancer",
    properties: {
      dropInvalidHeaderFields: flag({ default: false }),
      enableDeletionProtection: flag({ default: false }),
      idleTimeout: number({ min: 1, max: 4000, default: 60 }),
      internal: flag({ replace: true, default: false }),
      loadBalancerType: text({ replace: true, values: ["application"], default: "application" }),
      name: name(),
      region: region(),
      securityGroups: list(text()),
      subnets: list(text(), { required: true }),
      tags: tags(),
    },
    autoName: { property: "name", maxLength: 32 },
    computed: ["arn", "arnSuffix", "dnsName", "tagsAll", "vpcId", "zoneId"],
    apply(inputs, account, current) {
      const subnets = texts(inputs.subnets).map((id) => {
        const found = account.get(subnetType, id);
        if (found) return found;
        throw new AwsError("SubnetNotFound", `The subnet ID '${id}' does not exist`);
      });
      if (new Set(subnets.map(({ outputs }) => outputs.availabilityZone)).size < 2) {
        throw new AwsError(
          "ValidationError",
          "At least two subnets in two different Availability Zones must be specified",
        );
      }
      for (const id of texts(inputs.securityGroups)) findGroup(id, account);
      const loadBalancer = textOf(inputs.name);
      const suffix = current?.outputs.arnSuffix ?? `app/${loadBalancer}/${derivedId(loadBalancer, 16)}`;
      const id = account.arn("elasticloadbalancing", `loadbalancer/${suffix}`);
      return {
        id,
        outputs: {
          arn: id,
          arnSuffix: suffix,
          dnsName: `${loadBalancer}-${derivedId(id, 10)}.${account.region}.elb.amazonaws.com`.toLowerCase(),
          vpcId: subnets[0]?.inputs.vpcId,
          // Of us-east-1: https://docs.aws.amazon.com/general/latest/gr/elb.html
          zoneId: "Z35SXDOTRQ7X7K",
          ...tagsOf(inputs),
        },
      };
    },
    async remove({ id, inputs }, account) {
      if (inputs.enableDeletionProtection) {
        throw new AwsError(
          "OperationNotPermitted",
          `Load balancer '${id}' cannot be deleted because deletion protection is enabled`,
        );
      }
      // Its listeners go with it.
      for (const listener of account.list(listenerType)) {
        if (listener.inputs.loadBalancerArn === id) await account.remove(listenerType, listener.id);
      }
    },
  },

  [targetGroupType]: {
    title: "ELBv2 Target Group",
    properties: {
      deregistrationDelay: number({ min: 0, max: 3600, default: 300 }),
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
      healthCheck: object({
        enabled: flag(),
        healthyThreshold: number({ min: 2, max: 10 }),
        interval: number({ min: 5, max: 300 }),
        matcher: text({
          pattern: /^[2-4]\d\d(-[2-4]\d\d)?(,[2-4]\d\d(-[2-4]\d\d)?)*$/,
          hint: "statuses from 200 to 499, such as 200,302 or 200-299",
        }),
        path: text({ pattern: /^\/.{0,1023}$/, hint: 'it must begin with "/"' }),
        port: text(),
        protocol: text({ values: ["HTTP", "HTTPS"] }),
        timeout: number({ min: 2, max: 120 }),
        unhealthyThreshold: number({ min: 2, max: 10 }),
      }),
      name: name(),
      port: number({ required: true, replace: true, min: 1, max: 65_535 }),
      protocol: text({ required: true, replace: true, values: ["HTTP", "HTTPS"] }),
      region: region(),
      tags: tags(),
      targetType: text({ replace: true, values: ["instance", "ip"], default: "instance" }),
      vpcId: text({ required: true, replace: true }),
    },
    autoName: { property: "name", maxLength: 32 },
    check({ healthCheck }, report) {
      if (!isObject(healthCheck)) return;
      const { interval = 30, timeout = 5 } = healthCheck;
      if (typeof interval === "number" && typeof timeout === "number" && timeout >= interval) {
        report(
          "healthCheck.timeout",
          `must be shorter than the interval of ${interval} seconds, not ${timeout}`,
        );
      }
    },
    computed: ["arn", "arnSuffix", "loadBalancerArns", "tagsAll"],
    apply(inputs, account, current) {
      if (!account.get(vpcType, textOf(inputs.vpcId))) {
        throw new AwsError("ValidationError", `The VPC ID '${inputs.vpcId}' is not found`);
      }
      const suffix = `targetgroup/${inputs.name}/${derivedId(textOf(inputs.name), 16)}`;
      const id = current?.id ?? account.arn("elasticloadbalancing", suffix);
      return { id, outputs: { arn: id, arnSuffix: suffix, loadBalancerArns: [], ...tagsOf(inputs) } };
    },
    remove({ id }, account) {
      if (leadingTo(id, account).length > 0) {
        throw new AwsError(
          "ResourceInUse",
          `Target group '${id}' is currently in use by a listener or a rule`,
        );
      }
    },
  },

  [listenerType]: {
    title: "ELBv2 Listener",
    properties: {
      certificateArn: arn("acm"),
      defaultActions: list(action, { required: true }),
      loadBalancerArn: arn("elasticloadbalancing", { required: true, replace: true }),
      port: number({ required: true, min: 1, max: 65_535 }),
      protocol: text({ values: ["HTTP", "HTTPS"], default: "HTTP" }),
      region: region(),
      sslPolicy: text({ pattern: sslPolicies, hint: "it must be one of the listed policies" }),
      tags: tags(),
    },
    check({ protocol, certificateArn, sslPolicy, defaultActions }, report) {
      if (protocol === "HTTPS" && certificateArn === undefined) {
        report("certificateArn", "is required for an HTTPS listener");
      }
      for (const [property, value] of Object.entries({ certificateArn, sslPolicy })) {
        if (protocol === "HTTP" && value !== undefined) report(property, "has no place in an HTTP listener");
      }
      checkActions("defaultActions", defaultActions, report);
    },
    computed: ["arn", "tagsAll"],
    apply(inputs, account, current) {
      const balancer = account.get(loadBalancerType, textOf(inputs.loadBalancerArn));
      if (!balancer) {
        throw new AwsError("LoadBalancerNotFound", `Load balancer '${inputs.loadBalancerArn}' not found`);
      }
      checkTargets(inputs.defaultActions, account);
      // One for each port: a second one has the first one's id, and so is refused.
      const prefix = textOf(balancer.outputs.arnSuffix);
      const id =
        current?.id ??
        account.arn(
          "elasticloadbalancing",
          `listener/${prefix}/${derivedId(`${prefix} ${inputs.port}`, 16)}`,
        );
      return { id, outputs: { arn: id, ...tagsOf(inputs) } };
    },
    async remove({ id }, account) {
      for (const rule of account.list(ruleType)) {
        if (rule.inputs.listenerArn === id) await account.remove(ruleType, rule.id);
      }
    },
  },

  [ruleType]: {
    title: "ELBv2 Listener Rule",
    properties: {
      actions: list(action, { required: true }),
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
      conditions: list(
        object({
          hostHeader: object({
            values: list(
              text({ pattern: /^[A-Za-z0-9.*?-]{1,128}$/, hint: "a host name of up to 128 characters" }),
            ),
          }),
          pathPattern: object({ values: list(text({ maxLength: 128 })) }),
        }),
        { required: true },
      ),
      listenerArn: arn("elasticloadbalancing", { required: true, replace: true }),
      priority: number({ required: true, min: 1, max: 50_000 }),
      region: region(),
      tags: tags(),
    },
    check: ({ actions }, report) => checkActions("actions", actions, report),
    computed: ["arn", "tagsAll"],
    apply(inputs, account, current) {
      const listener = account.get(listenerType, textOf(inputs.listenerArn));
      if (!listener) throw new AwsError("ListenerNotFound", `Listener '${inputs.listenerArn}' not found`);
      checkTargets(inputs.actions, account);
      const taken = account
        .list(ruleType)
        .find(
          (one) =>
            one.id !== current?.id &&
            one.inputs.listenerArn === inputs.listenerArn &&
            one.inputs.priority === inputs.priority,
        );
      if (current && taken)
        throw new AwsError("PriorityInUse", `Priority '${inputs.priority}' is currently in use`);
      const id =
        current?.id ?? taken?.id ?? `${listener.id.replace(":listener/", ":listener-rule/")}/${randomId(16)}`;
      return { id, outputs: { arn: id, ...tagsOf(inputs) } };
    },
  },
};

/** Listeners and rules that lead to the target group. */
export function leadingTo(targetGroupArn: string, account: Account): StoredResource[] {
  const leads = (actions: unknown) =>
    Array.isArray(actions) && actions.some((one) => isObject(one) && one.targetGroupArn === targetGroupArn);
  return [
    ...account.list(listenerType).filter(({ inputs }) => leads(inputs.defaultActions)),
    ...account.list(ruleType).filter(({ inputs }) => leads(inputs.actions)),
  ];
}

function checkActions(property: string, actions: unknown, report: Report): void {
  if (!Array.isArray(actions)) return;
  const needed: Record<string, string> = {
    forward: "targetGroupArn",
    redirect: "redirect",
    "fixed-response": "fixedResponse",
  };
  for (const [index, one] of actions.entries()) {
    if (!isObject(one)) continue;
    const name = needed[String(one.type)];
    if (name !== undefined && one[name] === undefined) report(`${property}[${index}].${name}`, "is required");
  }
}

function checkTargets(actions: unknown, account: Account): void {
  for (const one of Array.isArray(actions) ? actions : []) {
    if (!isObject(one) || one.targetGroupArn === undefined) continue;
    if (!account.get(targetGroupType, textOf(one.targetGroupArn))) {
      throw new AwsError("TargetGroupNotFound", `Target group '${one.targetGroupArn}' not found`);
    }
  }
}

export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(textOf) : [];
}
