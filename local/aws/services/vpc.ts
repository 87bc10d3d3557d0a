// EC2: virtual networks, their subnets and gateways.
import { createHash, randomBytes } from "node:crypto";
import type { Account, StoredResource } from "../account";
import { contains, overlap, parseCidr } from "../cidr";
import { flag, type Report, tags, text } from "../property";
import { AwsError, type ResourceType, region, tagsOf, textOf } from "../resource-type";

export const vpcType = "aws:ec2/vpc:Vpc";
export const subnetType = "aws:ec2/subnet:Subnet";
export const internetGatewayType = "aws:ec2/internetGateway:InternetGateway";
const eipType = "aws:ec2/eip:Eip";
export const natGatewayType = "aws:ec2/natGateway:NatGateway";

/** Such as `vpc-0a1b2c3d4e5f60718`; the same one for the same source. */
export function ec2Id(prefix: string, source?: string): string {
  const hex = source ? createHash("sha256").update(source).digest("hex") : randomBytes(9).toString("hex");
  return `${prefix}-${hex.slice(0, 17)}`;
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
const cidrBlock = (options: { required?: boolean } = {}) =>
  text({
    ...options,
    replace: true,
    pattern: /^\d+\.\d+\.\d+\.\d+\/(1[6-9]|2[0-8])$/,
    hint: "a range of IPv4 addresses from /16 to /28",
  });

export const vpc: Record<string, ResourceType> = {
  [vpcType]: {
    title: "EC2 VPC",
    properties: {
      cidrBlock: cidrBlock({ required: true }),
      enableDnsHostnames: flag({ default: false }),
      enableDnsSupport: flag({ default: true }),
      instanceTenancy: text({ replace: true, values: ["default", "dedicated"], default: "default" }),
      region: region(),
      tags: tags(),
    },
    check: ({ cidrBlock: block }, report) => checkRange(block, report),
    computed: ["arn", "ownerId", "tagsAll"],
    apply(inputs, account, current) {
      const id = current?.id ?? ec2Id("vpc");
      return {
        id,
        outputs: { arn: account.arn("ec2", `vpc/${id}`), ownerId: account.id, ...tagsOf(inputs) },
      };
    },
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html
    remove({ id }, account) {
      const within = [subnetType, internetGatewayType, "aws:ec2/securityGroup:SecurityGroup"];
      if (within.some((type) => account.list(type).some(({ inputs }) => inputs.vpcId === id))) {
        throw dependencyViolation("vpc", id);
      }
    },
  },

  [subnetType]: {
    title: "EC2 Subnet",
    properties: {
      availabilityZone: text({ replace: true, pattern: /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/ }),
      cidrBlock: cidrBlock({ required: true }),
      mapPublicIpOnLaunch: flag({ default: false }),
      region: region(),
      tags: tags(),
      vpcId: text({ required: true, replace: true }),
    },
    check: ({ cidrBlock: block }, report) => checkRange(block, report),
    computed: ["arn", "availabilityZone", "ownerId", "tagsAll"],
    apply(inputs, account, current) {
      const { inputs: network } = findIn(account, vpcType, inputs.vpcId, "InvalidVpcID.NotFound", "vpc");
      const [outer, range] = [parseCidr(network.cidrBlock), parseCidr(inputs.cidrBlock)];
      // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html
      if (!outer || !range || !contains(outer, range)) {
        throw new AwsError("InvalidSubnet.Range", `The CIDR '${inputs.cidrBlock}' is invalid.`);
      }
      const others = account
        .list(subnetType)
        .filter((one) => one.id !== current?.id && one.inputs.vpcId === inputs.vpcId);
      const same = others.find((one) => one.inputs.cidrBlock === inputs.cidrBlock);
      const conflicts = others.some((one) => {
        const other = parseCidr(one.inputs.cidrBlock);
        return one !== same && other !== undefined && overlap(other, range);
      });
      if (conflicts) {
        throw new AwsError(
          "InvalidSubnet.Conflict",
          `The CIDR '${inputs.cidrBlock}' conflicts with another subnet`,
        );
      }
      const id = current?.id ?? same?.id ?? ec2Id("subnet");
      return {
        id,
        outputs: {
          arn: account.arn("ec2", `subnet/${id}`),
          availabilityZone: inputs.availabilityZone ?? `${account.region}a`,
          ownerId: account.id,
          ...tagsOf(inputs),
        },
      };
    },
    remove({ id }, account) {
      const uses = (one: StoredResource) =>
        one.inputs.subnetId === id || (Array.isArray(one.inputs.subnets) && one.inputs.subnets.includes(id));
      const users = [natGatewayType, "aws:lb/loadBalancer:LoadBalancer"];
      if (users.some((type) => account.list(type).some(uses))) throw dependencyViolation("subnet", id);
    },
  },

  [internetGatewayType]: {
    title: "EC2 Internet Gateway",
    properties: { region: region(), tags: tags(), vpcId: text() },
    computed: ["arn", "ownerId", "tagsAll"],
    apply(inputs, account, current) {
      if (inputs.vpcId !== undefined) {
        findIn(account, vpcType, inputs.vpcId, "InvalidVpcID.NotFound", "vpc");
      }
      // https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html: one for a VPC
      const attached = account
        .list(internetGatewayType)
        .find((one) => inputs.vpcId !== undefined && one.inputs.vpcId === inputs.vpcId);
      const id = current?.id ?? attached?.id ?? ec2Id("igw");
      return {
        id,
        outputs: {
          arn: account.arn("ec2", `internet-gateway/${id}`),
          ownerId: account.id,
          ...tagsOf(inputs),
        },
      };
    },
  },

  [eipType]: {
    title: "EC2 EIP",
    properties: {
      domain: text({ replace: true, values: ["vpc"], default: "vpc" }),
      region: region(),
      tags: tags(),
    },
    computed: ["allocationId", "arn", "publicIp", "tagsAll"],
    apply(inputs, account, current) {
      const id = current?.id ?? ec2Id("eipalloc");
      return {
        id,
        outputs: {
          allocationId: id,
          arn: account.arn("ec2", `elastic-ip/${id}`),
          // Of the addresses that are for documentation.
          publicIp: current?.outputs.publicIp ?? `203.0.113.${(randomBytes(1)[0] ?? 0) % 255}`,
          ...tagsOf(inputs),
        },
      };
    },
    remove({ id }, account) {
      if (account.list(natGatewayType).some(({ inputs }) => inputs.allocationId === id)) {
        throw new AwsError("InvalidIPAddress.InUse", `Address ${id} is in use.`);
      }
    },
  },

  [natGatewayType]: {
    title: "EC2 NAT Gateway",
    properties: {
      allocationId: text({ replace: true }),
      connectivityType: text({ replace: true, values: ["public", "private"], default: "public" }),
      region: region(),
      subnetId: text({ required: true, replace: true }),
      tags: tags(),
    },
    check({ allocationId, connectivityType }, report) {
      if (connectivityType === "public" && allocationId === undefined) {
        report("allocationId", "is required for a public NAT gateway");
      }
      if (connectivityType === "private" && allocationId !== undefined) {
        report("allocationId", "has no place in a private NAT gateway");
      }
    },
    computed: ["networkInterfaceId", "publicIp", "tagsAll"],
    apply(inputs, account, current) {
      const { allocationId, subnetId } = inputs;
      findIn(account, subnetType, subnetId, "InvalidSubnetID.NotFound", "subnet");
      const address =
        allocationId === undefined
          ? undefined
          : findIn(account, eipType, allocationId, "InvalidAllocationID.NotFound", "allocation");
      const user = account
        .list(natGatewayType)
        .find((one) => allocationId !== undefined && one.inputs.allocationId === allocationId);
      return {
        id: current?.id ?? user?.id ?? ec2Id("nat"),
        outputs: {
          networkInterfaceId: current?.outputs.networkInterfaceId ?? ec2Id("eni"),
          publicIp: address?.outputs.publicIp,
          ...tagsOf(inputs),
        },
      };
    },
  },
};

/** The resource of that id. @throws AwsError with the code where there is none. */
export function findIn(
  account: Account,
  type: string,
  id: unknown,
  code: string,
  kind: string,
): StoredResource {
  const found = account.get(type, textOf(id));
  if (found) return found;
  throw new AwsError(code, `The ${kind} ID '${id}' does not exist`);
}

export function dependencyViolation(kind: string, id: string): AwsError {
  return new AwsError("DependencyViolation", `The ${kind} '${id}' has dependencies and cannot be deleted.`);
}

function checkRange(block: unknown, report: Report): void {
  if (typeof block === "string" && !parseCidr(block)) {
    report("cidrBlock", `"${block}" is no range: bits beyond its prefix are set, or a byte is beyond 255`);
  }
}
