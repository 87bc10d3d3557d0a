// ECS: clusters, task definitions and services for Fargate. No container runs; what would keep it from starting is told.
import { isRecord } from "../../../diagnostics/record";
import type { Account } from "../account";
import { arn, flag, isObject, list, number, object, type Report, tags, text } from "../property";
import { AwsError, type ResourceType, region, tagsOf, textOf } from "../resource-type";
import { checkContainers } from "./ecs-containers";
import { checkStart } from "./ecs-start";
import { canAssume } from "./iam";
import { leadingTo, targetGroupType, texts } from "./load-balancing";
import { findGroup } from "./security-groups";
import { subnetType } from "./vpc";

const clusterType = "aws:ecs/cluster:Cluster";
export const taskDefinitionType = "aws:ecs/taskDefinition:TaskDefinition";
const serviceType = "aws:ecs/service:Service";

const name = (options: { required?: boolean } = {}) =>
  text({
    ...options,
    replace: true,
    pattern: /^[\w-]{1,255}$/,
    hint: 'up to 255 letters, digits, "_" and "-"',
  });

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html: MiB by CPU units. */
const fargateMemory: Record<string, number[]> = {
  256: [512, 1024, 2048],
  512: steps(1024, 4096, 1024),
  1024: steps(2048, 8192, 1024),
  2048: steps(4096, 16_384, 1024),
  4096: steps(8192, 30_720, 1024),
  8192: steps(16_384, 61_440, 4096),
  16384: steps(32_768, 122_880, 8192),
};

export const ecs: Record<string, ResourceType> = {
  [clusterType]: {
    title: "ECS Cluster",
    properties: {
      name: name(),
      region: region(),
      settings: list(
        object({
          name: text({ required: true, values: ["containerInsights"] }),
          value: text({ required: true, values: ["enabled", "disabled", "enhanced"] }),
        }),
      ),
      tags: tags(),
    },
    autoName: { property: "name", maxLength: 255 },
    computed: ["arn", "tagsAll"],
    apply(inputs, account) {
      const id = account.arn("ecs", `cluster/${inputs.name}`);
      return { id, outputs: { arn: id, ...tagsOf(inputs) } };
    },
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html
    remove({ id }, account) {
      if (account.list(serviceType).some(({ inputs }) => inputs.cluster === id)) {
        throw new AwsError(
          "ClusterContainsServicesException",
          "The Cluster cannot be deleted while Services are active.",
        );
      }
    },
  },

  [taskDefinitionType]: {
    title: "ECS Task Definition",
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
    properties: {
      containerDefinitions: text({ required: true, replace: true }),
      cpu: text({ required: true, replace: true, values: Object.keys(fargateMemory) }),
      executionRoleArn: arn("iam", { replace: true }),
      family: name({ required: true }),
      memory: text({ required: true, replace: true, pattern: /^\d+$/ }),
      networkMode: text({ replace: true, values: ["awsvpc"], required: true }),
      region: region(),
      requiresCompatibilities: list(text({ values: ["FARGATE"] }), { required: true, replace: true }),
      runtimePlatform: object(
        {
          cpuArchitecture: text({ values: ["X86_64", "ARM64"] }),
          operatingSystemFamily: text({ values: ["LINUX"] }),
        },
        { replace: true },
      ),
      tags: tags(),
      taskRoleArn: arn("iam", { replace: true }),
    },
    check({ containerDefinitions, cpu, memory, executionRoleArn }, report) {
      const sizes = fargateMemory[String(cpu)];
      if (sizes && typeof memory === "string" && !sizes.includes(Number(memory))) {
        report("memory", `is none that Fargate has with ${cpu} CPU units: ${memory}`);
      }
      checkContainers(containerDefinitions, executionRoleArn !== undefined, report);
    },
    computed: ["arn", "revision", "tagsAll"],
    apply(inputs, account, current) {
      for (const role of [inputs.executionRoleArn, inputs.taskRoleArn]) {
        if (role !== undefined && !canAssume(role, "ecs-tasks.amazonaws.com", account)) {
          throw new AwsError("ClientException", `Role is not valid: ECS tasks cannot assume ${role}`);
        }
      }
      const revisions = account
        .list(taskDefinitionType)
        .filter(({ inputs: other }) => other.family === inputs.family)
        .map(({ outputs }) => Number(outputs.revision));
      const revision = current?.outputs.revision ?? Math.max(0, ...revisions) + 1;
      // The official provider's id is the family; here each revision is a resource of its own.
      const id = account.arn("ecs", `task-definition/${inputs.family}:${revision}`);
      return { id, outputs: { arn: id, revision, ...tagsOf(inputs) } };
    },
  },

  [serviceType]: {
    title: "ECS Service",
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
    properties: {
      cluster: arn("ecs", { required: true, replace: true }),
      deploymentCircuitBreaker: object({
        enable: flag({ required: true }),
        rollback: flag({ required: true }),
      }),
      deploymentMaximumPercent: number({ min: 101, max: 1000 }),
      deploymentMinimumHealthyPercent: number({ min: 0, max: 100 }),
      desiredCount: number({ min: 0, max: 5000, default: 1 }),
      enableEcsManagedTags: flag({ default: false }),
      enableExecuteCommand: flag({ default: false }),
      healthCheckGracePeriodSeconds: number({ min: 0, max: 2_147_483_647 }),
      launchType: text({ replace: true, values: ["FARGATE"], required: true }),
      loadBalancers: list(
        object({
          containerName: text({ required: true }),
          containerPort: number({ required: true, min: 0, max: 65_536 }),
          targetGroupArn: arn("elasticloadbalancing", { required: true }),
        }),
      ),
      name: name(),
      networkConfiguration: object(
        {
          assignPublicIp: flag(),
          securityGroups: list(text()),
          subnets: list(text(), { required: true }),
        },
        { required: true },
      ),
      propagateTags: text({ values: ["SERVICE", "TASK_DEFINITION"] }),
      region: region(),
      tags: tags(),
      taskDefinition: text({ required: true }),
      waitForSteadyState: flag({ default: false }),
    },
    autoName: { property: "name", maxLength: 255 },
    check({ healthCheckGracePeriodSeconds, loadBalancers }, report: Report) {
      if (healthCheckGracePeriodSeconds !== undefined && loadBalancers === undefined) {
        report("healthCheckGracePeriodSeconds", "has no place in a service without a load balancer");
      }
    },
    computed: ["arn", "tagsAll"],
    apply(inputs, account) {
      const cluster = account.get(clusterType, textOf(inputs.cluster));
      if (!cluster) throw new AwsError("ClusterNotFoundException", "Cluster not found.");
      const task = account.get(taskDefinitionType, textOf(inputs.taskDefinition));
      if (!task) throw new AwsError("ClientException", "TaskDefinition not found.");
      checkNetwork(inputs.networkConfiguration, account);
      checkTargets(inputs.loadBalancers, task.inputs.containerDefinitions, account);
      checkStart(task.inputs, account);
      const id = account.arn("ecs", `service/${cluster.inputs.name}/${inputs.name}`);
      return { id, outputs: { arn: id, ...tagsOf(inputs) } };
    },
  },
};

function steps(from: number, to: number, by: number): number[] {
  return Array.from({ length: (to - from) / by + 1 }, (_, index) => from + index * by);
}

function checkNetwork(configuration: unknown, account: Account): void {
  if (!isObject(configuration)) return;
  for (const id of texts(configuration.subnets)) {
    if (!account.get(subnetType, id)) {
      throw new AwsError("InvalidParameterException", `Error retrieving subnet information for [${id}]`);
    }
  }
  for (const id of texts(configuration.securityGroups)) findGroup(id, account);
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html */
function checkTargets(loadBalancers: unknown, containerDefinitions: unknown, account: Account): void {
  const containers: unknown = JSON.parse(textOf(containerDefinitions));
  const refusal = (message: string) => new AwsError("InvalidParameterException", message);
  for (const one of Array.isArray(loadBalancers) ? loadBalancers : []) {
    if (!isObject(one)) continue;
    const { containerName, containerPort } = one;
    const arn = textOf(one.targetGroupArn);
    const group = account.get(targetGroupType, arn);
    if (!group) throw refusal(`The specified target group does not exist: ${arn}`);
    if (group.inputs.targetType !== "ip")
      throw refusal(`The target group ${arn} is not of the target type ip`);
    if (leadingTo(arn, account).length === 0) {
      throw refusal(`The target group with targetGroupArn ${arn} does not have an associated load balancer.`);
    }
    const container = (Array.isArray(containers) ? containers : []).find(
      (of) => isRecord(of) && of.name === containerName,
    );
    const mappings =
      isRecord(container) && Array.isArray(container.portMappings) ? container.portMappings : [];
    if (!mappings.some((mapping) => isRecord(mapping) && mapping.containerPort === containerPort)) {
      throw refusal(`The container ${containerName} did not have a container port ${containerPort} defined.`);
    }
  }
}
