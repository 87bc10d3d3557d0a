// The actions of IAM that a resource's whole life takes: created, read, changed, tagged and deleted by Pulumi's AWS provider.
// The provider's resources (hashicorp/terraform-provider-aws, internal/service) and the "handlers" of AWS's CloudFormation schemas name
// the permissions of such operations. No call to AWS has confirmed the list.

const actions = (service: string, names: string): string[] =>
  names.split(" ").map((name) => `${service}:${name}`);

/** API Gateway's actions are the methods of its own REST API. */
const gateway = actions("apigateway", "DELETE GET PATCH POST PUT");
const passRole = ["iam:PassRole"];
/** API Gateway creates its role with the first API, domain name or VPC link of an account. */
const serviceLinkedRole = ["iam:CreateServiceLinkedRole"];
const securityGroupRule = "DescribeSecurityGroupRules ModifySecurityGroupRules CreateTags DeleteTags";
const targetGroup = actions(
  "elasticloadbalancing",
  "CreateTargetGroup DeleteTargetGroup ModifyTargetGroup ModifyTargetGroupAttributes DescribeTargetGroups DescribeTargetGroupAttributes DescribeTags AddTags RemoveTags",
);

/** By Pulumi's type. */
export const actionsByType: Record<string, readonly string[]> = {
  "aws:apigateway/account:Account": [...actions("apigateway", "GET PATCH"), ...passRole],
  "aws:apigateway/apiKey:ApiKey": gateway,
  "aws:apigateway/basePathMapping:BasePathMapping": gateway,
  "aws:apigateway/deployment:Deployment": gateway,
  "aws:apigateway/domainName:DomainName": [
    ...gateway,
    ...actions("apigateway", "AddCertificateToDomain RemoveCertificateFromDomain"),
    ...serviceLinkedRole,
  ],
  "aws:apigateway/restApi:RestApi": [...gateway, ...serviceLinkedRole],
  "aws:apigateway/stage:Stage": gateway,
  "aws:apigateway/usagePlan:UsagePlan": gateway,
  "aws:apigateway/usagePlanKey:UsagePlanKey": gateway,
  "aws:apigatewayv2/api:Api": [...gateway, ...serviceLinkedRole],
  "aws:apigatewayv2/apiMapping:ApiMapping": gateway,
  "aws:apigatewayv2/domainName:DomainName": [
    ...gateway,
    ...actions("apigateway", "AddCertificateToDomain RemoveCertificateFromDomain"),
    ...serviceLinkedRole,
  ],
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
  "aws:apigatewayv2/stage:Stage": [
    ...gateway,
    ...actions(
      "logs",
      "CreateLogDelivery GetLogDelivery UpdateLogDelivery DeleteLogDelivery ListLogDeliveries PutResourcePolicy DescribeResourcePolicies",
    ),
  ],
  "aws:apigatewayv2/vpcLink:VpcLink": [
    ...gateway,
    ...actions("ec2", "DescribeSubnets DescribeSecurityGroups"),
    ...serviceLinkedRole,
  ],
  "aws:cloudwatch/dashboard:Dashboard": actions("cloudwatch", "PutDashboard GetDashboard DeleteDashboards"),
  "aws:cloudwatch/logGroup:LogGroup": actions(
    "logs",
    "CreateLogGroup DeleteLogGroup DescribeLogGroups PutRetentionPolicy DeleteRetentionPolicy TagResource UntagResource ListTagsForResource",
  ),
  "aws:cloudwatch/logStream:LogStream": actions("logs", "CreateLogStream DeleteLogStream DescribeLogStreams"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": actions(
    "cloudwatch",
    "PutMetricAlarm DescribeAlarms DeleteAlarms TagResource UntagResource ListTagsForResource",
  ),
  "aws:ec2/eip:Eip": actions(
    "ec2",
    "AllocateAddress ReleaseAddress DisassociateAddress DescribeAddresses DescribeAddressesAttribute CreateTags DeleteTags",
  ),
  "aws:ec2/internetGateway:InternetGateway": actions(
    "ec2",
    "CreateInternetGateway AttachInternetGateway DetachInternetGateway DeleteInternetGateway DescribeInternetGateways CreateTags DeleteTags",
  ),
  "aws:ec2/natGateway:NatGateway": actions(
    "ec2",
    "CreateNatGateway DeleteNatGateway DescribeNatGateways CreateTags DeleteTags",
  ),
  "aws:ec2/route:Route": actions("ec2", "CreateRoute ReplaceRoute DeleteRoute DescribeRouteTables"),
  "aws:ec2/routeTable:RouteTable": actions(
    "ec2",
    "CreateRouteTable DeleteRouteTable DescribeRouteTables CreateRoute ReplaceRoute DeleteRoute CreateTags DeleteTags",
  ),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": actions(
    "ec2",
    "AssociateRouteTable ReplaceRouteTableAssociation DisassociateRouteTable DescribeRouteTables",
  ),
  "aws:ec2/securityGroup:SecurityGroup": actions(
    "ec2",
    "CreateSecurityGroup DeleteSecurityGroup DescribeSecurityGroups RevokeSecurityGroupEgress RevokeSecurityGroupIngress AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress DescribeNetworkInterfaces CreateTags DeleteTags",
  ),
  "aws:ec2/subnet:Subnet": actions(
    "ec2",
    "CreateSubnet DeleteSubnet ModifySubnetAttribute DescribeSubnets DescribeNetworkInterfaces CreateTags DeleteTags",
  ),
  "aws:ec2/vpc:Vpc": actions(
    "ec2",
    "CreateVpc DeleteVpc ModifyVpcAttribute DescribeVpcs DescribeVpcAttribute DescribeNetworkAcls DescribeRouteTables DescribeSecurityGroups CreateTags DeleteTags",
  ),
  "aws:ecs/cluster:Cluster": actions(
    "ecs",
    "CreateCluster DeleteCluster UpdateCluster DescribeClusters TagResource UntagResource",
  ),
  "aws:ecs/service:Service": [
    ...actions(
      "ecs",
      "CreateService UpdateService DeleteService DescribeServices TagResource UntagResource ListTagsForResource",
    ),
    ...serviceLinkedRole,
  ],
  "aws:ecs/taskDefinition:TaskDefinition": [
    ...actions(
      "ecs",
      "RegisterTaskDefinition DeregisterTaskDefinition DescribeTaskDefinition TagResource UntagResource ListTagsForResource",
    ),
    ...passRole,
  ],
  "aws:iam/role:Role": actions(
    "iam",
    "CreateRole GetRole DeleteRole UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy TagRole UntagRole ListRolePolicies ListAttachedRolePolicies ListInstanceProfilesForRole",
  ),
  "aws:iam/rolePolicy:RolePolicy": actions("iam", "PutRolePolicy GetRolePolicy DeleteRolePolicy"),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": actions(
    "iam",
    "AttachRolePolicy DetachRolePolicy ListAttachedRolePolicies",
  ),
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": [
    ...actions(
      "firehose",
      "CreateDeliveryStream DescribeDeliveryStream UpdateDestination DeleteDeliveryStream StartDeliveryStreamEncryption StopDeliveryStreamEncryption TagDeliveryStream UntagDeliveryStream ListTagsForDeliveryStream",
    ),
    ...passRole,
  ],
  "aws:lambda/function:Function": [
    ...actions(
      "lambda",
      "CreateFunction GetFunction GetFunctionCodeSigningConfig ListVersionsByFunction UpdateFunctionCode UpdateFunctionConfiguration DeleteFunction TagResource UntagResource",
    ),
    ...passRole,
  ],
  "aws:lambda/permission:Permission": actions("lambda", "AddPermission GetPolicy RemovePermission"),
  "aws:lb/listener:Listener": actions(
    "elasticloadbalancing",
    "CreateListener DeleteListener ModifyListener DescribeListeners DescribeListenerAttributes ModifyListenerAttributes DescribeTags AddTags RemoveTags",
  ),
  "aws:lb/listenerRule:ListenerRule": actions(
    "elasticloadbalancing",
    "CreateRule DeleteRule ModifyRule SetRulePriorities DescribeRules DescribeTags AddTags RemoveTags",
  ),
  "aws:lb/loadBalancer:LoadBalancer": [
    ...actions(
      "elasticloadbalancing",
      "CreateLoadBalancer DeleteLoadBalancer ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets SetIpAddressType DescribeLoadBalancers DescribeLoadBalancerAttributes DescribeCapacityReservation DescribeTags AddTags RemoveTags",
    ),
    ...actions("ec2", "DescribeNetworkInterfaces"),
    ...serviceLinkedRole,
  ],
  "aws:lb/targetGroup:TargetGroup": targetGroup,
  "aws:route53/record:Record": actions(
    "route53",
    "ChangeResourceRecordSets ListResourceRecordSets GetHostedZone GetChange",
  ),
  "aws:s3/bucket:Bucket": actions(
    "s3",
    "CreateBucket DeleteBucket ListBucket GetBucketLocation GetBucketTagging PutBucketTagging ListTagsForResource TagResource UntagResource GetBucketPolicy GetBucketAcl GetBucketCORS GetBucketWebsite GetBucketVersioning GetAccelerateConfiguration GetBucketRequestPayment GetBucketLogging GetReplicationConfiguration GetBucketObjectLockConfiguration GetLifecycleConfiguration GetEncryptionConfiguration",
  ),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": actions(
    "s3",
    "GetLifecycleConfiguration PutLifecycleConfiguration",
  ),
  "aws:s3/bucketPolicy:BucketPolicy": actions("s3", "GetBucketPolicy PutBucketPolicy DeleteBucketPolicy"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": actions(
    "s3",
    "GetBucketPublicAccessBlock PutBucketPublicAccessBlock",
  ),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": actions(
    "s3",
    "GetEncryptionConfiguration PutEncryptionConfiguration",
  ),
  "aws:secretsmanager/secret:Secret": actions(
    "secretsmanager",
    "CreateSecret DescribeSecret UpdateSecret DeleteSecret GetResourcePolicy TagResource UntagResource",
  ),
  "aws:secretsmanager/secretPolicy:SecretPolicy": actions(
    "secretsmanager",
    "GetResourcePolicy PutResourcePolicy DeleteResourcePolicy",
  ),
  "aws:secretsmanager/secretVersion:SecretVersion": actions(
    "secretsmanager",
    "PutSecretValue GetSecretValue UpdateSecretVersionStage DescribeSecret",
  ),
  "aws:ssm/parameter:Parameter": actions(
    "ssm",
    "PutParameter GetParameter GetParameters DeleteParameter DescribeParameters AddTagsToResource RemoveTagsFromResource ListTagsForResource",
  ),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": actions(
    "ec2",
    `AuthorizeSecurityGroupEgress RevokeSecurityGroupEgress ${securityGroupRule}`,
  ),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": actions(
    "ec2",
    `AuthorizeSecurityGroupIngress RevokeSecurityGroupIngress ${securityGroupRule}`,
  ),
  "aws:wafv2/webAclAssociation:WebAclAssociation": [
    ...actions("wafv2", "AssociateWebACL DisassociateWebACL GetWebACLForResource"),
    "apigateway:SetWebACL",
  ],
};

/** With `kmsKeyArn` or `deliveryKmsKeyArn`: what AWS asks of the caller whose resources a key encrypts. */
export const actionsOfKeys: readonly string[] = [
  ...actions("kms", "DescribeKey CreateGrant GenerateDataKey Decrypt"),
  ...actions("logs", "AssociateKmsKey DisassociateKmsKey"),
];

/** Functions of the providers that a preview calls too. */
export const actionsByFunction: Record<string, readonly string[]> = {
  // Neither needs a permission: STS answers it for everyone, and the region is the provider's own setting.
  "aws:index/getCallerIdentity:getCallerIdentity": [],
  "aws:index/getRegion:getRegion": [],
  "aws:index/getPartition:getPartition": [],
  "aws:index/getAvailabilityZones:getAvailabilityZones": actions("ec2", "DescribeAvailabilityZones"),
  "aws:ec2/getSubnet:getSubnet": actions("ec2", "DescribeSubnets"),
  // awsx's own: the default VPC and the subnets in it.
  "aws:ec2/getVpc:getVpc": actions("ec2", "DescribeVpcs"),
};
