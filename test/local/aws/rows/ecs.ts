import type { Properties } from "../../../../local/engine/provider";
import type { Fixture } from "../fixture";
import { type Row, required, type World } from "./row";

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

const healthChecks: [name: string, value: number, message: RegExp][] = [
  ["interval", 4, /from 5 to 300/],
  ["interval", 301, /from 5 to 300/],
  ["retries", 0, /from 1 to 10/],
  ["startPeriod", -1, /from 0 to 300/],
  ["timeout", 1, /from 2 to 60/],
  ["timeout", 61, /from 2 to 60/],
];

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
    refused: {
      "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html": [
        ["name", "a row", /up to 255/],
      ],
      "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ClusterSetting.html": [
        ...required("settings[0].name", "settings[0].value"),
        ["settings[0].value", "other", /enabled, disabled, enhanced, not/],
      ],
      "local: of the values that AWS takes, those that the local cloud serves": [
        ["settings[0].name", "other", /containerInsights, not/],
      ],
    },
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
    refused: {
      "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html": [
        refusedContainer({ secrets: [{}] }, "secrets[0].name", /^is required$/),
        refusedContainer({ secrets: [{}] }, "secrets[0].valueFrom", /^is required$/),
      ],
      "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html": [
        ["cpu", "1000", /one of 256/],
        ["memory", "9216", /none that Fargate has with 1024/],
      ],
      "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html": [
        ["networkMode", "bridge", /one of awsvpc/],
        ["containerDefinitions", "[]", /a list of containers/],
        { given: { containerDefinitions: "{" }, property: "containerDefinitions", message: /as JSON/ },
        ...required(
          "containerDefinitions",
          "cpu",
          "family",
          "memory",
          "networkMode",
          "requiresCompatibilities",
        ),
        ["executionRoleArn", "arn:aws:sns:eu-central-1:123456789012:row", /ARN of a resource of iam/],
        ["family", "a row", /up to 255/],
        ["memory", "4 GB", /not valid/],
        ["taskRoleArn", "arn:aws:sns:eu-central-1:123456789012:row", /ARN of a resource of iam/],
      ],
      "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html": [
        refusedContainer({ cpu: -1 }, "cpu", /from 0 to/),
        refusedContainer({ memory: 3 }, "memory", /from 4 to/),
        refusedContainer({ name: undefined }, "name", /^is required$/),
        refusedContainer({ name: "a row" }, "name", /not valid/),

        ["containerDefinitions", JSON.stringify([container, container]), /two containers of one name/],
        ["containerDefinitions", definitions({ essential: false }), /essential/],
        refusedContainer({ image: undefined }, "image", /required/),
      ],
      "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html": [
        refusedContainer({ healthCheck: {} }, "healthCheck.command", /^is required$/),
        ...healthChecks.map(([name, value, message]) =>
          refusedContainer(
            { healthCheck: { command: ["CMD", "a"], [name]: value } },
            `healthCheck.${name}`,
            message,
          ),
        ),

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
      ],
      "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KeyValuePair.html": [
        refusedContainer({ environment: [{}] }, "environment[0].name", /^is required$/),
        refusedContainer({ environment: [{}] }, "environment[0].value", /^is required$/),

        refusedContainer(
          { environment: [{ name: "PORT", value: 4000 }] },
          "environment[0].value",
          /must be a text/,
        ),
      ],
      "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html": [
        refusedContainer({ portMappings: [{}] }, "portMappings[0].containerPort", /^is required$/),
        refusedContainer(
          { portMappings: [{ containerPort: 0 }] },
          "portMappings[0].containerPort",
          /from 1 to 65535/,
        ),
        refusedContainer(
          { portMappings: [{ containerPort: 65_536 }] },
          "portMappings[0].containerPort",
          /from 1 to 65535/,
        ),
        refusedContainer({ portMappings: [{ hostPort: 0 }] }, "portMappings[0].hostPort", /from 1 to 65535/),
        refusedContainer(
          { portMappings: [{ hostPort: 65_536 }] },
          "portMappings[0].hostPort",
          /from 1 to 65535/,
        ),
        refusedContainer(
          { portMappings: [{ protocol: "other" }] },
          "portMappings[0].protocol",
          /tcp, udp, not/,
        ),

        refusedContainer(
          { portMappings: [{ containerPort: 4000, hostPort: 80 }] },
          "portMappings",
          /host port 4000/,
        ),
      ],
      "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html": [
        refusedContainer({ logConfiguration: {} }, "logConfiguration.logDriver", /^is required$/),
        ...["awslogs-group", "awslogs-region"].map((option) =>
          refusedContainer(
            { logConfiguration: { logDriver: "awslogs", options: {} } },
            `logConfiguration.options.${option}`,
            /^is required$/,
          ),
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
      ],
      "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html": [
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
      ],
      "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html": [
        {
          given: ({ lambdaRole }) => ({ executionRoleArn: lambdaRole.outputs.arn }),
          message: /Role is not valid/,
        },
      ],
      "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html": [
        ["runtimePlatform.cpuArchitecture", "other", /X86_64, ARM64, not/],
      ],
      "local: of the values that AWS takes, those that the local cloud serves": [
        refusedContainer(
          { logConfiguration: { logDriver: "other" } },
          "logConfiguration.logDriver",
          /awslogs, not/,
        ),

        ["requiresCompatibilities[0]", "other", /FARGATE, not/],
        ["runtimePlatform.operatingSystemFamily", "other", /LINUX, not/],
      ],
    },
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
    refused: {
      "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html": [
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
        ...required("cluster", "launchType", "taskDefinition"),
        ["cluster", "arn:aws:sns:eu-central-1:123456789012:row", /ARN of a resource of ecs/],
        ["healthCheckGracePeriodSeconds", -1, /from 0 to 2147483647/],
        ["healthCheckGracePeriodSeconds", 2147483648, /from 0 to 2147483647/],
        ["name", "a row", /up to 255/],
        ["propagateTags", "other", /SERVICE, TASK_DEFINITION, not/],
      ],
      "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html": [
        ["desiredCount", -1, /from 0 to 5000/],
        ["desiredCount", 5001, /from 0 to 5000/],
      ],
      "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html": [
        {
          given: (world) => balanced(world, { targetGroupArn: `${world.network.targetGroup.id}0` }),
          message: /The specified target group does not exist/,
        },
        {
          given: (world) => balanced(world, { targetGroupArn: world.network.instanceGroup.id }),
          message: /is not of the target type ip/,
        },

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
      "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html": [
        ["deploymentMinimumHealthyPercent", -1, /from 0 to 100/],
        ["deploymentMinimumHealthyPercent", 101, /from 0 to 100/],
      ],
      "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html": [
        ...required(
          "loadBalancers[0].containerName",
          "loadBalancers[0].containerPort",
          "loadBalancers[0].targetGroupArn",
        ),
        [
          "loadBalancers[0].targetGroupArn",
          "arn:aws:sns:eu-central-1:123456789012:row",
          /ARN of a resource of elasticloadbalancing/,
        ],
      ],
      "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html": [
        ...required("networkConfiguration", "networkConfiguration.subnets"),
      ],
      "local: the AWS provider's schema has it so": [
        ["deploymentMaximumPercent", 100, /from 101/],
        ["deploymentMaximumPercent", 1001, /from 101 to 1000/],
        ["loadBalancers[0].containerPort", -1, /from 0 to 65536/],
        ["loadBalancers[0].containerPort", 65537, /from 0 to 65536/],
        ...required("deploymentCircuitBreaker.enable", "deploymentCircuitBreaker.rollback"),
      ],
      "local: of the values that AWS takes, those that the local cloud serves": [
        ["launchType", "other", /FARGATE, not/],
      ],
    },
  },
];
