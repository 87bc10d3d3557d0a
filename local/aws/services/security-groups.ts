// EC2: security groups and their rules, one resource each.
import type { Account } from "../account";
import { parseCidr } from "../cidr";
import { number, tags, text } from "../property";
import { AwsError, type ResourceType, region, tagsOf, textOf } from "../resource-type";
import { dependencyViolation, ec2Id, findIn, vpcType } from "./vpc";

export const securityGroupType = "aws:ec2/securityGroup:SecurityGroup";
const ruleTypes = [
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
] as const;

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html */
const description = {
  pattern: /^[\w .:/()#,@[\]+=&;{}!$*-]{0,255}$/,
  hint: "up to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*",
};

export const securityGroups: Record<string, ResourceType> = {
  [securityGroupType]: {
    title: "EC2 Security Group",
    properties: {
      description: text({ ...description, replace: true, default: "Managed by Pulumi" }),
      name: text({
        replace: true,
        pattern: /^(?!sg-)[\w .:/()#,@[\]+=&;{}!$*-]{1,255}$/,
        hint: 'up to 255 characters; "sg-" may not come first',
      }),
      region: region(),
      tags: tags(),
      vpcId: text({ required: true, replace: true }),
    },
    autoName: { property: "name", maxLength: 255 },
    computed: ["arn", "ownerId", "tagsAll"],
    apply(inputs, account, current) {
      findIn(account, vpcType, inputs.vpcId, "InvalidVpcID.NotFound", "vpc");
      const taken = account
        .list(securityGroupType)
        .find((one) => one.inputs.vpcId === inputs.vpcId && one.inputs.name === inputs.name);
      const id = current?.id ?? taken?.id ?? ec2Id("sg");
      return {
        id,
        outputs: { arn: account.arn("ec2", `security-group/${id}`), ownerId: account.id, ...tagsOf(inputs) },
      };
    },
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html
    remove({ id }, account) {
      const isNamed = ruleTypes.some((type) =>
        account
          .list(type)
          .some(({ inputs }) => inputs.referencedSecurityGroupId === id && inputs.securityGroupId !== id),
      );
      const isUsed = account
        .list("aws:lb/loadBalancer:LoadBalancer")
        .some(({ inputs }) => Array.isArray(inputs.securityGroups) && inputs.securityGroups.includes(id));
      if (isNamed || isUsed) throw dependencyViolation("securityGroup", id);
    },
  },

  [ruleTypes[0]]: rule("Ingress", ruleTypes[0]),
  [ruleTypes[1]]: rule("Egress", ruleTypes[1]),
};

function port() {
  return number({ min: -1, max: 65_535 });
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html */
function rule(direction: "Ingress" | "Egress", type: string): ResourceType {
  return {
    title: `VPC Security Group ${direction} Rule`,
    properties: {
      cidrIpv4: text(),
      description: text(description),
      fromPort: port(),
      ipProtocol: text({ required: true, pattern: /^(tcp|udp|icmp|icmpv6|-1|\d{1,3})$/ }),
      referencedSecurityGroupId: text(),
      region: region(),
      securityGroupId: text({ required: true, replace: true }),
      tags: tags(),
      toPort: port(),
    },
    check({ cidrIpv4, referencedSecurityGroupId, ipProtocol, fromPort, toPort }, report) {
      if ((cidrIpv4 === undefined) === (referencedSecurityGroupId === undefined)) {
        report("cidrIpv4", "is required, or referencedSecurityGroupId in its place");
      }
      if (typeof cidrIpv4 === "string" && !parseCidr(cidrIpv4)) {
        report("cidrIpv4", "must be a range of IPv4 addresses such as 10.0.0.0/16");
      }
      const hasPorts = fromPort !== undefined && toPort !== undefined;
      if (ipProtocol === "tcp" || ipProtocol === "udp") {
        if (!hasPorts) report("fromPort", `and toPort are required for ${ipProtocol}`);
      }
      if (typeof fromPort === "number" && typeof toPort === "number" && fromPort > toPort) {
        report("toPort", `must be ${fromPort} or more, not ${toPort}`);
      }
    },
    computed: ["arn", "securityGroupRuleId", "tagsAll"],
    apply(inputs, account, current) {
      const group = findGroup(inputs.securityGroupId, account);
      if (inputs.referencedSecurityGroupId !== undefined) {
        const referenced = findGroup(inputs.referencedSecurityGroupId, account);
        if (referenced.inputs.vpcId !== group.inputs.vpcId)
          throw noSuchGroup(inputs.referencedSecurityGroupId);
      }
      const what = [
        inputs.securityGroupId,
        inputs.ipProtocol,
        inputs.fromPort,
        inputs.toPort,
        inputs.cidrIpv4 ?? inputs.referencedSecurityGroupId,
      ];
      // The same rule a second time has the first one's id, and so is refused.
      const id = current?.id ?? ec2Id("sgr", [type, ...what].join(" "));
      return {
        id,
        outputs: {
          arn: account.arn("ec2", `security-group-rule/${id}`),
          securityGroupRuleId: id,
          ...tagsOf(inputs),
        },
      };
    },
  };
}

export function findGroup(id: unknown, account: Account) {
  const found = account.get(securityGroupType, textOf(id));
  if (found) return found;
  throw noSuchGroup(id);
}

const noSuchGroup = (id: unknown) =>
  new AwsError("InvalidGroup.NotFound", `The security group '${id}' does not exist`);
