// Lambda: functions and who may call them.
import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import type { Account } from "../account";
import { matchesPattern } from "../arn";
import { functionsDirectory, hashFiles, readArchive, storeFiles } from "../code-archive";
import {
  archiveRule,
  arnRule,
  isObject,
  listRule,
  mapRule,
  numberRule,
  objectRule,
  stringRule,
  tagsRule,
} from "../property";
import { AwsError, type ResourceType, randomId, regionRule, tagsOf, textOf } from "../resource-type";
import { canAssume } from "./iam";

export const functionType = "aws:lambda/function:Function";
const permissionType = "aws:lambda/permission:Permission";
const aliasType = "aws:lambda/alias:Alias";

/** Runtimes that run here, of those in which AWS creates functions (nodejs20.x is closed since 2026-08-31). */
const runtimes = ["nodejs22.x", "nodejs24.x"];

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: all environment variables together. */
const maxEnvironmentBytes = 4096;

export const lambdaTypes: Record<string, ResourceType> = {
  [functionType]: {
    title: "Lambda Function",
    properties: {
      architectures: listRule(stringRule({ values: ["arm64", "x86_64"] }), { default: ["x86_64"] }),
      code: archiveRule({ required: true }),
      description: stringRule({ maxLength: 256 }),
      environment: objectRule({
        variables: mapRule(stringRule()),
      }),
      handler: stringRule({ required: true, pattern: /^[^\s]{1,128}$/ }),
      loggingConfig: objectRule({
        applicationLogLevel: stringRule({ values: ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"] }),
        logFormat: stringRule({ required: true, values: ["JSON", "Text"] }),
        logGroup: stringRule(),
        systemLogLevel: stringRule({ values: ["DEBUG", "INFO", "WARN"] }),
      }),
      memorySize: numberRule({ min: 128, max: 10_240, default: 128 }),
      name: stringRule({
        replace: true,
        pattern: /^[a-zA-Z0-9-_]{1,64}$/,
        hint: "up to 64 letters, digits, '-' and '_'",
      }),
      packageType: stringRule({ replace: true, values: ["Zip"], default: "Zip" }),
      region: regionRule(),
      reservedConcurrentExecutions: numberRule({ min: -1, default: -1 }),
      role: arnRule("iam", { required: true }),
      runtime: stringRule({ required: true, values: runtimes }),
      tags: tagsRule(),
      timeout: numberRule({ min: 1, max: 900, default: 3 }),
      tracingConfig: objectRule({ mode: stringRule({ required: true, values: ["Active", "PassThrough"] }) }),
    },
    autoName: { property: "name", maxLength: 64 },
    check({ environment, loggingConfig }, report) {
      const variables = isObject(environment) && isObject(environment.variables) ? environment.variables : {};
      for (const name of Object.keys(variables)) {
        const path = `environment.variables.${name}`;
        if (!/^[a-zA-Z]\w+$/.test(name)) report(path, "is not a valid name of a variable");
        if (reservedVariables.has(name)) report(path, "is reserved by Lambda");
      }
      const bytes = Buffer.byteLength(JSON.stringify(variables));
      if (bytes > maxEnvironmentBytes) {
        report(
          "environment.variables",
          `have ${bytes} bytes; Lambda takes at most ${maxEnvironmentBytes}. Put large values into the code archive.`,
        );
      }
      if (!isObject(loggingConfig) || loggingConfig.logFormat !== "Text") return;
      for (const level of ["applicationLogLevel", "systemLogLevel"]) {
        if (loggingConfig[level] !== undefined)
          report(`loggingConfig.${level}`, 'needs the logFormat "JSON"');
      }
    },
    computed: [
      "arn",
      "codeSha256",
      "invokeArn",
      "lastModified",
      "qualifiedArn",
      "qualifiedInvokeArn",
      "responseStreamingInvokeArn",
      "sourceCodeHash",
      "sourceCodeSize",
      "version",
      "tagsAll",
    ],
    recomputed: ["codeSha256", "lastModified", "sourceCodeHash", "sourceCodeSize"],
    async apply(inputs, account) {
      if (!canAssume(inputs.role, "lambda.amazonaws.com", account)) {
        throw new AwsError(
          "InvalidParameterValueException",
          "The role defined for the function cannot be assumed by Lambda.",
        );
      }
      const files = await readArchive(inputs.code);
      const codeHash = hashFiles(files);
      const codeDirectory = await storeFiles(files, functionsDirectory(account));
      const id = textOf(inputs.name);
      const functionArn = account.arn("lambda", `function:${id}`);
      const invocation = (target: string) => invocationArn(target, account);
      return {
        id,
        outputs: {
          arn: functionArn,
          codeSha256: codeHash,
          invokeArn: invocation(functionArn),
          lastModified: new Date().toISOString().replace("Z", "+0000"),
          qualifiedArn: `${functionArn}:$LATEST`,
          qualifiedInvokeArn: invocation(`${functionArn}:$LATEST`),
          responseStreamingInvokeArn: `arn:aws:apigateway:${account.region}:lambda:path/2021-11-15/functions/${functionArn}/response-streaming-invocations`,
          sourceCodeHash: codeHash,
          sourceCodeSize: [...files.values()].reduce((sum, { length }) => sum + length, 0),
          version: "$LATEST",
          ...tagsOf(inputs),
        },
        // The revision separates warm environments of the old code or configuration from those of the new.
        // Only the name: the state may be moved.
        state: { codeHash, codeDirectory: basename(codeDirectory), revision: randomUUID() },
      };
    },
  },

  [aliasType]: {
    title: "Lambda Alias",
    properties: {
      description: stringRule({ maxLength: 256 }),
      functionName: stringRule({ required: true, replace: true }),
      functionVersion: stringRule({
        required: true,
        // The local cloud publishes no versions.
        values: ["$LATEST"],
      }),
      name: stringRule({
        required: true,
        replace: true,
        pattern: /^(?!\d+$)[a-zA-Z0-9-_]{1,128}$/,
        hint: "up to 128 letters, digits, '-' and '_', and not digits only",
      }),
      region: regionRule(),
    },
    computed: ["arn", "invokeArn"],
    idOfImport: (given) => given.replace("/", ":"),
    apply(inputs, account) {
      const found = findFunction(textOf(inputs.functionName), account);
      if (!found) {
        throw new AwsError("ResourceNotFoundException", `Function not found: ${inputs.functionName}`);
      }
      const arn = `${found.outputs.arn}:${inputs.name}`;
      return { id: `${found.id}:${inputs.name}`, outputs: { arn, invokeArn: invocationArn(arn, account) } };
    },
  },

  [permissionType]: {
    title: "Lambda Permission",
    properties: {
      action: stringRule({ required: true, replace: true, pattern: /^lambda:(\*|[a-zA-Z]+)$/ }),
      function: stringRule({ required: true, replace: true }),
      principal: stringRule({ required: true, replace: true, pattern: /^(\*|\d{12}|[a-z0-9.-]+|arn:.+)$/ }),
      qualifier: stringRule({ replace: true }),
      region: regionRule(),
      sourceAccount: stringRule({ replace: true, pattern: /^\d{12}$/ }),
      sourceArn: stringRule({
        replace: true,
        pattern: /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9*-]*:[\d*]*:.+$/,
        hint: "it must be an ARN, in which '*' may stand for parts",
      }),
      statementId: stringRule({ replace: true, pattern: /^[a-zA-Z0-9-_]{1,100}$/ }),
    },
    computed: ["statementId"],
    idOfImport: (given) => given.replace(/^.*\//, ""),
    apply(inputs, account) {
      if (!findFunction(textOf(inputs.function), account)) {
        throw new AwsError("ResourceNotFoundException", `Function not found: ${inputs.function}`);
      }
      const statementId = inputs.statementId ?? `terraform-${randomId(26)}`;
      return { id: textOf(statementId), outputs: { statementId } };
    },
  },
};

/** Set by Lambda itself (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html). */
const reservedVariables = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_DEFAULT_REGION",
  "AWS_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_LAMBDA_RUNTIME_API",
  "LAMBDA_TASK_ROOT",
  "LAMBDA_RUNTIME_DIR",
]);

/** What API Gateway's integrations and authorizers name. @param target ARN of a function or an alias */
function invocationArn(target: string, { region: name }: Account): string {
  return `arn:aws:apigateway:${name}:lambda:path/2015-03-31/functions/${target}/invocations`;
}

/** The function that an ARN stands for, which may be that of an alias of it. */
export function findTarget(targetArn: string, account: Account) {
  const alias = account.findByArn(aliasType, targetArn);
  return alias
    ? findFunction(textOf(alias.inputs.functionName), account)
    : account.findByArn(functionType, targetArn);
}

/** @param name a function's name or ARN */
function findFunction(name: string, account: Account) {
  return account.get(functionType, name) ?? account.findByArn(functionType, name);
}

/**
 * Whether the function's resource policy lets the service call it for the source. A function and each of its aliases have
 * policies of their own: https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 * @param targetArn of a function or an alias
 */
export function mayInvoke(account: Account, targetArn: string, service: string, sourceArn: string): boolean {
  return account.list(permissionType).some(({ inputs }) => {
    const target = findFunction(textOf(inputs.function), account);
    const qualifier = inputs.qualifier === undefined ? "" : `:${inputs.qualifier}`;
    return (
      target !== undefined &&
      `${target.outputs.arn}${qualifier}` === targetArn &&
      matchesPattern(textOf(inputs.action), "lambda:InvokeFunction") &&
      (inputs.principal === service || inputs.principal === "*") &&
      (inputs.sourceAccount === undefined || inputs.sourceAccount === account.id) &&
      (inputs.sourceArn === undefined || matchesPattern(textOf(inputs.sourceArn), sourceArn))
    );
  });
}
