// Which types of resources are made in moto, by Pulumi type token.
import type { AnyRow } from "../type";
import { apiGateway } from "./api-gateway";
import { apiGatewayV2 } from "./api-gateway-v2";
import { cloudWatchLogs } from "./cloudwatch-logs";
import { firehose } from "./firehose";
import { iam } from "./iam";
import { lambda } from "./lambda";
import { s3 } from "./s3";
import { ssm } from "./ssm";

export const rows: Record<string, AnyRow> = {
  ...apiGateway,
  ...apiGatewayV2,
  ...cloudWatchLogs,
  ...firehose,
  ...iam,
  ...lambda,
  ...s3,
  ...ssm,
};

/** Types that are not made in moto: the engine is told that they are, and no more is shown. Each with the reason. */
export const notInMoto: Record<string, string> = {
  "aws:wafv2/webAclAssociation:WebAclAssociation":
    "the web ACL is not the program's, and moto lets none be associated that it has not made itself",
};
