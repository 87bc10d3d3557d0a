// The provider's functions: what a program may ask of the account without declaring anything.
import type { Properties } from "../engine/provider";
import type { Account } from "./account";
import { subnetType } from "./services/stored-only";

export function answerAwsFunction(token: string, args: Properties, account: Account): Properties {
  switch (token) {
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return {
        accountId: account.id,
        arn: account.arn("iam", "user/local", { regional: false }),
        id: account.id,
        userId: "AIDALOCALCLOUDUSER000",
      };
    case "aws:index/getRegion:getRegion":
      return {
        description: account.region,
        endpoint: `ec2.${account.region}.amazonaws.com`,
        id: account.region,
        name: account.region,
        region: account.region,
      };
    case "aws:index/getPartition:getPartition":
      return {
        dnsSuffix: "amazonaws.com",
        id: account.partition,
        partition: account.partition,
        reverseDnsPrefix: "com.amazonaws",
      };
    case "aws:index/getAvailabilityZones:getAvailabilityZones":
      return {
        id: account.region,
        names: ["a", "b", "c"].map((zone) => `${account.region}${zone}`),
        region: account.region,
        state: "available",
      };
    case "aws:ec2/getSubnet:getSubnet": {
      const found = account.get(subnetType, String(args.id));
      if (!found) throw new Error(`reading EC2 Subnet: InvalidSubnetID.NotFound: ${args.id} does not exist`);
      return { id: found.id, ...found.inputs, ...found.outputs };
    }
    default:
      throw new Error(
        `the local cloud has no function ${token}. Call it only if pulumi.getStack() is not "local", or write what it would return.`,
      );
  }
}
