// What ECS needs to start a task: its secrets, their keys and its log groups, all by the execution role.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
import type { Properties } from "../../engine/provider";
import type { Account } from "../account";
import { Policy } from "../policy-document";
import { isObject } from "../property";
import { AwsError, textOf } from "../resource-type";
import { logGroupType } from "./cloudwatch-logs";
import { objects, parse } from "./ecs-containers";
import { rolePolicyType, roleType } from "./iam";
import { secretType, secretVersionType } from "./secrets-manager";

/** @throws AwsError with what the task's first event would say; AWS itself takes the service and never gets it to run */
export function checkStart(task: Properties, account: Account): void {
  for (const container of parse(textOf(task.containerDefinitions)) ?? []) {
    for (const { name, valueFrom } of objects(container.secrets)) {
      checkSecret(textOf(name), textOf(valueFrom), task.executionRoleArn, account);
    }
    const { logConfiguration } = container;
    if (isObject(logConfiguration) && isObject(logConfiguration.options)) {
      checkLog(textOf(logConfiguration.options["awslogs-group"]), task.executionRoleArn, account);
    }
  }
}

function checkSecret(name: string, valueFrom: string, role: unknown, account: Account): void {
  const [arn, key, version] = partsOf(valueFrom);
  const secret = account.get(secretType, arn);
  if (!secret) throw notStarted(`unable to pull secrets: ${name}: Secrets Manager can't find ${arn}`);
  if (!mayDo(role, "secretsmanager:GetSecretValue", arn, account)) {
    throw notStarted(
      `unable to pull secrets: ${name}: the execution role may not secretsmanager:GetSecretValue`,
    );
  }
  const { kmsKeyId } = secret.inputs;
  if (kmsKeyId !== undefined && !mayDo(role, "kms:Decrypt", textOf(kmsKeyId), account)) {
    throw notStarted(`unable to pull secrets: ${name}: the execution role may not kms:Decrypt`);
  }
  const found = account
    .list(secretVersionType)
    .find(({ outputs }) => outputs.arn === arn && (version === "" || outputs.versionId === version));
  if (!found) throw notStarted(`unable to pull secrets: ${name}: the secret has no version ${version}`);
  const values: unknown = key === "" ? {} : JSON.parse(textOf(found.inputs.secretString));
  if (key !== "" && !(isObject(values) && key in values)) {
    throw notStarted(`unable to pull secrets: retrieved secret did not contain json key ${key}`);
  }
}

function checkLog(group: string, role: unknown, account: Account): void {
  if (!account.get(logGroupType, group)) {
    throw notStarted(`failed to validate logger args: the log group ${group} does not exist`);
  }
  const stream = `${account.arn("logs", `log-group:${group}`)}:log-stream:prefix/container/task`;
  for (const action of ["logs:CreateLogStream", "logs:PutLogEvents"]) {
    if (!mayDo(role, action, stream, account)) {
      throw notStarted(`failed to validate logger args: the execution role may not ${action} on ${group}`);
    }
  }
}

/** Whether one of the role's own policies allows it, and none denies it. */
function mayDo(roleArn: unknown, action: string, resource: string, account: Account): boolean {
  const role = account.findByArn(roleType, textOf(roleArn));
  const decisions = account
    .list(rolePolicyType)
    .filter(({ inputs }) => inputs.role === role?.id)
    .map(({ inputs }) => Policy.parse(JSON.parse(textOf(inputs.policy)))?.decide(action, resource, {}));
  return decisions.includes("allow") && !decisions.includes("explicit deny");
}

/** `ARN:KEY:STAGE:VERSION`, of which all but the ARN may be missing. */
function partsOf(valueFrom: string): [arn: string, key: string, version: string] {
  const parts = valueFrom.split(":");
  const [key = "", , version = ""] = parts.slice(7);
  return [parts.slice(0, 7).join(":"), key, version];
}

const notStarted = (reason: string) => new AwsError("ResourceInitializationError", reason);
