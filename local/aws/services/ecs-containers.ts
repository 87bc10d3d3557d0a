// What ECS takes as the definitions of a Fargate task's containers.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
import { flag, isObject, list, map, number, object, type Report, text } from "../property";

export const containerDefinition = object({
  command: list(text()),
  cpu: number({ min: 0 }),
  environment: list(object({ name: text({ required: true }), value: text({ required: true }) })),
  essential: flag(),
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
  healthCheck: object({
    command: list(text(), { required: true }),
    interval: number({ min: 5, max: 300 }),
    retries: number({ min: 1, max: 10 }),
    startPeriod: number({ min: 0, max: 300 }),
    timeout: number({ min: 2, max: 60 }),
  }),
  image: text({ required: true }),
  linuxParameters: object({ initProcessEnabled: flag() }),
  logConfiguration: object({
    logDriver: text({ required: true, values: ["awslogs"] }),
    options: map(text()),
  }),
  memory: number({ min: 4 }),
  name: text({ required: true, pattern: /^[\w-]{1,255}$/ }),
  portMappings: list(
    object({
      containerPort: number({ required: true, min: 1, max: 65_535 }),
      hostPort: number({ min: 1, max: 65_535 }),
      protocol: text({ values: ["tcp", "udp"] }),
    }),
  ),
  readonlyRootFilesystem: flag(),
  secrets: list(
    object({
      name: text({ required: true }),
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
      valueFrom: text({
        required: true,
        pattern: /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[^:]+(:[^:]*:[^:]*:[^:]*)?$/,
        hint: "the ARN of a secret, or ARN:KEY:STAGE:VERSION",
      }),
    }),
  ),
  user: text(),
});

/** @param definitions JSON text, or what a preview does not know yet */
export function checkContainers(definitions: unknown, hasExecutionRole: boolean, report: Report): void {
  if (typeof definitions !== "string") return;
  const containers = parse(definitions);
  if (containers === undefined) {
    report("containerDefinitions", "must be a list of containers, as JSON");
    return;
  }
  const names = containers.map(({ name }) => name);
  if (new Set(names).size < names.length) report("containerDefinitions", "has two containers of one name");
  if (!containers.some(({ essential }) => essential !== false)) {
    report("containerDefinitions", "must have a container that is essential");
  }
  for (const [index, container] of containers.entries()) {
    const path = `containerDefinitions[${index}]`;
    containerDefinition.check(container, path, report);
    checkOne(container, path, hasExecutionRole, report);
  }
}

function checkOne(container: Record<string, unknown>, path: string, hasRole: boolean, report: Report): void {
  const { environment, secrets, portMappings, logConfiguration, healthCheck } = container;
  const plain = objects(environment).map(({ name }) => name);
  for (const { name } of objects(secrets)) {
    if (plain.includes(name)) report(`${path}.secrets`, `has "${name}", which is among the environment too`);
  }
  for (const { containerPort, hostPort } of objects(portMappings)) {
    if (hostPort !== undefined && hostPort !== containerPort) {
      report(
        `${path}.portMappings`,
        `must have the host port ${containerPort}, as awsvpc has it, not ${hostPort}`,
      );
    }
  }
  if ((objects(secrets).length > 0 || logConfiguration !== undefined) && !hasRole) {
    report("executionRoleArn", "is required where a container has secrets or awslogs");
  }
  if (isObject(logConfiguration)) {
    const options = isObject(logConfiguration.options) ? logConfiguration.options : {};
    for (const option of ["awslogs-group", "awslogs-region", "awslogs-stream-prefix"]) {
      if (options[option] === undefined) report(`${path}.logConfiguration.options.${option}`, "is required");
    }
  }
  if (isObject(healthCheck) && Array.isArray(healthCheck.command)) {
    const [kind, ...command] = healthCheck.command;
    if (!["CMD", "CMD-SHELL"].includes(String(kind)) || command.length === 0) {
      report(`${path}.healthCheck.command`, "must begin with CMD or CMD-SHELL, and go on");
    }
  }
}

/** The containers of the JSON text; undefined where it is no list of maps. */
export function parse(definitions: string): Record<string, unknown>[] | undefined {
  try {
    const parsed: unknown = JSON.parse(definitions);
    return Array.isArray(parsed) && parsed.length > 0 && parsed.every(isObject) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

export function objects(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
