// What networks, load balancers and services demand of each other, beyond what a row of the provider's table can say.
import { Fixture, typeOf } from "./fixture";
import { createTasks } from "./rows/ecs";
import { createNetwork, type Network } from "./rows/network";

let fixture: Fixture;
let network: Network;

beforeEach(async () => {
  fixture = await Fixture.start({ region: "us-east-1" });
  network = await createNetwork(fixture);
});
afterEach(() => fixture.close());

const remove = (short: string, { id }: { id: string }) => fixture.aws.provider.delete(typeOf(short), id, {});

describe("a deletion", () => {
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html
  it("of a network waits for what is in it", async () => {
    await expect(remove("ec2/vpc", network.vpc)).rejects.toThrow(
      `DependencyViolation: The vpc '${network.vpc.id}' has dependencies and cannot be deleted.`,
    );
    await expect(remove("ec2/subnet", network.subnets[0])).rejects.toThrow(/DependencyViolation/);
  });

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html
  it("of an address waits for the gateway that uses it", async () => {
    const id = String(network.natGateway.inputs.allocationId);
    await expect(remove("ec2/eip", { id })).rejects.toThrow(
      `InvalidIPAddress.InUse: Address ${id} is in use.`,
    );
    await remove("ec2/natGateway", network.natGateway);
    await expect(remove("ec2/eip", { id })).resolves.toBeUndefined();
  });

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html
  it("of a security group waits for the rules and the load balancer that name it", async () => {
    await expect(remove("ec2/securityGroup", network.securityGroup)).rejects.toThrow(/DependencyViolation/);
    const rule = await fixture.create("vpc/securityGroupIngressRule", {
      securityGroupId: network.securityGroup.id,
      referencedSecurityGroupId: (
        await fixture.create("ec2/securityGroup", { vpcId: network.vpc.id, name: "named" })
      ).id,
      ipProtocol: "tcp",
      fromPort: 80,
      toPort: 80,
    });
    const named = { id: String(rule.inputs.referencedSecurityGroupId) };
    await expect(remove("ec2/securityGroup", named)).rejects.toThrow(/DependencyViolation/);
    await remove("vpc/securityGroupIngressRule", rule);
    await expect(remove("ec2/securityGroup", named)).resolves.toBeUndefined();
  });

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteRouteTable.html
  it("of a route table waits for its subnets", async () => {
    const { routeTable, subnets } = network;
    const inputs = { routeTableId: routeTable.id, subnetId: subnets[0].id };
    const association = await fixture.create("ec2/routeTableAssociation", inputs);
    await expect(remove("ec2/routeTable", routeTable)).rejects.toThrow(/DependencyViolation/);
    await remove("ec2/routeTableAssociation", association);
    await expect(remove("ec2/routeTable", routeTable)).resolves.toBeUndefined();
  });

  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html
  it("of a target group waits for its listener, which goes with the load balancer", async () => {
    await expect(remove("lb/targetGroup", network.targetGroup)).rejects.toThrow(
      `ResourceInUse: Target group '${network.targetGroup.id}' is currently in use by a listener or a rule`,
    );
    await remove("lb/loadBalancer", network.loadBalancer);
    await expect(remove("lb/targetGroup", network.targetGroup)).resolves.toBeUndefined();
  });

  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html
  it("of a load balancer is refused while it is protected", async () => {
    await fixture.update("lb/loadBalancer", network.loadBalancer, { enableDeletionProtection: true });
    await expect(remove("lb/loadBalancer", network.loadBalancer)).rejects.toThrow(
      `Load balancer '${network.loadBalancer.id}' cannot be deleted because deletion protection is enabled`,
    );
  });
});

// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html
it("routes lead to gateways of their own network", async () => {
  const other = await fixture.create("ec2/internetGateway", { vpcId: network.otherVpc.id });
  const inputs = { routeTableId: network.routeTable.id, destinationCidrBlock: "0.0.0.0/0" };
  await expect(fixture.create("ec2/route", { ...inputs, gatewayId: other.id })).rejects.toThrow(
    `route table ${inputs.routeTableId} and network gateway ${other.id} belong to different networks`,
  );
  await fixture.create("ec2/route", { ...inputs, natGatewayId: network.natGateway.id });
});

// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetRulePriorities.html
it("rules of a listener have priorities of their own", async () => {
  const rule = (priority: number) =>
    fixture.create("lb/listenerRule", {
      listenerArn: network.listener.id,
      priority,
      conditions: [{ pathPattern: { values: ["/a"] } }],
      actions: [{ type: "forward", targetGroupArn: network.targetGroup.id }],
    });
  await rule(1);
  await expect(fixture.update("lb/listenerRule", await rule(2), { priority: 1 })).rejects.toThrow(
    "PriorityInUse: Priority '1' is currently in use",
  );
});

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
describe("a task that could not start is refused: ", () => {
  const logGroup = "tasks";
  let secretArn: string;
  let versionId: string;
  let tasks: Awaited<ReturnType<typeof createTasks>>;

  beforeEach(async () => {
    tasks = await createTasks(fixture);
    const kmsKeyId = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555";
    const secret = await fixture.create("secretsmanager/secret", { name: "portal", kmsKeyId });
    const secretString = JSON.stringify({ STRIPE_API_KEY: "sk_test_1" });
    const version = await fixture.create("secretsmanager/secretVersion", {
      secretId: secret.id,
      secretString,
    });
    [secretArn, versionId] = [secret.id, String(version.outputs.versionId)];
    await fixture.create("cloudwatch/logGroup", { name: logGroup });
  });

  const rights = () => ({
    secret: { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secretArn },
    key: { Effect: "Allow", Action: "kms:Decrypt", Resource: "arn:aws:kms:us-east-1:123456789012:key/*" },
    log: {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `arn:aws:logs:us-east-1:123456789012:log-group:${logGroup}:*`,
    },
  });

  /** A service whose task has the reference and whose role has all rights but one. */
  async function start(change: { without?: "secret" | "key" | "log"; valueFrom?: string; group?: string }) {
    const { [change.without ?? ""]: _, ...given } = rights() as Record<string, object>;
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: Object.values(given) });
    await fixture.create("iam/rolePolicy", { role: tasks.role.id, name: "execution", policy });
    const valueFrom = change.valueFrom ?? `${secretArn}:STRIPE_API_KEY::${versionId}`;
    const options = {
      "awslogs-group": change.group ?? logGroup,
      "awslogs-region": "us-east-1",
      "awslogs-stream-prefix": "api",
    };
    const containers = [
      {
        name: "api",
        image: "moesif/dev-portal-api:1.2.3",
        secrets: [{ name: "STRIPE_API_KEY", valueFrom }],
        logConfiguration: { logDriver: "awslogs", options },
      },
    ];
    const task = await fixture.create("ecs/taskDefinition", {
      ...tasks.taskDefinition.inputs,
      __defaults: undefined,
      family: "portal",
      executionRoleArn: tasks.role.outputs.arn,
      containerDefinitions: JSON.stringify(containers),
    });
    return fixture.create("ecs/service", {
      name: "portal",
      cluster: tasks.cluster.id,
      taskDefinition: task.id,
      launchType: "FARGATE",
      networkConfiguration: { subnets: [network.subnets[0].id] },
    });
  }

  it("none where the role may do what it needs", async () => {
    await expect(start({})).resolves.toMatchObject({ id: expect.stringContaining("service/world/portal") });
  });

  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
  it.each([
    [
      "without the right to its secret",
      { without: "secret" },
      "unable to pull secrets: STRIPE_API_KEY: the execution role may not secretsmanager:GetSecretValue",
    ],
    [
      "without the right to the secret's key",
      { without: "key" },
      "unable to pull secrets: STRIPE_API_KEY: the execution role may not kms:Decrypt",
    ],
    [
      "without the right to its log",
      { without: "log" },
      "failed to validate logger args: the execution role may not logs:CreateLogStream on tasks",
    ],
    [
      "without a log group",
      { group: "nowhere" },
      "failed to validate logger args: the log group nowhere does not exist",
    ],
  ] as const)("%s", async (_title, change, message) => {
    await expect(start(change)).rejects.toThrow(message);
  });

  it("with a key, a version or a secret that there is not", async () => {
    await expect(start({ valueFrom: `${secretArn}:OTHER::` })).rejects.toThrow(
      "unable to pull secrets: retrieved secret did not contain json key OTHER",
    );
    await remove("iam/rolePolicy", { id: `${tasks.role.id}:execution` });
    await expect(start({ valueFrom: `${secretArn}:STRIPE_API_KEY::gone` })).rejects.toThrow(
      "unable to pull secrets: STRIPE_API_KEY: the secret has no version gone",
    );
    await remove("iam/rolePolicy", { id: `${tasks.role.id}:execution` });
    const other = "arn:aws:secretsmanager:us-east-1:123456789012:secret:other-AbCdEf";
    await expect(start({ valueFrom: other })).rejects.toThrow(
      `unable to pull secrets: STRIPE_API_KEY: Secrets Manager can't find ${other}`,
    );
  });

  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html
  it("of a cluster that goes only after its services", async () => {
    await start({});
    await expect(remove("ecs/cluster", tasks.cluster)).rejects.toThrow(
      "ClusterContainsServicesException: The Cluster cannot be deleted while Services are active.",
    );
  });
});
