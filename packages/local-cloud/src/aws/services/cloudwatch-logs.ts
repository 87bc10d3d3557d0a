// CloudWatch Logs: groups and streams.
import { arnRule, booleanRule, numberRule, stringRule, tagsRule } from "../property";
import { AwsError, type ResourceType, regionRule, tagsOf, textOf } from "../resource-type";

export const logGroupType = "aws:cloudwatch/logGroup:LogGroup";

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html; 0 keeps for ever. */
const retentionDays = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const cloudWatchLogsTypes: Record<string, ResourceType> = {
  [logGroupType]: {
    title: "CloudWatch Logs Log Group",
    properties: {
      deletionProtectionEnabled: booleanRule(),
      kmsKeyId: arnRule("kms"),
      logGroupClass: stringRule({
        replace: true,
        default: "STANDARD",
        values: ["STANDARD", "INFREQUENT_ACCESS"],
      }),
      name: stringRule({
        replace: true,
        pattern: /^[-._/#A-Za-z0-9]{1,512}$/,
        hint: "up to 512 letters, digits and -._/#",
      }),
      region: regionRule(),
      retentionInDays: numberRule({ values: retentionDays, default: 0 }),
      tags: tagsRule(),
    },
    autoName: { property: "name", maxLength: 512 },
    conflictCode: "ResourceAlreadyExistsException",
    computed: ["arn", "region", "tagsAll"],
    apply(inputs, account) {
      const id = textOf(inputs.name);
      const { region } = account;
      return { id, outputs: { arn: account.arn("logs", `log-group:${id}`), region, ...tagsOf(inputs) } };
    },
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/protecting-log-groups-from-deletion.html
    remove({ inputs }) {
      if (inputs.deletionProtectionEnabled) {
        throw new AwsError(
          "ValidationException",
          "Cannot delete log group with deletion protection enabled. Disable deletion protection first.",
        );
      }
    },
  },

  "aws:cloudwatch/logStream:LogStream": {
    title: "CloudWatch Logs Log Stream",
    properties: {
      logGroupName: stringRule({ required: true, replace: true }),
      name: stringRule({
        replace: true,
        pattern: /^[^:*]{1,512}$/,
        hint: "up to 512 characters, no ':' or '*'",
      }),
      region: regionRule(),
    },
    autoName: { property: "name", maxLength: 512 },
    computed: ["arn"],
    idOfImport: (given) => given.replace(/^[^:]+:/, ""),
    apply(inputs, account) {
      const group = textOf(inputs.logGroupName);
      if (!account.get(logGroupType, group)) {
        throw new AwsError("ResourceNotFoundException", `The log group "${group}" does not exist.`);
      }
      return {
        id: textOf(inputs.name),
        outputs: { arn: account.arn("logs", `log-group:${group}:log-stream:${inputs.name}`) },
      };
    },
  },
};
