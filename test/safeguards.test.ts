// What holds for every resource that the program can declare, whatever the settings: rights, tags, encryption, privacy.
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { taggableTypes } from "../packages/customers-as-code/src/pulumi/tags";
import { settingsSchema } from "../packages/customers-as-code/src/settings/settings";
import { type RecordedResource, secretValue } from "./support/recorder";
import { runProgram } from "./support/run-program";
import { besideResources, variants } from "./support/variants";

type Declared = RecordedResource & { variant: string };

const declared: Declared[] = [];

beforeAll(async () => {
  for (const [variant, config] of Object.entries(variants)) {
    const { recording } = await runProgram(config);
    declared.push(...recording.resources.map((resource) => ({ ...resource, variant })));
  }
}, 60_000);

const ofType = (type: string) => declared.filter((resource) => resource.type === type);

/** As a failure names it. */
const nameOf = ({ type, name, variant }: Declared) => `${type} ${name}, with ${variant}`;

test("the variants set every key that may change which resources there are", () => {
  const set = Object.values(variants).flatMap((config) =>
    Object.keys(config).map((key) => key.replace("customers-as-code:", "")),
  );
  const keys = [...Object.keys(settingsSchema.shape)].filter((key) => !besideResources.includes(key));
  expect(keys.filter((key) => !set.includes(key))).toEqual([]);
});

describe("rights", () => {
  interface Statement {
    where: string;
    effect: string;
    /** Of Principal, Action and Resource. */
    elements: [element: string, value: string][];
  }

  const isRecord = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);

  /** Every statement of every policy document among the inputs, at whatever depth. */
  function statementsOf(value: unknown, where: string): Statement[] {
    if (Array.isArray(value)) return value.flatMap((item) => statementsOf(item, where));
    if (typeof value === "string" && value.includes('"Statement"')) {
      return statementsOf(JSON.parse(value), where);
    }
    if (!isRecord(value)) return [];
    const { Statement } = value;
    if (Statement === undefined) return Object.values(value).flatMap((item) => statementsOf(item, where));
    return [Statement].flat().map((statement) => {
      if (!isRecord(statement)) throw new Error(`${where}: a statement is no object`);
      const { Effect, Sid, Condition, ...elements } = statement;
      return { where, effect: String(Effect), elements: textsOf(elements) };
    });
  }

  const textsOf = (elements: Record<string, unknown>) =>
    Object.entries(elements).flatMap(([element, value]): [string, string][] =>
      [isRecord(value) ? Object.values(value) : value].flat(2).map((text) => [element, String(text)]),
    );

  /** What goes beyond named actions on named resources, and why there is no other way. */
  const exceptions: { where: string; element: string; value: string; why: string; page: string }[] = [
    {
      where: "aws:iam/rolePolicy:RolePolicy gateway-authorizer",
      element: "Resource",
      value: "*",
      why: "writing traces knows no resources",
      page: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html",
    },
    {
      where: "aws:iam/rolePolicy:RolePolicy gateway-authorizer",
      element: "Resource",
      value: "arn:aws:logs:eu-central-1:123456789012:log-group:gateway-authorizer:*",
      why: "Lambda names the streams of the function's own group",
      page: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html",
    },
    {
      where: "aws:iam/rolePolicy:RolePolicy portal-execution",
      element: "Resource",
      value: "arn:aws:logs:eu-central-1:123456789012:log-group:portal:*",
      why: "ECS names the streams of the portal's own group",
      page: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html",
    },
    {
      where: "aws:iam/rolePolicy:RolePolicy portal-execution",
      element: "Resource",
      value: "*",
      why: "asking for a token of the company's own registry knows no resources",
      page: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_ECS.html",
    },
    {
      where: "aws:iam/rolePolicy:RolePolicy gateway-access-logs",
      element: "Resource",
      value: "arn:aws:s3:::gateway-access-logs/*",
      why: "Firehose names the objects in the bucket that is for it alone",
      page: "https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html",
    },
    {
      where: "aws:lambda/permission:Permission gateway",
      element: "sourceArn",
      value: "arn:aws:execute-api:eu-central-1:123456789012:gateway/authorizers/*",
      why: "API Gateway chooses the authorizer's id in the import",
      page: "https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html",
    },
    {
      where: "aws:lambda/permission:Permission gateway-mailer",
      element: "sourceArn",
      value: "arn:aws:execute-api:eu-central-1:123456789012:gateway/v1/*",
      why: "the stage's operations come and go, of which any may go to the function",
      page: "https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html",
    },
    {
      where: "aws:iam/rolePolicyAttachment:RolePolicyAttachment gateway-cloudwatch",
      element: "policyArn",
      value: "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
      why: "the account's role writes the logs of every API, as AWS prescribes",
      page: "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
    },
    {
      where: "aws:s3/bucketPolicy:BucketPolicy gateway-access-logs",
      element: "Principal",
      value: "*",
      why: "nobody may use plain HTTP",
      page: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
    },
    {
      where: "aws:s3/bucketPolicy:BucketPolicy gateway-access-logs",
      element: "Action",
      value: "s3:*",
      why: "nobody may use plain HTTP",
      page: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
    },
    {
      where: "aws:s3/bucketPolicy:BucketPolicy gateway-access-logs",
      element: "Resource",
      value: "arn:aws:s3:::gateway-access-logs/*",
      why: "nobody may use plain HTTP",
      page: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
    },
  ];

  const policies = () =>
    declared.flatMap(({ type, name, inputs }) => statementsOf(inputs, `${type} ${name}`));

  /** Policies of AWS's own, and who may call functions, are no documents of the program. */
  const granted = () =>
    declared.flatMap(({ type, name, inputs }): [where: string, element: string, value: string][] => {
      const where = `${type} ${name}`;
      if (type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment") {
        return [[where, "policyArn", String(inputs.policyArn)]];
      }
      if (type !== "aws:lambda/permission:Permission") return [];
      return ["principal", "sourceArn", "action"].map((element) => [where, element, String(inputs[element])]);
    });

  const isWide = (element: string, value: string) =>
    /[*?]/.test(value) || element.startsWith("Not") || element === "policyArn" || value === "undefined";

  test("name actions, resources and principals, but for these exceptions", () => {
    const wide = [
      ...policies().flatMap(({ where, elements }) =>
        elements.map(([element, value]): [string, string, string] => [where, element, value]),
      ),
      ...granted(),
    ].filter(([, element, value]) => isWide(element, value));
    const found = [...new Set(wide.map((one) => one.join(" | ")))].sort();
    expect(found).toEqual(
      exceptions.map(({ where, element, value }) => [where, element, value].join(" | ")).sort(),
    );
    for (const { page, why } of exceptions)
      expect([page, why]).toEqual([
        expect.stringMatching(/^https:\/\/docs\.aws\.amazon\.com\//),
        expect.stringMatching(/./),
      ]);
  });

  test("are found in every kind of policy that the program has", () => {
    const found = new Set(policies().map(({ where }) => where.split(" ")[0]));
    expect([...found].sort()).toEqual([
      "aws:iam/role:Role",
      "aws:iam/rolePolicy:RolePolicy",
      "aws:s3/bucketPolicy:BucketPolicy",
      "aws:secretsmanager/secretPolicy:SecretPolicy",
    ]);
  });

  test("are given to everybody nowhere: a statement for all denies", () => {
    const open = policies().filter(
      ({ effect, elements }) =>
        effect !== "Deny" &&
        elements.some(([element, value]) => /Principal/.test(element) && /\*/.test(value)),
    );
    expect(open).toEqual([]);
  });

  test("to take on a role are of one service each; Firehose and ECS must name the account", () => {
    const trust = (Service: string, more: object = {}) =>
      expect.objectContaining({ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole", ...more });
    const trusted: Record<string, unknown> = {
      "gateway-authorizer": trust("lambda.amazonaws.com"),
      "gateway-cloudwatch": trust("apigateway.amazonaws.com"),
      "gateway-access-logs": trust("firehose.amazonaws.com", {
        Condition: { StringEquals: { "sts:ExternalId": "123456789012" } },
      }),
      "portal-execution": trust("ecs-tasks.amazonaws.com", {
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      }),
    };
    for (const { name, inputs } of ofType("aws:iam/role:Role")) {
      const { assumeRolePolicy } = inputs;
      const document = typeof assumeRolePolicy === "string" ? JSON.parse(assumeRolePolicy) : assumeRolePolicy;
      expect([name, [document.Statement].flat()]).toEqual([name, [trusted[name]]]);
    }
  });
});

describe("tags", () => {
  /** Whether the provider's type takes tags: its arguments say so. */
  const takesTags = (type: string) => {
    const [, file = "", name = ""] = /^aws:([^:]+):(\w+)$/.exec(type) ?? [];
    const types = readFileSync(`node_modules/@pulumi/aws/${file}.d.ts`, "utf8");
    const [, args = ""] = new RegExp(`export interface ${name}Args \\{\\n(.*?)\\n\\}`, "s").exec(types) ?? [];
    expect(args).not.toBe("");
    return /^ {4}tags\?:/m.test(args);
  };

  const ofAws = () => declared.filter(({ type }) => type.startsWith("aws:"));

  test("are on every resource that can have some: whose it is, and what the settings say", () => {
    const untagged = ofAws().filter(({ type, variant, inputs }) => {
      const wanted = {
        project: "customers-as-code",
        stack: "test",
        managedBy: "pulumi",
        ...JSON.parse(variants[variant]?.["customers-as-code:tags"] ?? "{}"),
      };
      const found = inputs.tags;
      return takesTags(type) && !isDeepStrictEqual(found, wanted);
    });
    expect(untagged.map(nameOf)).toEqual([]);
  });

  test("are on no other, which would refuse them", () => {
    expect(
      ofAws()
        .filter(({ type, inputs }) => !takesTags(type) && "tags" in inputs)
        .map(nameOf),
    ).toEqual([]);
    expect([...taggableTypes].filter((type) => !takesTags(type))).toEqual([]);
  });
});

describe("logs", () => {
  test("are kept for the days that the settings say", () => {
    const groups = ofType("aws:cloudwatch/logGroup:LogGroup");
    expect(groups.length).toBeGreaterThan(0);
    expect(groups.filter(({ inputs }) => inputs.retentionInDays !== 30).map(nameOf)).toEqual([]);
  });

  test("of functions go to a group of the program's, not to one that Lambda makes and keeps for ever", () => {
    const groups = ofType("aws:cloudwatch/logGroup:LogGroup").map(
      ({ name, variant }) => `${name} ${variant}`,
    );
    for (const { variant, inputs } of ofType("aws:lambda/function:Function")) {
      const { logGroup } = inputs.loggingConfig as { logGroup: string };
      expect(groups).toContain(`${logGroup} ${variant}`);
    }
  });
});

describe("what is kept", () => {
  const keyOf = (variant: string) => variants[variant]?.["customers-as-code:kmsKeyArn"];

  test("is encrypted with the key of the settings, where they name one", () => {
    for (const { variant, inputs } of ofType("aws:cloudwatch/logGroup:LogGroup")) {
      expect(inputs.kmsKeyId).toBe(keyOf(variant));
    }
    for (const { variant, inputs } of ofType("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream")) {
      const keyArn = keyOf(variant);
      expect(inputs.serverSideEncryption).toEqual({
        enabled: true,
        ...(keyArn && { keyType: "CUSTOMER_MANAGED_CMK", keyArn }),
      });
    }
  });

  test("secrets too", () => {
    const secrets = ofType("aws:secretsmanager/secret:Secret");
    expect(secrets.length).toBeGreaterThan(0);
    for (const { variant, inputs } of secrets) expect(inputs.kmsKeyId).toBe(keyOf(variant));
  });

  test("is in buckets that are encrypted, closed to the public and to plain HTTP, and emptied after a time", () => {
    const buckets = ofType("aws:s3/bucket:Bucket");
    expect(buckets.length).toBeGreaterThan(0);
    for (const { name, variant } of buckets) {
      const setting = (type: string) => {
        const found = ofType(`aws:s3/${type}`).find((one) => one.name === name && one.variant === variant);
        expect(found?.inputs.bucket).toBe(`${name}-id`);
        return found?.inputs;
      };
      expect(setting("bucketPublicAccessBlock:BucketPublicAccessBlock")).toMatchObject({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      const kmsMasterKeyId = keyOf(variant);
      expect(
        setting("bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"),
      ).toMatchObject({
        rules: [
          {
            applyServerSideEncryptionByDefault: kmsMasterKeyId
              ? { sseAlgorithm: "aws:kms", kmsMasterKeyId }
              : { sseAlgorithm: "AES256" },
          },
        ],
      });
      expect(setting("bucketPolicy:BucketPolicy")?.policy).toMatchObject({
        Statement: [
          {
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      });
      expect(setting("bucketLifecycleConfiguration:BucketLifecycleConfiguration")?.rules).toContainEqual(
        expect.objectContaining({ status: "Enabled", expiration: { days: 30 } }),
      );
    }
  });
});

describe("what is open", () => {
  /** Ports of security groups that let in whoever is not of a group of the program's own. */
  const openPorts = () =>
    ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
      .filter(({ inputs }) => inputs.referencedSecurityGroupId === undefined)
      .map(({ inputs }) => `${inputs.securityGroupId} ${inputs.fromPort}-${inputs.toPort}`);

  test("to the internet is the portal's load balancer, at the ports of the web", () => {
    expect([...new Set(openPorts())].sort()).toEqual([
      "portal-load-balancer-id 443-443",
      "portal-load-balancer-id 80-80",
    ]);
    // A rule within the group would be seen by none of these.
    for (const { inputs } of ofType("aws:ec2/securityGroup:SecurityGroup")) {
      expect([inputs.ingress, inputs.egress]).toEqual([undefined, undefined]);
    }
  });

  test("speaks TLS 1.3, or leads on to where it is spoken", () => {
    const listeners = [
      ...ofType("aws:lb/listener:Listener").map(({ inputs }): unknown => inputs),
      ...ofType("awsx:lb:ApplicationLoadBalancer").flatMap(({ inputs }): unknown => inputs.listeners),
    ];
    const https = { port: 443, protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" };
    const leadsOn = { type: "redirect", redirect: expect.objectContaining({ protocol: "HTTPS" }) };
    const http = { port: 80, protocol: "HTTP", defaultActions: [leadsOn] };
    const portals = ofType("awsx:ecs:FargateService");
    expect(listeners).toEqual([
      ...portals.map(() => expect.objectContaining(https)),
      ...portals.map(() => expect.objectContaining(http)),
    ]);
  });

  // What awsx makes by default: a role with a policy of AWS's for all logs and registries, a log group that
  // is kept for ever, and a security group for everybody. Its own children cannot be recorded.
  test("is nothing that awsx would make by itself", () => {
    const services = ofType("awsx:ecs:FargateService");
    expect(services.length).toBeGreaterThan(0);
    for (const { inputs } of services) {
      expect(inputs).toMatchObject({
        networkConfiguration: { securityGroups: ["portal-task-id"] },
        taskDefinitionArgs: {
          executionRole: { roleArn: "arn:aws:iam::123456789012:role/portal-execution" },
          taskRole: { skip: true },
          logGroup: { skip: true },
        },
      });
    }
    for (const { inputs } of ofType("awsx:lb:ApplicationLoadBalancer")) {
      expect(inputs.securityGroups).toEqual(["portal-load-balancer-id"]);
    }
  });
});

describe("nothing is public that need not be", () => {
  const apis = () => [...ofType("aws:apigateway/restApi:RestApi"), ...ofType("aws:apigatewayv2/api:Api")];
  const domains = () => [
    ...ofType("aws:apigateway/domainName:DomainName"),
    ...ofType("aws:apigatewayv2/domainName:DomainName"),
  ];

  test("an API has no endpoint of its own beside its domain name", () => {
    const named = apis().filter(({ variant }) => domains().some((domain) => domain.variant === variant));
    expect(named.length).toBeGreaterThan(1);
    const open = named.filter(({ inputs }) => inputs.disableExecuteApiEndpoint !== true);
    expect(open.map(nameOf)).toEqual([]);
  });

  test("a domain name takes no TLS older than 1.2", () => {
    const policies = domains().map(({ inputs: { securityPolicy, domainNameConfiguration } }) =>
      typeof securityPolicy === "string"
        ? securityPolicy
        : (domainNameConfiguration as { securityPolicy: string }).securityPolicy,
    );
    expect(policies.length).toBeGreaterThan(1);
    for (const policy of policies) expect(policy).toMatch(/^(TLS_1_2|SecurityPolicy_TLS13_1_[23]\w*)$/);
  });

  test("no function has a URL, no bucket an access list or a website, and no snapshot or queue is shared", () => {
    const types = new Set(declared.map(({ type }) => type));
    const publishing =
      /functionUrl|bucketAcl|bucketWebsite|bucketOwnershipControls|objectAcl|snapshotCreateVolume|queuePolicy|topicPolicy/i;
    expect([...types].filter((type) => publishing.test(type))).toEqual([]);
    for (const { inputs } of ofType("aws:s3/bucket:Bucket")) {
      expect(Object.keys(inputs).filter((key) => /acl|website|grants|policy/i.test(key))).toEqual([]);
    }
  });
});

describe("what is logged", () => {
  test("goes to groups of the program's: the access log of each stage, and Firehose's own", () => {
    const groups = ofType("aws:cloudwatch/logGroup:LogGroup");
    const streams = ofType("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream");
    const isOurs = (variant: string, arn: string) =>
      [...groups, ...streams].some((one) => one.variant === variant && arn.endsWith(`:${one.name}`));
    const stages = [...ofType("aws:apigateway/stage:Stage"), ...ofType("aws:apigatewayv2/stage:Stage")];
    expect(stages.length).toBeGreaterThan(2);
    for (const { variant, inputs } of stages) {
      const { destinationArn } = inputs.accessLogSettings as { destinationArn: string };
      expect([variant, destinationArn, isOurs(variant, destinationArn)]).toEqual([
        variant,
        destinationArn,
        true,
      ]);
    }
    for (const { variant, inputs } of streams) {
      // With the application id in it, all of it is a secret.
      const endpoint = secretValue(inputs.httpEndpointConfiguration) as {
        cloudwatchLoggingOptions: { enabled: boolean; logGroupName: string };
      };
      const { enabled, logGroupName } = endpoint.cloudwatchLoggingOptions;
      expect(enabled).toBe(true);
      expect(groups.map((group) => `${group.variant} ${group.name}`)).toContain(`${variant} ${logGroupName}`);
    }
  });
});
