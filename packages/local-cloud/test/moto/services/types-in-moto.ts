// Which types of resources are made in moto, by Pulumi type token.
import type { AnyRow } from "../type";
import { apiGateway } from "./api-gateway-in-moto";
import { apiGatewayV2 } from "./api-gateway-v2-in-moto";
import { cloudWatch } from "./cloudwatch-in-moto";
import { cloudWatchLogs } from "./cloudwatch-logs-in-moto";
import { firehose } from "./firehose-in-moto";
import { iam } from "./iam-in-moto";
import { lambda } from "./lambda-in-moto";
import { s3 } from "./s3-in-moto";
import { secretsManager } from "./secrets-manager-in-moto";
import { ssm } from "./ssm-in-moto";
import { usagePlans } from "./usage-plans-in-moto";

export const rows: Record<string, AnyRow> = {
  ...apiGateway,
  ...apiGatewayV2,
  ...cloudWatch,
  ...cloudWatchLogs,
  ...firehose,
  ...iam,
  ...lambda,
  ...s3,
  ...secretsManager,
  ...ssm,
  ...usagePlans,
};

const domainName = "moto has no update of a domain name, and takes any certificate";
const portal = "of the Developer Portal, whose resources the local cloud only stores";

/** Types that are not made in moto: the engine gets the answer that they are, and no more is shown. Each with the reason. */
export const notInMoto: Record<string, string> = {
  "aws:apigateway/basePathMapping:BasePathMapping": domainName,
  "aws:apigateway/domainName:DomainName": domainName,
  "aws:apigatewayv2/apiMapping:ApiMapping": domainName,
  "aws:apigatewayv2/domainName:DomainName": domainName,
  "aws:apigatewayv2/vpcLink:VpcLink": "its network is not the program's, and moto takes any",
  "aws:ec2/securityGroup:SecurityGroup": portal,
  "aws:ecs/cluster:Cluster": portal,
  "aws:lb/listener:Listener": portal,
  "aws:lb/listenerRule:ListenerRule": portal,
  "aws:lb/targetGroup:TargetGroup": portal,
  "aws:route53/record:Record": "the hosted zone is not the program's, and moto takes records in its own only",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": portal,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": portal,
  "aws:wafv2/webAclAssociation:WebAclAssociation":
    "the web ACL is not the program's, and moto lets none be associated that it has not made itself",
};
