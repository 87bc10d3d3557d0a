// CloudWatch Logs: groups and streams.
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { z } from "zod";
import { type AnyRow, type Clients, common, droppedTags, given, row, tagged } from "../type";

async function groups({ logs }: Clients, prefix?: string) {
  const found = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: prefix }));
  return found.logGroups ?? [];
}

async function streams({ logs }: Clients, logGroupName: string) {
  return (await logs.send(new DescribeLogStreamsCommand({ logGroupName }))).logStreams ?? [];
}

/** 0 keeps for ever, for which AWS has no number. */
async function setRetention({ logs }: Clients, logGroupName: string, retentionInDays: number) {
  if (retentionInDays === 0) await logs.send(new DeleteRetentionPolicyCommand({ logGroupName }));
  else await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
}

export const cloudWatchLogs: Record<string, AnyRow> = {
  "aws:cloudwatch/logGroup:LogGroup": row({
    inputs: z.strictObject({
      ...tagged,
      kmsKeyId: z.string().optional(),
      logGroupClass: z.enum(["STANDARD", "INFREQUENT_ACCESS"]),
      name: z.string(),
      retentionInDays: z.number(),
    }),
    unread: {
      kmsKeyId: "moto takes it on creation only: it has no AssociateKmsKey",
      logGroupClass: "moto has no classes of log groups",
    },
    async create({ kmsKeyId, logGroupClass, name, retentionInDays, tags }, aws) {
      await aws.logs.send(new CreateLogGroupCommand({ logGroupName: name, kmsKeyId, logGroupClass, tags }));
      await setRetention(aws, name, retentionInDays);
      const found = (await groups(aws, name)).find(({ logGroupName }) => logGroupName === name);
      return { id: name, outputs: { arn: given(found?.arn, "arn").replace(/:\*$/, "") } };
    },
    async update(name, { retentionInDays, tags }, old, aws) {
      await setRetention(aws, name, retentionInDays);
      const resourceArn = await arnOf(aws, name);
      await aws.logs.send(new UntagResourceCommand({ resourceArn, tagKeys: droppedTags(old.tags, tags) }));
      await aws.logs.send(new TagResourceCommand({ resourceArn, tags: tags ?? {} }));
      return undefined;
    },
    delete: (logGroupName, _inputs, { logs }) => logs.send(new DeleteLogGroupCommand({ logGroupName })),
    async read(name, _inputs, aws) {
      const found = (await groups(aws, name)).find(({ logGroupName }) => logGroupName === name);
      const resourceArn = await arnOf(aws, name);
      const { tags } = await aws.logs.send(new ListTagsForResourceCommand({ resourceArn }));
      const { logGroupName, retentionInDays = 0 } = given(found, name);
      return { name: logGroupName, retentionInDays, tags };
    },
    list: async (aws) => (await groups(aws)).map(({ logGroupName }) => logGroupName),
  }),

  "aws:cloudwatch/logStream:LogStream": row({
    inputs: z.strictObject({ ...common, logGroupName: z.string(), name: z.string() }),
    async create({ logGroupName, name }, aws) {
      await aws.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: name }));
      const found = (await streams(aws, logGroupName)).find(({ logStreamName }) => logStreamName === name);
      return { id: name, outputs: { arn: given(found?.arn, "arn") } };
    },
    delete: (logStreamName, { logGroupName }, { logs }) =>
      logs.send(new DeleteLogStreamCommand({ logGroupName, logStreamName })),
    async read(name, { logGroupName }, aws) {
      const found = (await streams(aws, logGroupName)).find(({ logStreamName }) => logStreamName === name);
      return { name: found?.logStreamName, logGroupName };
    },
    async list(aws) {
      const names = (await groups(aws)).map(({ logGroupName }) => given(logGroupName, "logGroupName"));
      const lists = await Promise.all(names.map((name) => streams(aws, name)));
      return lists.flat().map(({ logStreamName }) => logStreamName);
    },
  }),
};

/** As the tagging operations want it: without the ":*" at the end. */
async function arnOf(aws: Clients, name: string): Promise<string> {
  const found = (await groups(aws, name)).find(({ logGroupName }) => logGroupName === name);
  return given(found?.arn, "arn").replace(/:\*$/, "");
}
