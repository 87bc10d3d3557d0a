import type { Fixture } from "../fixture";
import { type Refusal, type Row, required } from "./row";

/** A network with two subnets, a load balancer in them and a cluster. */
export async function createNetwork(fixture: Fixture) {
  const vpc = await fixture.create("ec2/vpc", { cidrBlock: "10.0.0.0/16" });
  const vpcId = vpc.id;
  const subnet = (index: number, zone: string) =>
    fixture.create("ec2/subnet", {
      vpcId,
      cidrBlock: `10.0.${index}.0/24`,
      availabilityZone: `us-east-1${zone}`,
    });
  const subnets = [await subnet(0, "a"), await subnet(1, "b")] as const;
  const internetGateway = await fixture.create("ec2/internetGateway", { vpcId });
  const eip = await fixture.create("ec2/eip", {});
  const natGateway = await fixture.create("ec2/natGateway", {
    subnetId: subnets[0].id,
    allocationId: eip.id,
  });
  const routeTable = await fixture.create("ec2/routeTable", { vpcId });
  const securityGroup = await fixture.create("ec2/securityGroup", { vpcId, name: "world" });
  const otherVpc = await fixture.create("ec2/vpc", { cidrBlock: "10.1.0.0/16" });
  const otherGroup = await fixture.create("ec2/securityGroup", { vpcId: otherVpc.id, name: "other" });
  const loadBalancer = await fixture.create("lb/loadBalancer", {
    name: "world",
    subnets: subnets.map(({ id }) => id),
    securityGroups: [securityGroup.id],
  });
  const targetGroup = await fixture.create("lb/targetGroup", {
    name: "world",
    vpcId,
    port: 4000,
    protocol: "HTTP",
    targetType: "ip",
  });
  const idleGroup = await fixture.create("lb/targetGroup", {
    name: "idle",
    vpcId,
    port: 4000,
    protocol: "HTTP",
    targetType: "ip",
  });
  const instanceGroup = await fixture.create("lb/targetGroup", {
    name: "instances",
    vpcId,
    port: 4000,
    protocol: "HTTP",
  });
  const otherTable = await fixture.create("ec2/routeTable", { vpcId: otherVpc.id });
  const listener = await fixture.create("lb/listener", {
    loadBalancerArn: loadBalancer.id,
    port: 80,
    defaultActions: [{ type: "forward", targetGroupArn: targetGroup.id }],
  });
  return {
    vpc,
    subnets,
    internetGateway,
    natGateway,
    routeTable,
    securityGroup,
    otherVpc,
    otherGroup,
    loadBalancer,
    targetGroup,
    idleGroup,
    instanceGroup,
    otherTable,
    listener,
  };
}

export type Network = Awaited<ReturnType<typeof createNetwork>>;

const refusedRules: Refusal[] = [
  ["cidrIpv4", undefined, /required, or referencedSecurityGroupId/],
  ["cidrIpv4", "0.0.0.0", /a range of IPv4/],
  ["cidrIpv4", "10.0.0.1/24", /a range of IPv4/],
  ["fromPort", undefined, /required for tcp/],
  ["toPort", 80, /443 or more/],
  ["ipProtocol", "http", /must match/],
  ["description", "the world's", /up to 255 letters/],
  { given: { securityGroupId: "sg-nowhere" }, message: /InvalidGroup.NotFound/ },
  {
    given: ({ network }) => ({ cidrIpv4: undefined, referencedSecurityGroupId: network.otherGroup.id }),
    message: /InvalidGroup.NotFound/,
  },
  ...required("ipProtocol", "securityGroupId"),
  ["fromPort", -2, /from -1 to 65535/],
  ["fromPort", 65536, /from -1 to 65535/],
  ["toPort", -2, /from -1 to 65535/],
  ["toPort", 65536, /from -1 to 65535/],
];

const rule = (direction: "Ingress" | "Egress", refused: Row["refused"]): Row => ({
  type: `vpc/securityGroup${direction}Rule`,
  inputs: ({ network }) => ({
    securityGroupId: network.securityGroup.id,
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
    cidrIpv4: "0.0.0.0/0",
  }),
  change: { description: "from everywhere" },
  replaced: ["securityGroupId"],
  refused,
});

export const network: Row[] = [
  {
    type: "ec2/vpc",
    inputs: () => ({ cidrBlock: "10.2.0.0/16" }),
    change: { enableDnsHostnames: true },
    replaced: ["cidrBlock", "instanceTenancy"],
    generatedId: true,
    refused: {
      "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html": [
        ["cidrBlock", undefined, /required/],
        ["instanceTenancy", "other", /default, dedicated, not/],
      ],
      "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html": [
        ["cidrBlock", "10.0.0.0/8", /from \/16 to \/28/],
        ["cidrBlock", "10.0.0.0/29", /from \/16 to \/28/],
        ["cidrBlock", "10.0.1.0/16", /bits beyond/],
        ["cidrBlock", "10.0.256.0/24", /beyond 255/],
      ],
    },
  },
  {
    type: "ec2/subnet",
    inputs: ({ network }) => ({ vpcId: network.vpc.id, cidrBlock: "10.0.9.0/24" }),
    change: { mapPublicIpOnLaunch: true },
    replaced: ["availabilityZone", "cidrBlock", "vpcId"],
    refused: {
      "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html": [
        { given: { vpcId: "vpc-nowhere" }, message: /InvalidVpcID.NotFound/ },
        { given: { cidrBlock: "10.1.0.0/24" }, message: /InvalidSubnet.Range/ },
        { given: { cidrBlock: "10.0.0.0/23" }, message: /InvalidSubnet.Conflict/ },
        ["cidrBlock", "10.0.0.0/29", /from \/16 to \/28/],
        ["availabilityZone", "a", /must match/],
        ...required("cidrBlock", "vpcId"),
      ],
    },
  },
  {
    type: "ec2/internetGateway",
    inputs: ({ network }) => ({ vpcId: network.otherVpc.id }),
    change: { tags: { team: "api" } },
    replaced: [],
    refused: {
      "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachInternetGateway.html": [
        { given: { vpcId: "vpc-nowhere" }, message: /InvalidVpcID.NotFound/ },
      ],
    },
  },
  {
    type: "ec2/eip",
    inputs: () => ({}),
    change: { tags: { team: "api" } },
    replaced: ["domain"],
    generatedId: true,
    refused: {
      "local: of the values that AWS takes, those that the local cloud serves": [
        ["domain", "standard", /one of vpc/],
      ],
    },
  },
  {
    type: "ec2/natGateway",
    inputs: ({ network }) => ({ subnetId: network.subnets[0].id, connectivityType: "private" }),
    change: { tags: { team: "api" } },
    replaced: ["allocationId", "connectivityType", "subnetId"],
    generatedId: true,
    refused: {
      "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html": [
        { given: { subnetId: "subnet-nowhere" }, message: /InvalidSubnetID.NotFound/ },
        { given: { connectivityType: "public" }, property: "allocationId", message: /required for a public/ },
        ["allocationId", "eipalloc-1", /no place in a private/],
        {
          given: { connectivityType: "public", allocationId: "eipalloc-nowhere" },
          message: /InvalidAllocationID.NotFound/,
        },
        ...required("subnetId"),
        ["connectivityType", "other", /public, private, not/],
      ],
    },
  },
  {
    type: "ec2/routeTable",
    inputs: ({ network }) => ({ vpcId: network.vpc.id }),
    change: { tags: { team: "api" } },
    replaced: ["vpcId"],
    generatedId: true,
    refused: {
      "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRouteTable.html": [
        { given: { vpcId: "vpc-nowhere" }, message: /InvalidVpcID.NotFound/ },
        ...required("vpcId"),
      ],
    },
  },
  {
    type: "ec2/route",
    inputs: ({ network }) => ({
      routeTableId: network.routeTable.id,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: network.internetGateway.id,
    }),
    // The world is not known here; what leads elsewhere is in test/local/aws/network.test.ts.
    change: undefined,
    replaced: ["destinationCidrBlock", "routeTableId"],
    importedAs: ({ inputs }) => `${inputs.routeTableId}_0.0.0.0/0`,
    refused: {
      "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html": [
        ["gatewayId", undefined, /or natGatewayId/],
        { given: { natGatewayId: "nat-1" }, property: "gatewayId", message: /or natGatewayId/ },
        ["destinationCidrBlock", "everywhere", /a range/],
        { given: { routeTableId: "rtb-nowhere" }, message: /InvalidRouteTableID.NotFound/ },
        { given: { gatewayId: "igw-nowhere" }, message: /InvalidGatewayID.NotFound/ },
        {
          given: { gatewayId: undefined, natGatewayId: "nat-nowhere" },
          message: /InvalidNatGatewayID.NotFound/,
        },
        ...required("destinationCidrBlock", "routeTableId"),
      ],
    },
  },
  {
    type: "ec2/routeTableAssociation",
    inputs: ({ network }) => ({ routeTableId: network.routeTable.id, subnetId: network.subnets[0].id }),
    change: undefined,
    replaced: ["subnetId"],
    importedAs: ({ inputs }) => `${inputs.subnetId}/${inputs.routeTableId}`,
    refused: {
      "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateRouteTable.html": [
        {
          given: ({ network }) => ({ routeTableId: network.otherTable.id }),
          message: /InvalidParameterValue: Route table \S+ and subnet \S+ belong to different networks/,
        },

        { given: { routeTableId: "rtb-nowhere" }, message: /InvalidRouteTableID.NotFound/ },
        { given: { subnetId: "subnet-nowhere" }, message: /InvalidSubnetID.NotFound/ },
        ...required("routeTableId", "subnetId"),
      ],
    },
  },
  {
    type: "ec2/securityGroup",
    inputs: ({ network }) => ({ vpcId: network.vpc.id, name: "row" }),
    change: { tags: { team: "api" } },
    replaced: ["description", "name", "vpcId"],
    refused: {
      "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html": [
        { given: { vpcId: "vpc-nowhere" }, message: /InvalidVpcID.NotFound/ },
        ["description", "the portal's", /up to 255 letters/],
        ["name", "sg-row", /may not come first/],
        ...required("vpcId"),
      ],
    },
  },
  rule("Ingress", {
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html":
      refusedRules,
  }),
  rule("Egress", {
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupEgress.html":
      refusedRules,
  }),
];
