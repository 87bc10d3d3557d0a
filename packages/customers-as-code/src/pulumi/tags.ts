// The tags that every resource of AWS carries, as far as it can: whose it is, beside what the company wants to say.
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { writtenText } from "../problems/values";
import { invalidKey } from "../problems/zod-issue";

/**
 * What AWS takes as tags; one resource has 50 at most, of which three are ours.
 * https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
 */
export const tagsSchema = z
  .record(z.string(), writtenText("must be a string"), { error: "must be a map of strings" })
  .superRefine((tags, { addIssue }) => {
    const entries = Object.entries(tags);
    if (entries.length > 47) addIssue("must have at most 47 tags");
    for (const [name, value] of entries) {
      if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(name) || /^aws:/i.test(name)) {
        const message = `must have a name of 1 to 128 ${characters} that does not begin with "aws:"`;
        addIssue({ code: "custom", path: [name], message, params: invalidKey });
      }
      if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(value)) {
        addIssue({ code: "custom", path: [name], message: `must have up to 256 ${characters}` });
      }
    }
  });
const characters = 'letters, digits, spaces and "_.:/=+-@"';

/** Adds to the tags of whatever can have tags: those that a resource declares for itself win over the stack's. */
export function addStackTags(tags: Record<string, string>): pulumi.ResourceTransform {
  const ofStack = {
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    managedBy: "pulumi",
    ...tags,
  };
  return ({ type, props, opts }) =>
    taggableTypes.has(type)
      ? {
          props: { ...props, tags: pulumi.output(props.tags).apply((own) => ({ ...ofStack, ...own })) },
          opts,
        }
      : undefined;
}

/**
 * Providers refuse tags where there is no place for them, and cannot be asked. test/safeguards.test.ts compares this
 * with what the program declares and with the provider's types.
 */
export const taggableTypes: ReadonlySet<string> = new Set([
  "aws:apigateway/apiKey:ApiKey",
  "aws:apigateway/domainName:DomainName",
  "aws:apigateway/restApi:RestApi",
  "aws:apigateway/stage:Stage",
  "aws:apigateway/usagePlan:UsagePlan",
  "aws:apigatewayv2/api:Api",
  "aws:apigatewayv2/domainName:DomainName",
  "aws:apigatewayv2/stage:Stage",
  "aws:apigatewayv2/vpcLink:VpcLink",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:ec2/eip:Eip",
  "aws:ec2/internetGateway:InternetGateway",
  "aws:ec2/natGateway:NatGateway",
  "aws:ec2/routeTable:RouteTable",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/vpc:Vpc",
  "aws:ecs/cluster:Cluster",
  "aws:ecs/service:Service",
  "aws:ecs/taskDefinition:TaskDefinition",
  "aws:iam/role:Role",
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
  "aws:lambda/function:Function",
  "aws:lb/listener:Listener",
  "aws:lb/listenerRule:ListenerRule",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:lb/targetGroup:TargetGroup",
  "aws:s3/bucket:Bucket",
  "aws:secretsmanager/secret:Secret",
  "aws:ssm/parameter:Parameter",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
]);
