// awsx.ec2.Vpc, as far as the program asks for it: subnets in each zone, and a way out for them.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuseOthers } from "./arguments";

interface SubnetPlan {
  name: string;
  type: string;
  zone: string;
  cidrBlock: string;
}

export class Vpc extends pulumi.ComponentResource {
  readonly state: pulumi.Inputs;

  constructor(name: string, args: pulumi.Inputs, opts: pulumi.ComponentResourceOptions) {
    super("awsx:ec2:Vpc", name, {}, opts);
    const { cidrBlock, numberOfAvailabilityZones, natGateways, subnetSpecs, subnetStrategy, ...network } =
      args;
    refuseOthers("Vpc", network, ["enableDnsHostnames", "enableDnsSupport", "tags"]);
    if (subnetStrategy !== "Auto") throw new Error("the local awsx knows the subnetStrategy Auto only");
    const vpc = new aws.ec2.Vpc(
      name,
      { ...network, cidrBlock, tags: { Name: name, ...network.tags } },
      { parent: this },
    );
    const below = { parent: vpc };
    const gateway = new aws.ec2.InternetGateway(name, { vpcId: vpc.id, tags: { Name: name } }, below);

    const zones = aws.getAvailabilityZonesOutput({}, { parent: this }).names;
    const subnets = zones.apply((names) => {
      const types: string[] = subnetSpecs.map(({ type }: { type: string }) => type);
      const plan = planSubnets(name, cidrBlock, names.slice(0, numberOfAvailabilityZones), types);
      return createSubnets(name, plan, natGateways.strategy, { vpc, gateway });
    });
    const idsOf = (type: string) =>
      subnets.apply((all) => all.flatMap((one) => (one.type === type ? [one.subnet.id] : [])));
    this.state = {
      vpc,
      internetGateway: gateway,
      vpcId: vpc.id,
      publicSubnetIds: idsOf("Public"),
      privateSubnetIds: idsOf("Private"),
      isolatedSubnetIds: [],
    };
    this.registerOutputs(this.state);
  }
}

/**
 * The strategy Auto: zones have equal parts of the network, and in each the subnets have equal parts in their order
 * (pulumi/pulumi-awsx, awsx/ec2/subnetDistributorNew.ts).
 */
export function planSubnets(name: string, cidr: string, zones: string[], types: string[]): SubnetPlan[] {
  const [address = "", prefix = ""] = cidr.split("/");
  const network = address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const zonePrefix = Number(prefix) + bitsFor(zones.length);
  const subnetPrefix = zonePrefix + bitsFor(types.length);
  return zones.flatMap((zone, index) =>
    types.map((type, position) => {
      const first = network + index * 2 ** (32 - zonePrefix) + position * 2 ** (32 - subnetPrefix);
      const bytes = [24, 16, 8, 0].map((bits) => Math.floor(first / 2 ** bits) % 256);
      const subnetName = `${name}-${type.toLowerCase()}-${index + 1}`;
      return { name: subnetName, type, zone, cidrBlock: `${bytes.join(".")}/${subnetPrefix}` };
    }),
  );
}

const bitsFor = (parts: number) => Math.ceil(Math.log2(parts));

function createSubnets(
  name: string,
  plan: SubnetPlan[],
  strategy: string,
  { vpc, gateway }: { vpc: aws.ec2.Vpc; gateway: aws.ec2.InternetGateway },
) {
  const gateways: aws.ec2.NatGateway[] = [];
  // Public subnets come first, since the gateways for the others are in them.
  const ordered = [...plan].sort((a, b) => Number(b.type === "Public") - Number(a.type === "Public"));
  const zones = [...new Set(plan.map(({ zone }) => zone))];
  return ordered.map((planned) => {
    const isPublic = planned.type === "Public";
    const tags = { Name: planned.name, SubnetType: planned.type };
    const subnet = new aws.ec2.Subnet(
      planned.name,
      {
        vpcId: vpc.id,
        availabilityZone: planned.zone,
        mapPublicIpOnLaunch: isPublic,
        cidrBlock: planned.cidrBlock,
        tags,
      },
      { parent: vpc },
    );
    const table = new aws.ec2.RouteTable(planned.name, { vpcId: vpc.id, tags }, { parent: subnet });
    new aws.ec2.RouteTableAssociation(
      planned.name,
      { routeTableId: table.id, subnetId: subnet.id },
      { parent: table },
    );
    const index = zones.indexOf(planned.zone);
    if (isPublic && (strategy === "OnePerAz" || (strategy === "Single" && gateways.length === 0))) {
      gateways.push(createNatGateway(`${name}-${index + 1}`, subnet));
    }
    const nat = strategy === "Single" ? gateways[0] : gateways[index];
    const way = isPublic ? { gatewayId: gateway.id } : nat && { natGatewayId: nat.id };
    if (way) {
      new aws.ec2.Route(
        planned.name,
        { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", ...way },
        { parent: table },
      );
    }
    return { type: planned.type, subnet };
  });
}

function createNatGateway(name: string, subnet: aws.ec2.Subnet): aws.ec2.NatGateway {
  const tags = { Name: name };
  const address = new aws.ec2.Eip(name, { tags }, { parent: subnet });
  return new aws.ec2.NatGateway(
    name,
    { subnetId: subnet.id, allocationId: address.allocationId, tags },
    { parent: subnet },
  );
}
