// The provider's functions: what a program may ask of the account without declaring anything.
import type { Properties } from "../engine/provider";
import type { Account } from "./account";

export function answerFunction(token: string, _args: Properties, account: Account): Properties {
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
    default:
      throw new Error(`the local cloud has no function ${token}. Add it to local/aws/provider-functions.ts.`);
  }
}
