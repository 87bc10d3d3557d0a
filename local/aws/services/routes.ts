// EC2: route tables, their routes, and the subnets that go by them.
import type { Account } from "../account";
import { parseCidr } from "../cidr";
import { tags, text } from "../property";
import { AwsError, type ResourceType, region, tagsOf, textOf } from "../resource-type";
import {
  dependencyViolation,
  ec2Id,
  findIn,
  internetGatewayType,
  natGatewayType,
  subnetType,
  vpcType,
} from "./vpc";

const routeTableType = "aws:ec2/routeTable:RouteTable";
const routeType = "aws:ec2/route:Route";
const associationType = "aws:ec2/routeTableAssociation:RouteTableAssociation";

export const routes: Record<string, ResourceType> = {
  [routeTableType]: {
    title: "EC2 Route Table",
    properties: { region: region(), tags: tags(), vpcId: text({ required: true, replace: true }) },
    computed: ["arn", "ownerId", "tagsAll"],
    apply(inputs, account, current) {
      findIn(account, vpcType, inputs.vpcId, "InvalidVpcID.NotFound", "vpc");
      const id = current?.id ?? ec2Id("rtb");
      return {
        id,
        outputs: { arn: account.arn("ec2", `route-table/${id}`), ownerId: account.id, ...tagsOf(inputs) },
      };
    },
    remove({ id }, account) {
      if (account.list(associationType).some(({ inputs }) => inputs.routeTableId === id)) {
        throw dependencyViolation("routeTable", id);
      }
    },
  },

  [routeType]: {
    title: "EC2 Route",
    properties: {
      destinationCidrBlock: text({ required: true, replace: true }),
      gatewayId: text(),
      natGatewayId: text(),
      region: region(),
      routeTableId: text({ required: true, replace: true }),
    },
    idOfImport: (given) => routeId(...splitAt(given, "_")),
    check({ destinationCidrBlock, gatewayId, natGatewayId }, report) {
      if (typeof destinationCidrBlock === "string" && !parseCidr(destinationCidrBlock)) {
        report("destinationCidrBlock", "must be a range of IPv4 addresses such as 0.0.0.0/0");
      }
      if ((gatewayId === undefined) === (natGatewayId === undefined)) {
        report("gatewayId", "is required, or natGatewayId in its place");
      }
    },
    computed: [],
    apply(inputs, account) {
      const { routeTableId, gatewayId, natGatewayId } = inputs;
      const table = findTable(account, routeTableId);
      if (natGatewayId !== undefined) {
        findIn(account, natGatewayType, natGatewayId, "InvalidNatGatewayID.NotFound", "natGateway");
      } else {
        const gateway = findIn(
          account,
          internetGatewayType,
          gatewayId,
          "InvalidGatewayID.NotFound",
          "internetGateway",
        );
        if (gateway.inputs.vpcId !== table.inputs.vpcId) {
          throw new AwsError(
            "InvalidParameterValue",
            `route table ${routeTableId} and network gateway ${gatewayId} belong to different networks`,
          );
        }
      }
      return { id: routeId(textOf(routeTableId), textOf(inputs.destinationCidrBlock)), outputs: {} };
    },
  },

  [associationType]: {
    title: "EC2 Route Table Association",
    properties: {
      region: region(),
      routeTableId: text({ required: true }),
      subnetId: text({ required: true, replace: true }),
    },
    idOfImport: (given) => ec2Id("rtbassoc", splitAt(given, "/")[0]),
    computed: [],
    apply(inputs, account) {
      const { routeTableId, subnetId } = inputs;
      const table = findTable(account, routeTableId);
      const subnet = findIn(account, subnetType, subnetId, "InvalidSubnetID.NotFound", "subnet");
      if (table.inputs.vpcId !== subnet.inputs.vpcId) {
        throw new AwsError(
          "InvalidParameterValue",
          `Route table ${routeTableId} and subnet ${subnetId} belong to different networks`,
        );
      }
      // A subnet has one route table, so that a second association has the first one's id.
      return { id: ec2Id("rtbassoc", textOf(subnetId)), outputs: {} };
    },
  },
};

const findTable = (account: Account, id: unknown) =>
  findIn(account, routeTableType, id, "InvalidRouteTableID.NotFound", "routeTable");

const routeId = (table: string, destination: string) => ec2Id("r", `${table}_${destination}`);

function splitAt(text: string, separator: string): [string, string] {
  const [before = "", after = ""] = text.split(new RegExp(`${separator}(.*)`, "s"));
  return [before, after];
}
