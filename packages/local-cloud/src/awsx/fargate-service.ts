// awsx.ecs.FargateService with the task definition that it makes, as far as the program asks for it.
import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuseOthers } from "./arguments";

export class FargateService extends pulumi.ComponentResource {
  readonly state: pulumi.Inputs;

  constructor(name: string, args: pulumi.Inputs, opts: pulumi.ComponentResourceOptions) {
    super("awsx:ecs:FargateService", name, {}, opts);
    const { taskDefinitionArgs, cluster, networkConfiguration, ...ofService } = args;
    refuseOthers("FargateService", ofService, [
      "deploymentCircuitBreaker",
      "deploymentMaximumPercent",
      "deploymentMinimumHealthyPercent",
      "desiredCount",
      "enableEcsManagedTags",
      "enableExecuteCommand",
      "healthCheckGracePeriodSeconds",
      "loadBalancers",
      "propagateTags",
      "tags",
    ]);
    const { taskDefinition } = new FargateTaskDefinition(name, taskDefinitionArgs, { parent: this });
    const service = new aws.ecs.Service(
      name,
      {
        ...ofService,
        cluster,
        networkConfiguration,
        launchType: "FARGATE",
        taskDefinition: taskDefinition.arn,
        waitForSteadyState: true,
      },
      { parent: this },
    );
    this.state = { service, taskDefinition };
    this.registerOutputs(this.state);
  }
}

class FargateTaskDefinition extends pulumi.ComponentResource {
  readonly taskDefinition: aws.ecs.TaskDefinition;

  constructor(name: string, args: pulumi.Inputs, opts: pulumi.ComponentResourceOptions) {
    super("awsx:ecs:FargateTaskDefinition", name, {}, opts);
    const { containers, executionRole, taskRole, logGroup, ...ofTask } = args;
    refuseOthers("FargateService", ofTask, ["cpu", "memory", "runtimePlatform", "tags"]);
    if (!executionRole?.roleArn || !taskRole?.skip || !logGroup?.skip) {
      throw new Error("the local awsx makes neither roles nor log groups");
    }
    const containerDefinitions = pulumi
      .output(containers)
      .apply((all: Record<string, Container>) =>
        JSON.stringify(
          Object.entries(all).map(([container, definition]) => definitionOf(container, definition)),
        ),
      );
    this.taskDefinition = new aws.ecs.TaskDefinition(
      name,
      {
        ...ofTask,
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        executionRoleArn: executionRole.roleArn,
        family: containerDefinitions.apply(
          (definitions) => `${name}-${hash(pulumi.getStack() + definitions)}`,
        ),
        containerDefinitions,
      },
      { parent: this },
    );
    this.registerOutputs({ taskDefinition: this.taskDefinition });
  }
}

interface Container {
  portMappings?: { containerPort: number; protocol?: string }[];
  [property: string]: unknown;
}

function definitionOf(name: string, { portMappings, ...definition }: Container) {
  return {
    ...definition,
    name,
    ...(portMappings && {
      portMappings: portMappings.map((mapping) => ({ ...mapping, hostPort: mapping.containerPort })),
    }),
  };
}

const hash = (text: string) => createHash("sha1").update(text).digest("hex").slice(0, 8);
