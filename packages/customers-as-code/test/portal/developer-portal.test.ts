// The Developer Portal as the program declares it. What awsx makes of its part, only a real deployment shows.
import { parseEnv } from "node:util";
import { type Recording, secretValue } from "../../../../test/support/recorder";
import { runProgram } from "../../../../test/support/run-program";
import { variants } from "../../../../test/support/variants";
import { portal } from "../../testing/portal-blocks";

interface Container {
  image: string;
  environment: { name: string; value: string }[];
  secrets?: { name: string; valueFrom: string }[];
  [property: string]: unknown;
}

type Ran = Awaited<ReturnType<typeof runProgram>>;
const variant = (name: string) => variants[name] ?? {};
const withPortal = variant("a Developer Portal");
const run = (change: object) =>
  runProgram({ ...withPortal, "customers-as-code:portal": JSON.stringify({ ...portal, ...change }) });

const service = (recording: Recording) => recording.find("awsx:ecs:FargateService", "portal").inputs;
function containers(recording: Recording): Record<"web" | "api", Container> {
  const { taskDefinitionArgs } = service(recording) as {
    taskDefinitionArgs: { containers: Record<"web" | "api", Container> };
  };
  return taskDefinitionArgs.containers;
}
const variablesOf = ({ environment }: Container) =>
  Object.fromEntries(environment.map(({ name, value }) => [name, value]));

let made: Ran;
let recording: Recording;
let given: Ran;

beforeAll(async () => {
  made = await runProgram(withPortal);
  ({ recording } = made);
  given = await runProgram(variant("a Developer Portal of one's own"));
});

test("without the block, there is nothing of it", async () => {
  const off = await runProgram();
  const types = off.recording.resources.map(({ type }) => type);
  expect(
    types.filter((type) => /^awsx:|:lb\/|:ecs\/|secretsmanager|:vpc\/|SecurityGroup/.test(type)),
  ).toEqual([]);
  expect([off.outputs.portalUrl, off.outputs.portalLoadBalancer]).toEqual([undefined, undefined]);
});

describe("the environment", () => {
  it("holds every variable of the .env, with its value", () => {
    const { api } = containers(recording);
    const { secretString } = recording.find(
      "aws:secretsmanager/secretVersion:SecretVersion",
      "portal",
    ).inputs;
    const secrets: Record<string, string> = JSON.parse(String(secretValue(secretString)));
    const injected = Object.fromEntries((api.secrets ?? []).map(({ name }) => [name, secrets[name]]));
    const env = parseEnv(made.outputs.portalEnv ?? "");
    expect(Object.keys(env)).toHaveLength(6);
    expect({ ...variablesOf(api), ...injected }).toMatchObject(env);
  });

  it("is the whole of what the portal's API reads", () => {
    expect(variablesOf(containers(recording).api)).toEqual({
      APP_PAYMENT_PROVIDER: "stripe",
      AUTH0_CLIENT_ID: "client-of-portal-sign-in",
      AUTH0_DOMAIN: "example.eu.auth0.com",
      AUTH_PROVIDER: "Auth0",
      FRONT_END_DOMAIN: "portal.example.com",
      MOESIF_MONETIZATION_VERSION: "V2",
      MOESIF_TEMPLATE_WORKSPACE_ID_LIVE_EVENT_LOG: "live-1",
      MOESIF_TEMPLATE_WORKSPACE_ID_TIME_SERIES: "series-1",
      PLUGIN_APIM_PROVIDER: "auth0-m2m",
      PLUGIN_AUTH0_M2M_API_AUDIENCE: "https://api.example.com/",
      PLUGIN_AUTH0_M2M_API_SCOPE: "read:orders write:orders read:invoices write:invoices",
      PLUGIN_AUTH0_M2M_CLIENT_ID: "client-of-portal",
      PLUGIN_AUTH0_M2M_DOMAIN: "example.eu.auth0.com",
    });
  });

  it("of the front end holds what every visitor may see, and no secret", () => {
    const { web } = containers(recording);
    expect(variablesOf(web)).toEqual({
      HOST: "0.0.0.0",
      PORT: "4000",
      REACT_APP_AUTH0_CLIENT_ID: "client-of-portal-sign-in",
      REACT_APP_AUTH0_DOMAIN: "example.eu.auth0.com",
      REACT_APP_AUTH_PROVIDER: "Auth0",
      REACT_APP_DEV_PORTAL_API_SERVER: "https://portal-api.example.com",
      REACT_APP_PAYMENT_PROVIDER: "stripe",
      REACT_APP_STRIPE_PUBLISHABLE_KEY: "pk_test_1",
    });
    expect(web.secrets).toBeUndefined();
  });

  it("takes what the block adds, in the order of the names", async () => {
    const { recording: changed } = await run({
      stripe: { ...portal.stripe, managementUrl: "https://billing.stripe.com/p/login/1" },
      moesif: { ...portal.moesif, publishableApplicationId: "public-1", monetizationVersion: "V1" },
      environment: { web: { REACT_APP_A: "a" }, api: { A: "a", AUTH_PROVIDER: "Okta" } },
    });
    const { web, api } = containers(changed);
    expect(variablesOf(web)).toMatchObject({
      REACT_APP_A: "a",
      REACT_APP_MOESIF_PUBLISHABLE_APPLICATION_ID: "public-1",
      REACT_APP_STRIPE_MANAGEMENT_URL: "https://billing.stripe.com/p/login/1",
    });
    expect(variablesOf(api)).toMatchObject({
      A: "a",
      AUTH_PROVIDER: "Okta",
      MOESIF_MONETIZATION_VERSION: "V1",
    });
    const names = api.environment.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
  });
});

describe("secrets", () => {
  const values = {
    MOESIF_APPLICATION_ID: "moesif-application",
    MOESIF_MANAGEMENT_TOKEN: "moesif-token",
    PLUGIN_AUTH0_M2M_CLIENT_SECRET: "secret-of-portal",
    STRIPE_API_KEY: "sk_test_1",
  };

  it("are in one secret of Secrets Manager, under a key each", () => {
    const { secretId, secretString } = recording.find(
      "aws:secretsmanager/secretVersion:SecretVersion",
      "portal",
    ).inputs;
    expect(secretId).toBe("portal-id");
    expect(JSON.parse(String(secretValue(secretString)))).toEqual(values);
  });

  it("get to the API by reference to that version, so that a new one starts new tasks", () => {
    expect(containers(recording).api.secrets).toEqual(
      Object.keys(values).map((name) => ({
        name,
        valueFrom: `arn:aws:secretsmanager:eu-central-1:123456789012:secret:portal-AbCdEf:${name}::version-1`,
      })),
    );
  });

  it("are nowhere else", () => {
    const elsewhere = recording.resources.filter(({ type }) => !/secretVersion|^auth0:/.test(type));
    for (const value of Object.values(values)) expect(JSON.stringify(elsewhere)).not.toContain(value);
  });
});

describe("the role", () => {
  const statementsOf = (of: Recording) => {
    const { policy } = of.find("aws:iam/rolePolicy:RolePolicy", "portal-execution").inputs;
    return (typeof policy === "string" ? JSON.parse(policy) : policy).Statement;
  };
  const log = {
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: "arn:aws:logs:eu-central-1:123456789012:log-group:portal:*",
  };
  const secret = {
    Effect: "Allow",
    Action: ["secretsmanager:GetSecretValue"],
    Resource: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:portal-AbCdEf",
  };

  it("that starts the task writes its log and reads its secret; what runs in it has no rights", () => {
    expect(statementsOf(recording)).toEqual([log, secret]);
    expect(service(recording)).toMatchObject({
      taskDefinitionArgs: {
        executionRole: { roleArn: "arn:aws:iam::123456789012:role/portal-execution" },
        taskRole: { skip: true },
      },
      enableExecuteCommand: false,
    });
  });

  it("uses the company's key and pulls the company's image, where there are such", () => {
    expect(statementsOf(given.recording)).toEqual([
      log,
      secret,
      {
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555",
      },
      { Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: "*" },
      {
        Effect: "Allow",
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Resource: "arn:aws:ecr:eu-central-1:123456789012:repository/dev-portal",
      },
    ]);
  });
});

describe("the network", () => {
  const vpc = (of: Recording) => of.find("awsx:ec2:Vpc", "portal").inputs;
  const placed = (of: Recording) => service(of).networkConfiguration;

  it("is a VPC with one NAT gateway, which the tasks share", () => {
    expect(vpc(recording)).toEqual({
      cidrBlock: "10.0.0.0/16",
      numberOfAvailabilityZones: 2,
      enableDnsHostnames: true,
      natGateways: { strategy: "Single" },
      subnetStrategy: "Auto",
      subnetSpecs: [{ type: "Public" }, { type: "Private" }],
    });
    expect(placed(recording)).toEqual({
      subnets: ["private-1", "private-2"],
      securityGroups: ["portal-task-id"],
      assignPublicIp: false,
    });
  });

  it("may have one for each zone", async () => {
    const { recording: changed } = await run({
      network: { natGateways: "onePerAz", availabilityZones: 3, cidr: "10.9.0.0/20" },
    });
    expect(vpc(changed)).toMatchObject({
      cidrBlock: "10.9.0.0/20",
      numberOfAvailabilityZones: 3,
      natGateways: { strategy: "OnePerAz" },
    });
  });

  it("may be absent: tasks then have addresses of their own, and no more doors", async () => {
    const { recording: changed } = await run({ network: { natGateways: "none" } });
    expect(vpc(changed)).toMatchObject({
      natGateways: { strategy: "None" },
      subnetSpecs: [{ type: "Public" }],
    });
    expect(placed(changed)).toMatchObject({ subnets: ["public-1", "public-2"], assignPublicIp: true });
  });

  it("may be one that there is", () => {
    const ids = given.recording.resources.filter(({ type }) => type === "awsx:ec2:Vpc");
    expect(ids).toEqual([]);
    expect(placed(given.recording)).toMatchObject({
      subnets: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
      assignPublicIp: false,
    });
    expect(given.recording.find("awsx:lb:ApplicationLoadBalancer", "portal").inputs.subnetIds).toEqual([
      "subnet-0123456789abcdef0",
      "subnet-0123456789abcdef1",
    ]);
    for (const group of ["portal-task", "portal-load-balancer"]) {
      expect(given.recording.find("aws:ec2/securityGroup:SecurityGroup", group).inputs.vpcId).toBe(
        "vpc-0123456789abcdef0",
      );
    }
  });

  it("that there is and has no private subnets gives tasks addresses of their own", async () => {
    const publicSubnetIds = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];
    const { recording: changed } = await run({
      network: { vpcId: "vpc-0123456789abcdef0", publicSubnetIds },
    });
    expect(placed(changed)).toMatchObject({ subnets: publicSubnetIds, assignPublicIp: true });
  });

  it("lets the world reach the load balancer, that the tasks, and these the web", () => {
    const rules = (direction: "Ingress" | "Egress", of = recording) =>
      of.resources
        .filter(({ type }) => type === `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`)
        .map(({ inputs }) => inputs)
        .map(({ securityGroupId, cidrIpv4, referencedSecurityGroupId, ipProtocol, fromPort, toPort }) => {
          expect([ipProtocol, toPort]).toEqual(["tcp", fromPort]);
          return `${securityGroupId} ${fromPort} ${cidrIpv4 ?? referencedSecurityGroupId}`;
        })
        .sort();
    expect(rules("Ingress")).toEqual([
      "portal-load-balancer-id 443 0.0.0.0/0",
      "portal-load-balancer-id 80 0.0.0.0/0",
      "portal-task-id 3030 portal-load-balancer-id",
      "portal-task-id 4000 portal-load-balancer-id",
    ]);
    expect(rules("Egress")).toEqual([
      "portal-load-balancer-id 3030 portal-task-id",
      "portal-load-balancer-id 4000 portal-task-id",
      "portal-task-id 443 0.0.0.0/0",
    ]);
  });

  it("lets in who the block names, and nobody else", async () => {
    const { recording: changed } = await run({ allowedCidrs: ["192.0.2.0/24", "198.51.100.7/32"] });
    const open = changed.resources.flatMap(({ type, inputs }) =>
      /IngressRule/.test(type) && inputs.cidrIpv4 ? [`${inputs.cidrIpv4} ${inputs.fromPort}`] : [],
    );
    expect(open).toEqual([
      "192.0.2.0/24 80",
      "192.0.2.0/24 443",
      "198.51.100.7/32 80",
      "198.51.100.7/32 443",
    ]);
  });
});

describe("the load balancer", () => {
  const targetGroups = () => ({
    web: recording.find("awsx:lb:ApplicationLoadBalancer", "portal").inputs.defaultTargetGroup,
    api: recording.find("aws:lb/targetGroup:TargetGroup", "portal-api").inputs,
  });

  it("leads plain HTTP on to HTTPS, and drops headers that are none", () => {
    expect(recording.find("awsx:lb:ApplicationLoadBalancer", "portal").inputs).toMatchObject({
      subnetIds: ["public-1", "public-2"],
      securityGroups: ["portal-load-balancer-id"],
      dropInvalidHeaderFields: true,
      listeners: [
        {
          port: 80,
          protocol: "HTTP",
          defaultActions: [
            { type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } },
          ],
        },
      ],
    });
  });

  it("speaks TLS 1.3 with the given certificate, and knows no other names", () => {
    expect(recording.find("aws:lb/listener:Listener", "portal").inputs).toMatchObject({
      loadBalancerArn: "arn:aws:elasticloadbalancing:::loadbalancer/portal",
      port: 443,
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06",
      certificateArn: portal.certificateArn,
      defaultActions: [{ type: "fixed-response", fixedResponse: { statusCode: "404" } }],
    });
  });

  it("gives each name to its container, at the port of the image", () => {
    const rule = (name: string) => recording.find("aws:lb/listenerRule:ListenerRule", name).inputs;
    expect(rule("portal-web")).toMatchObject({
      priority: 1,
      conditions: [{ hostHeader: { values: ["portal.example.com"] } }],
      actions: [{ type: "forward", targetGroupArn: "arn:aws:elasticloadbalancing:::targetgroup/portal" }],
    });
    expect(rule("portal-api")).toMatchObject({
      priority: 2,
      conditions: [{ hostHeader: { values: ["portal-api.example.com"] } }],
      actions: [{ type: "forward", targetGroupArn: "arn:aws:elasticloadbalancing:::targetgroup/portal-api" }],
    });
    expect(service(recording).loadBalancers).toEqual([
      {
        containerName: "web",
        containerPort: 4000,
        targetGroupArn: "arn:aws:elasticloadbalancing:::targetgroup/portal",
      },
      {
        containerName: "api",
        containerPort: 3030,
        targetGroupArn: "arn:aws:elasticloadbalancing:::targetgroup/portal-api",
      },
    ]);
  });

  it("asks the front end for its page and the API, which has no path for it, for any answer", () => {
    const { web, api } = targetGroups();
    expect(web).toMatchObject({
      port: 4000,
      targetType: "ip",
      healthCheck: { path: "/", matcher: "200" },
    });
    expect(api).toMatchObject({
      port: 3030,
      targetType: "ip",
      vpcId: "vpc-of-portal",
      healthCheck: { path: "/", matcher: "200-499" },
    });
  });

  it("is where the names lead: by Route 53 if its zone is given, else by whoever reads the output", () => {
    const records = (of: Recording) =>
      of.resources.filter(
        ({ type, name }) => type === "aws:route53/record:Record" && name.startsWith("portal"),
      );
    expect(records(recording)).toEqual([]);
    expect(made.outputs).toMatchObject({
      portalUrl: "https://portal.example.com",
      portalLoadBalancer: "portal.elb.amazonaws.com",
    });
    expect(records(given.recording).map(({ inputs }) => inputs)).toEqual(
      ["portal.example.com", "portal-api.example.com"].map((name) => ({
        zoneId: "Z0123456789ABC",
        name,
        type: "A",
        aliases: [{ name: "portal.elb.amazonaws.com", zoneId: "Z215JYRZR1TBD5", evaluateTargetHealth: true }],
      })),
    );
  });
});

describe("the service", () => {
  it("runs the pinned images in the size and number that the block says", async () => {
    expect(service(recording)).toMatchObject({
      desiredCount: 2,
      taskDefinitionArgs: {
        cpu: "1024",
        memory: "4096",
        runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "X86_64" },
      },
    });
    const { web, api } = containers(recording);
    expect([web.image, api.image]).toEqual(["moesif/dev-portal:1.2.3", "moesif/dev-portal-api:1.2.3"]);
    const { recording: changed } = await run({ cpu: 2048, memory: 5120, desiredCount: 3 });
    expect(service(changed)).toMatchObject({
      desiredCount: 3,
      taskDefinitionArgs: { cpu: "2048", memory: "5120" },
    });
  });

  it("goes back by itself from a deployment that does not come up, and never has fewer tasks", () => {
    expect(service(recording)).toMatchObject({
      deploymentCircuitBreaker: { enable: true, rollback: true },
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
    });
  });

  it("ends with either container, and waits for the front end to be built", () => {
    const { web, api } = containers(recording);
    expect([web.essential, api.essential]).toEqual([true, true]);
    expect(web.healthCheck).toMatchObject({ interval: 30, startPeriod: 300, retries: 10 });
    expect(api.healthCheck).toMatchObject({ interval: 30, startPeriod: 60, retries: 3 });
    expect(service(recording).healthCheckGracePeriodSeconds).toBeGreaterThanOrEqual(300 + 10 * 30);
  });

  it("writes to a log group that is the program's, apart for each container", () => {
    for (const [name, { logConfiguration }] of Object.entries(containers(recording))) {
      expect(logConfiguration).toEqual({
        logDriver: "awslogs",
        options: {
          "awslogs-group": "portal",
          "awslogs-region": "eu-central-1",
          "awslogs-stream-prefix": name,
        },
      });
    }
    expect(recording.find("aws:cloudwatch/logGroup:LogGroup", "portal").inputs.retentionInDays).toBe(30);
  });
});

test("people sign in by an application that answers to the portal alone", () => {
  expect(recording.find("auth0:index/client:Client", "portal-sign-in").inputs).toMatchObject({
    appType: "spa",
    grantTypes: ["authorization_code", "refresh_token"],
    callbacks: ["https://portal.example.com"],
    allowedLogoutUrls: ["https://portal.example.com"],
    webOrigins: ["https://portal.example.com"],
  });
});
