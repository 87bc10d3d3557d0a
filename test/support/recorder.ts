// Runs the program without an engine: every resource that it declares is recorded. The real engine runs it in test/e2e.
import * as pulumi from "@pulumi/pulumi";

export interface RecordedResource {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

export interface Recording {
  resources: RecordedResource[];
  /** @throws unless there is just one. */
  find(type: string, name: string): RecordedResource;
}

/**
 * Takes the place of the engine for all that is declared from now on. Must come before any module that declares resources.
 * @param answers of functions by token, or of a function from the arguments; any other call fails the test
 */
export async function record(
  config: Record<string, string>,
  answers: Record<string, object | ((inputs: Record<string, unknown>) => object)> = {},
  stack = "test",
): Promise<Recording> {
  const resources: RecordedResource[] = [];
  // The SDK's mocks have no transforms, which are the engine's part.
  const transforms: pulumi.ResourceTransform[] = [];
  jest
    .spyOn(pulumi.runtime, "registerResourceTransform")
    .mockImplementation((transform) => void transforms.push(transform));
  await pulumi.runtime.setMocks(
    {
      async newResource({ type, name, inputs: given, id, custom = true }) {
        let inputs = given;
        for (const transform of transforms) {
          const changed = await transform({ custom, type, name, props: inputs, opts: {} });
          if (changed) inputs = await known(changed.props);
        }
        resources.push({ type, name, inputs });
        return { id: id || `${name}-id`, state: { ...inputs, ...(computed[type]?.(name) ?? {}) } };
      },
      call({ token, inputs }) {
        const given = { ...ofTheEngine, ...answers }[token];
        const answer = typeof given === "function" ? given(inputs) : given;
        if (!answer) throw new Error(`the program calls ${token}, which the test does not expect`);
        return answer;
      },
    },
    "customers-as-code",
    stack,
    false,
    "organization",
  );
  const secrets = Object.keys(config).filter((key) =>
    /secret|ApplicationId|ManagementToken|stripeApiKey/i.test(key),
  );
  pulumi.runtime.setAllConfig(config, secrets);
  return {
    resources,
    find(type, name) {
      const found = resources.filter((resource) => resource.type === type && resource.name === name);
      if (found.length !== 1 || !found[0]) throw new Error(`there are ${found.length} of ${type} ${name}`);
      return found[0];
    },
  };
}

/** There was no deployment before. */
const ofTheEngine: Record<string, object> = { "pulumi:pulumi:readStackOutputs": { outputs: {} } };

/** What only a cloud knows; the same in each run. */
const computed: Record<string, (name: string) => object> = {
  "auth0:index/client:Client": (name) => ({ clientId: `client-of-${name}` }),
  "auth0:index/clientCredentials:ClientCredentials": (name) => ({ clientSecret: `secret-of-${name}` }),
  "aws:lambda/function:Function": (name) => ({
    name,
    arn: `arn:aws:lambda:::${name}`,
    invokeArn: `arn:aws:apigateway:::${name}`,
  }),
  "aws:apigatewayv2/api:Api": (name) => ({
    executionArn: `arn:aws:execute-api:eu-central-1:123456789012:${name}`,
  }),
  "aws:apigatewayv2/stage:Stage": (name) => ({ invokeUrl: `https://${name}.example.com/v1` }),
  "aws:apigateway/restApi:RestApi": (name) => ({
    executionArn: `arn:aws:execute-api:eu-central-1:123456789012:${name}`,
  }),
  "aws:apigateway/apiKey:ApiKey": (name) => ({ value: `keyOf${name.replace(/\W/g, "")}`.padEnd(20, "x") }),
  "aws:apigateway/stage:Stage": (name) => ({
    invokeUrl: `https://${name}.example.com/v1`,
    arn: `arn:aws:apigateway:eu-central-1::/restapis/${name}-id/stages/v1`,
  }),
  "aws:wafv2/webAcl:WebAcl": (name) => ({
    arn: `arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/${name}/0a1b`,
  }),
  "aws:apigateway/domainName:DomainName": (name) => ({
    regionalDomainName: `d-${name}.execute-api.eu-central-1.amazonaws.com`,
    regionalZoneId: "Z1U9ULNL0V5AJ3",
  }),
  "aws:cloudwatch/metricAlarm:MetricAlarm": (name) => ({
    arn: `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${name}`,
  }),
  "aws:cloudwatch/logGroup:LogGroup": (name) => ({
    name,
    arn: `arn:aws:logs:eu-central-1:123456789012:log-group:${name}`,
    region: "eu-central-1",
  }),
  "aws:iam/role:Role": (name) => ({ name, arn: `arn:aws:iam::123456789012:role/${name}` }),
  "aws:ssm/parameter:Parameter": () => ({
    arn: "arn:aws:ssm:eu-central-1:123456789012:parameter/customers-as-code/test/suspensions",
  }),
  "aws:ecs/cluster:Cluster": (name) => ({ arn: `arn:aws:ecs:eu-central-1:123456789012:cluster/${name}` }),
  "aws:lb/listener:Listener": (name) => ({ arn: `arn:aws:elasticloadbalancing:::listener/${name}` }),
  "aws:lb/targetGroup:TargetGroup": (name) => ({ arn: `arn:aws:elasticloadbalancing:::targetgroup/${name}` }),
  "aws:secretsmanager/secret:Secret": (name) => ({
    arn: `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}-AbCdEf`,
  }),
  "aws:secretsmanager/secretVersion:SecretVersion": () => ({ versionId: "version-1" }),
  "awsx:ec2:Vpc": (name) => ({
    vpcId: `vpc-of-${name}`,
    publicSubnetIds: ["public-1", "public-2"],
    privateSubnetIds: ["private-1", "private-2"],
  }),
  "awsx:lb:ApplicationLoadBalancer": (name) => ({
    loadBalancer: {
      arn: `arn:aws:elasticloadbalancing:::loadbalancer/${name}`,
      dnsName: `${name}.elb.amazonaws.com`,
      zoneId: "Z215JYRZR1TBD5",
    },
    defaultTargetGroup: { arn: `arn:aws:elasticloadbalancing:::targetgroup/${name}` },
  }),
  "aws:s3/bucket:Bucket": (name) => ({ arn: `arn:aws:s3:::${name}` }),
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (name) => ({
    arn: `arn:aws:firehose:::${name}`,
  }),
};

/** The value of an output, once it is known. */
export function known<T>(output: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => pulumi.output(output).apply(resolve));
}

/** Whether the value, or a part of it, is marked as secret. */
export function isSecret(output: unknown): Promise<boolean> {
  return pulumi.isSecret(pulumi.output(output));
}

// The wire format's marks (pulumi/pulumi, sdk/nodejs/runtime/rpc.ts).
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** What is in a recorded input that is marked as secret. @throws where it is not */
export function secretValue(input: unknown): unknown {
  const marks = new Map(Object.entries(typeof input === "object" && input !== null ? input : {}));
  if (marks.get(signature) !== secretSignature) throw new Error(`it is no secret: ${JSON.stringify(input)}`);
  return marks.get("value");
}
