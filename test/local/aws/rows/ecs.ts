import type { Properties } from "../../../../local/engine/provider";
import type { Fixture } from "../fixture";
import type { Row, World } from "./row";

const container = { name: "web", image: "moesif/dev-portal:1.2.3", portMappings: [{ containerPort: 4000 }] };
const definitions = (change: object) => JSON.stringify([{ ...container, ...change }]);
const task = {
  family: "row",
  cpu: "1024",
  memory: "4096",
  networkMode: "awsvpc",
  requiresCompatibilities: ["FARGATE"],
  containerDefinitions: definitions({}),
};

export async function createTasks(fixture: Fixture) {
  return {
    cluster: await fixture.create("ecs/cluster", { name: "world" }),
    role: await fixture.role("ecs-tasks.amazonaws.com", "tasks"),
    taskDefinition: await fixture.create("ecs/taskDefinition", { ...task, family: "world" }),
  };
}

export type Tasks = Awaited<ReturnType<typeof createTasks>>;

const refusedContainer = (change: object, place: string, message: RegExp) => ({
  given: ({ tasks }: World) => ({
    executionRoleArn: tasks.role.outputs.arn,
    containerDefinitions: definitions(change),
  }),
  property: `containerDefinitions[0].${place}`,
  message,
});

const balanced = ({ network }: World, change: object): Properties => ({
  loadBalancers: [
    { containerName: "web", containerPort: 4000, targetGroupArn: network.targetGroup.id, ...change },
  ],
});

export const ecs: Row[] = [
  {
    type: "ecs/cluster",
    inputs: () => ({ name: "row" }),
    change: { settings: [{ name: "containerInsights", value: "enabled" }] },
    replaced: ["name"],
    refused: [{ given: { name: "a row" }, property: "name", message: /up to 255/ }],
  },
  {
    type: "ecs/taskDefinition",
    inputs: () => task,
    change: { tags: { team: "api" } },
    replaced: [
      "containerDefinitions",
      "cpu",
      "executionRoleArn",
      "family",
      "memory",
      "networkMode",
      "requiresCompatibilities",
      "runtimePlatform",
      "taskRoleArn",
    ],
    generatedId: true,
    refused: [
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
      { given: { cpu: "1000" }, property: "cpu", message: /one of 256/ },
      { given: { memory: "9216" }, property: "memory", message: /none that Fargate has with 1024/ },
      { given: { networkMode: "bridge" }, property: "networkMode", message: /one of awsvpc/ },
      {
        given: { containerDefinitions: "[]" },
        property: "containerDefinitions",
        message: /a list of containers/,
      },
      { given: { containerDefinitions: "{" }, property: "containerDefinitions", message: /as JSON/ },
      {
        given: { containerDefinitions: JSON.stringify([container, container]) },
        property: "containerDefinitions",
        message: /two containers of one name/,
      },
      {
        given: { containerDefinitions: definitions({ essential: false }) },
        property: "containerDefinitions",
        message: /essential/,
      },
      // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
      refusedContainer(
        { healthCheck: { command: ["CMD", "a"], startPeriod: 301 } },
        "healthCheck.startPeriod",
        /0 to 300/,
      ),
      refusedContainer(
        { healthCheck: { command: ["CMD", "a"], retries: 11 } },
        "healthCheck.retries",
        /1 to 10/,
      ),
      refusedContainer({ healthCheck: { command: ["curl"] } }, "healthCheck.command", /begin with CMD/),
      refusedContainer({ image: undefined }, "image", /required/),
      refusedContainer(
        { environment: [{ name: "PORT", value: 4000 }] },
        "environment[0].value",
        /must be a text/,
      ),
      refusedContainer(
        { portMappings: [{ containerPort: 4000, hostPort: 80 }] },
        "portMappings",
        /host port 4000/,
      ),
      refusedContainer(
        {
          logConfiguration: {
            logDriver: "awslogs",
            options: { "awslogs-group": "a", "awslogs-region": "b" },
          },
        },
        "logConfiguration.options.awslogs-stream-prefix",
        /required/,
      ),
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
      refusedContainer(
        { secrets: [{ name: "KEY", valueFrom: "key" }] },
        "secrets[0].valueFrom",
        /the ARN of a secret/,
      ),
      refusedContainer(
        {
          environment: [{ name: "KEY", value: "1" }],
          secrets: [{ name: "KEY", valueFrom: "arn:aws:secretsmanager:us-east-1:123456789012:secret:a" }],
        },
        "secrets",
        /among the environment too/,
      ),
      {
        given: {
          containerDefinitions: definitions({
            secrets: [{ name: "KEY", valueFrom: "arn:aws:secretsmanager:us-east-1:123456789012:secret:a" }],
          }),
        },
        property: "executionRoleArn",
        message: /required where a container has secrets/,
      },
      {
        given: ({ lambdaRole }) => ({ executionRoleArn: lambdaRole.outputs.arn }),
        message: /Role is not valid/,
      },
    ],
  },
  {
    type: "ecs/service",
    inputs: (world) => ({
      name: "row",
      cluster: world.tasks.cluster.id,
      taskDefinition: world.tasks.taskDefinition.id,
      launchType: "FARGATE",
      networkConfiguration: {
        subnets: [world.network.subnets[0].id],
        securityGroups: [world.network.securityGroup.id],
      },
      ...balanced(world, {}),
    }),
    change: { desiredCount: 2 },
    replaced: ["cluster", "launchType", "name"],
    refused: [
      {
        given: { cluster: "arn:aws:ecs:us-east-1:123456789012:cluster/nowhere" },
        message: /ClusterNotFoundException/,
      },
      { given: { taskDefinition: "nowhere:1" }, message: /TaskDefinition not found/ },
      {
        given: { networkConfiguration: { subnets: ["subnet-nowhere"] } },
        message: /Error retrieving subnet information/,
      },
      {
        given: { loadBalancers: undefined, healthCheckGracePeriodSeconds: 60 },
        property: "healthCheckGracePeriodSeconds",
        message: /without a load balancer/,
      },
      { given: { deploymentMaximumPercent: 100 }, property: "deploymentMaximumPercent", message: /from 101/ },
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html
      {
        given: (world) => balanced(world, { targetGroupArn: world.network.idleGroup.id }),
        message: /does not have an associated load balancer/,
      },
      {
        given: (world) => balanced(world, { containerPort: 3030 }),
        message: /did not have a container port 3030/,
      },
      {
        given: (world) => balanced(world, { containerName: "api" }),
        message: /The container api did not have/,
      },
    ],
  },
];
