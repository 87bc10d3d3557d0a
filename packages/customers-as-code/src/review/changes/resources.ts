// What it means that the engine changes an input of a resource which no declared thing explains: the one table of them. A person, a
// provider's new version or the program itself did it.
import { isDeepStrictEqual } from "node:util";
import { keysInMetadata } from "../../customers/customer-schema";
import { getOwn, isRecord } from "../../problems/record";
import type { Plan, Step } from "../../stacks/plan";
import { describeChange, differencesOf } from "../compare-values";
import { inlineCode } from "../markdown";
import { type Change, grave, type Meaning, notable, plain } from "./declared-change";

export interface ResourceMeaning {
  /** What the resource is to a reader. */
  what: string;
  /** That it is made, replaced or deleted. */
  comesOrGoes: Input;
  inputs: Record<string, Input>;
}

/** What a change means, and the places of the declared things that explain it. `{id}` and `{client}` stand for names of the resource's. */
type Input = readonly [Meaning, ...from: string[]];

const setting = (...keys: string[]) => keys.map((key) => `settings: ${key}`);
const customer = (...keys: string[]) => keys.map((key) => `customers: {id}.${key}`);
const client = (...keys: string[]) => keys.map((key) => `customers: {id}.clients.{client}.${key}`);

const address = grave("address", "customers may have to call another URL");
const rights = grave("gains", "it decides who may do what");
const elsewhere = grave("elsewhere", "requests, logs or secrets can go there");
const guard = grave("guard");
const cutOff = grave("cutOff");
const internal: Input = [notable("it joins this resource to another one")];
const tags: Input = [plain(), ...setting("tags", "aws:defaultTags", "aws:ignoreTags")];
const key: Input = [
  grave("guard", "whoever may use this key can read what it encrypts"),
  ...setting("kmsKeyArn"),
];
const domain = setting("customDomain");
const documented = ["document", ...setting("openapi")];
/** What API Gateway is given as a whole. */
const body: Input = [
  grave("gains", "it decides which routes there are, who may call them and where they go"),
  ...documented,
  ...setting(
    "backendUrl",
    "backends",
    "validateRequests",
    "binaryMediaTypes",
    "corsAllowedOrigins",
    "authorizerCacheSeconds",
    "plans",
    "enforcePlans",
    "httpAuthorizer",
    "audience",
    "auth0:domain",
    "publicRoutes",
  ),
];
const portal = setting("portal");
const role: ResourceMeaning = {
  what: "role",
  comesOrGoes: [rights, ...setting("moesifIngestUrl", "manageCloudWatchRole"), ...portal],
  inputs: { assumeRolePolicy: [rights], tags },
};

/** Of a rule for what comes in, and of one for what goes out. */
const securityGroupRule: Omit<ResourceMeaning, "what"> = {
  comesOrGoes: [rights, ...portal],
  inputs: {
    cidrIpv4: [rights, ...portal],
    fromPort: [rights],
    ipProtocol: [rights],
    referencedSecurityGroupId: [rights],
    securityGroupId: internal,
    toPort: [rights],
    tags,
  },
};

const certificate: Input = [grave("elsewhere", "people see another certificate"), ...domain, ...portal];
const mutualTls: Input = [grave("guard", "it decides whose certificates are accepted"), ...domain];
const tls: Input = [grave("guard", "it decides which versions of TLS are accepted"), ...domain];
const accessLogs: Input = [
  grave("elsewhere", "calls are logged there, and metered by it"),
  ...setting("moesifIngestUrl"),
];

export const resourceMeanings: Record<string, ResourceMeaning> = {
  "auth0:index/organization:Organization": {
    what: "organization",
    comesOrGoes: [cutOff],
    inputs: {
      name: [notable(), ...customer("organization", "id")],
      displayName: [notable(), ...customer("displayName")],
      metadata: [notable(), ...customer("metadata", ...keysInMetadata, "id")],
    },
  },
  "auth0:index/organizationMember:OrganizationMember": {
    what: "member of an organization",
    comesOrGoes: [
      grave("gains", "members manage the customer's clients in the portal"),
      ...customer("members"),
    ],
    inputs: { organizationId: [rights], userId: [rights, ...customer("members")] },
  },
  "auth0:index/resourceServer:ResourceServer": {
    what: "API in Auth0",
    comesOrGoes: [
      grave("address", "tokens are given for it alone"),
      ...setting("audience", "auth0:domain"),
      "imports",
    ],
    inputs: {
      identifier: [grave("address", "tokens are given for this audience"), ...setting("audience")],
      name: [plain(), ...documented],
      signingAlg: [grave("guard", "it decides how tokens are signed")],
      tokenLifetime: [
        grave("delay", "tokens outlive what ends them by as long"),
        ...setting("tokenLifetime"),
      ],
    },
  },
  "auth0:index/resourceServerScopes:ResourceServerScopes": {
    what: "scopes of the API in Auth0",
    comesOrGoes: [cutOff, ...setting("audience", "auth0:domain"), "imports"],
    inputs: {
      resourceServerIdentifier: [address, ...setting("audience")],
      scopes: [grave("cutOff", "clients lose scopes that the API no longer has"), ...documented],
    },
  },
  "auth0:index/client:Client": {
    what: "client",
    comesOrGoes: [cutOff, ...portal],
    inputs: {
      name: [notable(), ...customer("organization", "id"), ...client("name", "rotation")],
      description: [plain(), ...customer("displayName", "id"), ...client("name")],
      appType: [grave("gains", "it decides what the client may do")],
      grantTypes: [grave("gains", "it decides how the client gets tokens")],
      organizationUsage: [grave("gains", "it decides for which organizations it gets tokens")],
      defaultOrganization: [grave("elsewhere", "its tokens are of another organization")],
      clientMetadata: [plain(), ...customer("id"), ...client("name", "rotation")],
      tokenQuota: [
        grave("guard", "it decides how many tokens the client gets"),
        ...client("tokenQuota"),
        ...customer("plan"),
        ...setting("plans", "defaultPlan", "enforcePlans"),
      ],
      oidcConformant: [guard],
      callbacks: [grave("elsewhere", "people who sign in are sent there"), ...portal],
      allowedLogoutUrls: [grave("elsewhere", "people who sign out are sent there"), ...portal],
      webOrigins: [grave("gains", "pages of these origins sign people in"), ...portal],
    },
  },
  "auth0:index/clientCredentials:ClientCredentials": {
    what: "credentials of a client",
    comesOrGoes: [cutOff],
    inputs: {
      clientId: internal,
      authenticationMethod: [
        grave("cutOff", "it decides how the client proves who it is"),
        ...client("publicKey"),
      ],
      privateKeyJwt: [
        grave("elsewhere", "whoever has the private key gets the client's tokens"),
        ...client("publicKey", "rotation"),
      ],
    },
  },
  "auth0:index/clientGrant:ClientGrant": {
    what: "grant",
    comesOrGoes: [cutOff, ...setting("audience")],
    inputs: {
      clientId: internal,
      audience: [address, ...setting("audience")],
      scopes: [
        grave("gains", "it decides what the client may do"),
        ...client("scopes"),
        ...customer("status"),
        ...documented,
        ...setting("portalScopes"),
      ],
      organizationUsage: [grave("gains", "it decides for which organizations it gets tokens")],
      allowAnyOrganization: [grave("gains", "it decides for which organizations it gets tokens")],
    },
  },
  "auth0:index/organizationClientGrant:OrganizationClientGrant": {
    what: "grant for an organization",
    comesOrGoes: [cutOff, ...setting("audience")],
    inputs: {
      grantId: internal,
      organizationId: [grave("elsewhere", "its tokens are of another organization")],
    },
  },
  "aws:lambda/function:Function": {
    what: "function",
    comesOrGoes: [grave("address"), ...setting("apiType", "httpAuthorizer")],
    inputs: {
      code: [
        grave("gains", "the authorizer decides by it who may call the API"),
        ...documented,
        "customers",
        ...setting(
          "audience",
          "auth0:domain",
          "plans",
          "defaultPlan",
          "enforcePlans",
          "liveSuspensions",
          "publicRoutes",
        ),
      ],
      architectures: [plain()],
      description: [plain()],
      handler: [grave("gains", "other code of the function runs")],
      loggingConfig: [notable("its logs go there")],
      memorySize: [plain()],
      role: [rights],
      runtime: [notable("it runs in another version of Node.js")],
      timeout: [notable("API Gateway refuses what takes longer")],
      tracingConfig: [plain(), ...setting("tracing")],
      tags,
    },
  },
  "aws:lambda/permission:Permission": {
    what: "permission to invoke a function",
    comesOrGoes: [rights, ...setting("apiType", "backends", "httpAuthorizer"), ...documented],
    inputs: {
      action: [rights],
      function: [rights, ...setting("backends")],
      principal: [rights],
      sourceArn: [rights, ...setting("stageName", "backends")],
      qualifier: [rights, ...setting("backends")],
    },
  },
  "aws:apigateway/restApi:RestApi": {
    what: "REST API",
    comesOrGoes: [address, ...setting("apiType")],
    inputs: {
      body,
      description: [plain(), ...documented],
      name: [plain(), ...documented],
      apiKeySource: [notable("how requests are counted"), ...setting("plans", "enforcePlans")],
      binaryMediaTypes: [
        notable("which bodies are taken as they are"),
        ...documented,
        ...setting("binaryMediaTypes"),
      ],
      minimumCompressionSize: [notable("which answers are compressed"), ...documented],
      disableExecuteApiEndpoint: [grave("address", "the API's own endpoint opens or closes"), ...domain],
      endpointConfiguration: [address],
      securityPolicy: tls,
      tags,
    },
  },
  "aws:apigateway/deployment:Deployment": {
    what: "deployment of the API",
    comesOrGoes: [
      notable(),
      ...body.slice(1).map(String),
      ...setting("apiType", "customDomain"),
      "customers",
    ],
    inputs: {
      restApi: internal,
      triggers: [notable("what the API serves is deployed again"), ...body.slice(1).map(String), ...domain],
    },
  },
  "aws:apigateway/stage:Stage": {
    what: "stage",
    comesOrGoes: [address, ...setting("apiType", "stageName")],
    inputs: {
      accessLogSettings: accessLogs,
      deployment: internal,
      restApi: internal,
      stageName: [address, ...setting("stageName")],
      xrayTracingEnabled: [plain(), ...setting("tracing")],
      tags,
    },
  },
  "aws:apigateway/methodSettings:MethodSettings": {
    what: "settings of the stage",
    comesOrGoes: [notable(), ...setting("apiType")],
    inputs: {},
  },
  "aws:apigateway/account:Account": {
    what: "role of API Gateway in the region",
    comesOrGoes: [notable("whether API Gateway can write logs"), ...setting("manageCloudWatchRole")],
    inputs: { cloudwatchRoleArn: [rights] },
  },
  "aws:apigateway/apiKey:ApiKey": {
    what: "key by which requests are counted",
    comesOrGoes: [guard, ...setting("plans", "defaultPlan"), ...customer("plan"), "customers"],
    inputs: { description: [plain(), "customers"], name: [plain()], value: [guard], tags },
  },
  "aws:apigateway/usagePlan:UsagePlan": {
    what: "plan",
    comesOrGoes: [guard, ...setting("plans")],
    inputs: {
      apiStages: [guard, ...setting("stageName", "enforcePlans")],
      description: [plain(), ...setting("plans")],
      quotaSettings: [grave("guard", "it decides how many requests there may be"), ...setting("plans")],
      throttleSettings: [grave("guard", "it decides how many requests there may be"), ...setting("plans")],
      tags,
    },
  },
  "aws:apigateway/usagePlanKey:UsagePlanKey": {
    what: "key of a plan",
    comesOrGoes: [guard, ...setting("plans", "defaultPlan"), "customers"],
    inputs: {
      keyId: internal,
      keyType: [guard],
      usagePlanId: [
        grave("guard", "other limits hold for a customer"),
        ...setting("plans", "defaultPlan"),
        "customers",
      ],
    },
  },
  "aws:apigateway/domainName:DomainName": {
    what: "domain name",
    comesOrGoes: [address, ...domain, ...setting("apiType")],
    inputs: {
      domainName: [address, ...domain],
      endpointConfiguration: [address],
      mutualTlsAuthentication: mutualTls,
      ownershipVerificationCertificateArn: [notable(), ...domain],
      regionalCertificateArn: certificate,
      securityPolicy: tls,
      tags,
    },
  },
  "aws:apigateway/basePathMapping:BasePathMapping": {
    what: "path under the domain name",
    comesOrGoes: [address, ...domain, ...setting("apiType")],
    inputs: {
      basePath: [address, ...domain],
      domainName: [address, ...domain],
      restApi: internal,
      stageName: [address, ...setting("stageName")],
    },
  },
  "aws:apigatewayv2/api:Api": {
    what: "HTTP API",
    comesOrGoes: [address, ...setting("apiType")],
    inputs: {
      body,
      corsConfiguration: [
        grave("gains", "pages of these origins can call the API from browsers"),
        ...setting("corsAllowedOrigins"),
        ...documented,
      ],
      description: [plain(), ...documented],
      disableExecuteApiEndpoint: [grave("address", "the API's own endpoint opens or closes"), ...domain],
      failOnWarnings: [plain()],
      name: [plain(), ...documented],
      protocolType: [address],
      version: [plain(), ...documented],
      tags,
    },
  },
  "aws:apigatewayv2/stage:Stage": {
    what: "stage",
    comesOrGoes: [address, ...setting("apiType", "stageName")],
    inputs: {
      accessLogSettings: accessLogs,
      apiId: internal,
      autoDeploy: [notable()],
      name: [address, ...setting("stageName")],
      tags,
    },
  },
  "aws:apigatewayv2/domainName:DomainName": {
    what: "domain name",
    comesOrGoes: [address, ...domain, ...setting("apiType")],
    inputs: {
      domainName: [address, ...domain],
      domainNameConfiguration: certificate,
      mutualTlsAuthentication: mutualTls,
      tags,
    },
  },
  "aws:apigatewayv2/apiMapping:ApiMapping": {
    what: "path under the domain name",
    comesOrGoes: [address, ...domain, ...setting("apiType")],
    inputs: {
      apiId: internal,
      apiMappingKey: [address, ...domain],
      domainName: [address, ...domain],
      stage: [address, ...setting("stageName")],
    },
  },
  "aws:apigatewayv2/vpcLink:VpcLink": {
    what: "link to a VPC",
    comesOrGoes: [elsewhere, ...setting("backends")],
    inputs: {
      securityGroupIds: [elsewhere, ...setting("backends")],
      subnetIds: [elsewhere, ...setting("backends")],
      tags,
    },
  },
  "aws:route53/record:Record": {
    what: "record in Route 53",
    comesOrGoes: [address, ...domain, ...portal],
    inputs: {
      aliases: [grave("elsewhere", "the name leads there"), ...domain, ...portal],
      name: [address, ...domain, ...portal],
      type: [address],
      zoneId: [address, ...domain, ...portal],
    },
  },
  "aws:wafv2/webAclAssociation:WebAclAssociation": {
    what: "rules of AWS WAF on the API",
    comesOrGoes: [guard, ...setting("webAclArn", "apiType")],
    inputs: { resourceArn: [guard, ...setting("stageName")], webAclArn: [guard, ...setting("webAclArn")] },
  },
  "aws:ssm/parameter:Parameter": {
    what: "list of suspensions",
    comesOrGoes: [grave("gains", "whoever it suspends can call again"), ...setting("liveSuspensions")],
    inputs: {
      description: [plain()],
      name: [grave("gains", "whoever it suspends can call again")],
      tier: [plain()],
      type: [plain()],
      value: [grave("gains", "it says who is suspended")],
      tags,
    },
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    what: "group of logs",
    comesOrGoes: [notable(), ...setting("moesifIngestUrl", "httpAuthorizer"), ...portal],
    inputs: {
      retentionInDays: [grave("guard", "older logs are deleted"), ...setting("logRetentionDays")],
      kmsKeyId: key,
      name: [notable()],
      tags,
    },
  },
  "aws:cloudwatch/logStream:LogStream": {
    what: "stream of logs",
    comesOrGoes: [plain(), ...setting("moesifIngestUrl")],
    inputs: { logGroupName: internal, name: [plain()] },
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    what: "alarm",
    comesOrGoes: [
      grave("guard", "whether people learn of faults"),
      ...setting("alarms", "liveSuspensions", "moesifIngestUrl"),
    ],
    inputs: {
      alarmActions: [grave("guard", "other people learn of faults"), ...setting("alarms")],
      okActions: [notable(), ...setting("alarms")],
      threshold: [grave("guard", "the alarm goes off at another value"), ...setting("alarms")],
      alarmDescription: [plain(), ...setting("alarms")],
      comparisonOperator: [guard],
      datapointsToAlarm: [guard],
      dimensions: [guard, ...documented, ...setting("stageName")],
      evaluationPeriods: [guard],
      metricName: [guard],
      metricQueries: [guard, ...documented, ...setting("stageName")],
      namespace: [guard],
      period: [guard],
      statistic: [guard],
      treatMissingData: [guard],
      tags,
    },
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    what: "dashboard",
    comesOrGoes: [plain(), ...setting("dashboard")],
    inputs: { dashboardBody: [plain(), ...documented], dashboardName: [plain()] },
  },
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": {
    what: "stream of the access log to Moesif",
    comesOrGoes: accessLogs,
    inputs: {
      destination: [elsewhere],
      httpEndpointConfiguration: [elsewhere, ...setting("moesifIngestUrl", "moesifApplicationId")],
      name: [notable()],
      serverSideEncryption: key,
      tags,
    },
  },
  "aws:s3/bucket:Bucket": {
    what: "bucket of undelivered logs",
    comesOrGoes: [
      grave("elsewhere", "logs that Moesif did not get are in it"),
      ...setting("moesifIngestUrl"),
    ],
    inputs: { forceDestroy: [notable()], tags },
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    what: "protection of the bucket from the public",
    comesOrGoes: [guard, ...setting("moesifIngestUrl")],
    inputs: {
      bucket: internal,
      blockPublicAcls: [guard],
      blockPublicPolicy: [guard],
      ignorePublicAcls: [guard],
      restrictPublicBuckets: [guard],
    },
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    what: "encryption of the bucket",
    comesOrGoes: [guard, ...setting("moesifIngestUrl")],
    inputs: { bucket: internal, rules: key },
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    what: "how long the bucket keeps logs",
    comesOrGoes: [notable(), ...setting("moesifIngestUrl")],
    inputs: { bucket: internal, rules: [notable(), ...setting("logRetentionDays")] },
  },
  "aws:s3/bucketPolicy:BucketPolicy": {
    what: "policy of the bucket",
    comesOrGoes: [rights, ...setting("moesifIngestUrl")],
    inputs: { bucket: internal, policy: [rights] },
  },
  "aws:iam/role:Role": role,
  "aws:iam/rolePolicy:RolePolicy": {
    what: "rights of a role",
    comesOrGoes: [rights, ...setting("moesifIngestUrl", "liveSuspensions", "tracing"), ...portal],
    inputs: {
      policy: [rights, ...setting("liveSuspensions", "tracing", "kmsKeyArn", "moesifIngestUrl"), ...portal],
      role: internal,
    },
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    what: "rights of a role",
    comesOrGoes: [rights, ...setting("manageCloudWatchRole")],
    inputs: { policyArn: [rights], role: internal },
  },
  "aws:secretsmanager/secret:Secret": {
    what: "secret in Secrets Manager",
    comesOrGoes: [
      grave("elsewhere", "secrets are kept in it"),
      ...customer("delivery", "clients"),
      ...portal,
    ],
    inputs: {
      description: [plain(), ...customer("displayName")],
      name: [grave("address", "whoever reads the secret asks for its name")],
      kmsKeyId: [
        grave("guard", "whoever may use this key can read the secret"),
        ...setting("kmsKeyArn", "deliveryKmsKeyArn"),
      ],
      recoveryWindowInDays: [notable()],
      tags,
    },
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    what: "value of a secret",
    comesOrGoes: [
      grave("cutOff", "whoever reads the secret gets another value"),
      ...customer("delivery", "clients"),
      ...portal,
    ],
    inputs: {
      secretId: internal,
      secretString: [
        grave("cutOff", "whoever reads the secret gets another value"),
        ...client("rotation", "retiring", "publicKey", "scopes"),
        ...setting(
          "moesifApplicationId",
          "moesifManagementToken",
          "stripeApiKey",
          "audience",
          "auth0:domain",
        ),
      ],
    },
  },
  "aws:secretsmanager/secretPolicy:SecretPolicy": {
    what: "who may read a secret",
    comesOrGoes: [grave("gains", "it decides who may read the secret"), ...customer("delivery", "clients")],
    inputs: {
      blockPublicPolicy: [guard],
      policy: [grave("gains", "it decides who may read the secret"), ...customer("delivery")],
      secretArn: internal,
    },
  },
  "aws:ecs/cluster:Cluster": {
    what: "cluster of the portal",
    comesOrGoes: [cutOff, ...portal],
    inputs: { tags },
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    what: "security group",
    comesOrGoes: [guard, ...portal],
    inputs: { description: [plain()], vpcId: [elsewhere, ...portal], tags },
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    what: "rule of who may reach the portal",
    ...securityGroupRule,
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
    what: "rule of what the portal may reach",
    ...securityGroupRule,
  },
  "aws:lb/targetGroup:TargetGroup": {
    what: "targets of the portal's load balancer",
    comesOrGoes: [elsewhere, ...portal],
    inputs: {
      deregistrationDelay: [plain()],
      healthCheck: [notable()],
      port: [elsewhere],
      protocol: [elsewhere],
      targetType: [elsewhere],
      vpcId: [elsewhere, ...portal],
      tags,
    },
  },
  "aws:lb/listener:Listener": {
    what: "listener of the portal's load balancer",
    comesOrGoes: [address, ...portal],
    inputs: {
      certificateArn: certificate,
      defaultActions: [elsewhere],
      loadBalancerArn: internal,
      port: [address],
      protocol: [guard],
      sslPolicy: [guard],
      tags,
    },
  },
  "aws:lb/listenerRule:ListenerRule": {
    what: "rule of the portal's load balancer",
    comesOrGoes: [elsewhere, ...portal],
    inputs: {
      actions: [elsewhere],
      conditions: [elsewhere, ...portal],
      listenerArn: internal,
      priority: [notable()],
      tags,
    },
  },
  "awsx:ec2:Vpc": {
    what: "VPC of the portal",
    comesOrGoes: [cutOff, ...portal],
    inputs: {
      cidrBlock: [notable(), ...portal],
      enableDnsHostnames: [notable()],
      natGateways: [notable(), ...portal],
      numberOfAvailabilityZones: [notable(), ...portal],
      subnetSpecs: [notable()],
      subnetStrategy: [notable()],
      tags,
    },
  },
  "awsx:lb:ApplicationLoadBalancer": {
    what: "load balancer of the portal",
    comesOrGoes: [address, ...portal],
    inputs: {
      defaultTargetGroup: [elsewhere],
      dropInvalidHeaderFields: [guard],
      listeners: [address],
      securityGroups: [rights],
      subnetIds: [notable(), ...portal],
      tags,
    },
  },
  "awsx:ecs:FargateService": {
    what: "service of the portal",
    comesOrGoes: [cutOff, ...portal],
    inputs: {
      cluster: internal,
      deploymentCircuitBreaker: [plain()],
      deploymentMaximumPercent: [plain()],
      deploymentMinimumHealthyPercent: [plain()],
      desiredCount: [plain(), ...portal],
      enableEcsManagedTags: [plain()],
      enableExecuteCommand: [grave("gains", "operators can run commands beside the portal's secrets")],
      healthCheckGracePeriodSeconds: [plain()],
      loadBalancers: [elsewhere],
      networkConfiguration: [elsewhere, ...portal],
      propagateTags: [plain()],
      taskDefinitionArgs: [
        grave("elsewhere", "it decides which image runs with which variables and secrets"),
        ...portal,
        ...setting(
          "auth0:domain",
          "audience",
          "moesifApplicationId",
          "moesifManagementToken",
          "stripeApiKey",
        ),
      ],
      tags,
    },
  },
};

/** What the plan does to a resource, and the places of the declared things that would explain it. */
export interface PlannedChange extends Change {
  /** Whether it shows what the files cannot, so that it stands beside what they declare. */
  isOfImport?: boolean;
  from: readonly string[];
}

/** Beside customers, which customer-changes.ts describes; components and providers are nothing that anyone runs. */
export function changesOfResources({ steps }: Plan): PlannedChange[] {
  const isFirst = steps.every(({ old }) => old === undefined);
  const others = steps.filter(
    ({ type, urn }) =>
      !/^(customers-as-code|pulumi):/.test(type) && !urn.includes("customers-as-code:auth0:Customer"),
  );
  // In a new stack, that would be every resource.
  return isFirst ? [] : others.flatMap(changesOfStep);
}

const passedOver = new Set(["same", "read", "refresh", "replace", "delete-replaced"]);
const verbs: Record<string, string> = {
  create: "creates",
  delete: "deletes",
  import: "imports",
  "create-replacement": "replaces",
  "import-replacement": "replaces, by an import,",
  "read-replacement": "replaces",
  discard: "forgets",
};

function changesOfStep(step: Step): PlannedChange[] {
  const { op, type, name } = step;
  if (passedOver.has(op)) return [];
  const known = getOwn(resourceMeanings, type);
  const thing = `${known?.what ?? inlineCode(type)} ${inlineCode(name)}`;
  if (op !== "update") {
    const [meaning, ...from] = known?.comesOrGoes ?? unknown;
    return [planned(step, "", `${verbs[op] ?? inlineCode(op)} ${thing}`, meaning, from)];
  }
  const inputs = [...new Set(step.differences.map((property) => property.split(/[.[]/)[0] ?? property))];
  return inputs.map((input) => {
    const [meaning, ...from] = getOwn(known?.inputs, input) ?? unknown;
    const before = step.old?.inputs[input];
    const after = step.new?.inputs[input];
    return planned(
      step,
      input,
      describeInput(`${inlineCode(input)} of ${thing}`, before, after),
      meaning,
      from,
    );
  });
}

export function meaningOfInput(type: string, input: string): Meaning {
  return (getOwn(getOwn(resourceMeanings, type)?.inputs, input) ?? unknown)[0];
}

const unknown: Input = [grave("unknown", "what it means is not known here")];

function planned(
  step: Step,
  input: string,
  does: string,
  meaning: Meaning,
  from: readonly string[],
): PlannedChange {
  const at = ["plan:", step.type, step.name, input].filter((part) => part !== "").join(" ");
  const [id = "", client = ""] = step.name.split("/");
  return {
    at,
    name: inlineCode(step.name),
    does,
    sentence: meaning.means === undefined ? does : `${does}: ${meaning.means}`,
    from: from.map((place) => place.replace("{id}", () => id).replace("{client}", () => client)),
    ...meaning,
  };
}

/** Documents are shown by what is different in them. */
function describeInput(name: string, before: unknown, after: unknown): string {
  if (isDeepStrictEqual(before, after)) return `changes ${name}`;
  const [old, next] = [parsed(before), parsed(after)];
  const found = isRecord(old) && isRecord(next) ? differencesOf(old, next) : [];
  if (found.length === 0) return describeChange(name, before, after);
  const shown = found
    .slice(0, mostDifferences)
    .map((one) => describeChange(inlineCode(one.path.join(" ")), one.before, one.after));
  const more = found.length > shown.length ? `, and ${found.length - shown.length} more` : "";
  return `changes ${name}: ${shown.join(", ")}${more}`;
}

const mostDifferences = 5;

function parsed(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*\{/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
