// Systems Manager: parameters.
import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  RemoveTagsFromResourceCommand,
} from "@aws-sdk/client-ssm";
import { z } from "zod";
import { type AnyRow, droppedTags, given, row, tagged, tagList, tagMap } from "../type";

const ResourceType = "Parameter";

export const ssm: Record<string, AnyRow> = {
  "aws:ssm/parameter:Parameter": row({
    inputs: z.strictObject({
      ...tagged,
      dataType: z.literal("text"),
      description: z.string().optional(),
      name: z.string(),
      tier: z.enum(["Standard", "Advanced", "Intelligent-Tiering"]),
      type: z.enum(["String", "StringList"]),
      value: z.string(),
    }),
    async create({ dataType, description, name, tags, tier, type, value }, { ssm }) {
      await ssm.send(
        new PutParameterCommand({
          DataType: dataType,
          Description: description,
          Name: name,
          Tags: tagList(tags),
          Tier: tier,
          Type: type,
          Value: value,
        }),
      );
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name }));
      return { id: name, outputs: { arn: given(Parameter?.ARN, "ARN"), version: Parameter?.Version } };
    },
    // With tags alone the official provider writes nothing else, and the program ignores all other changes.
    async update(ResourceId, { tags }, old, { ssm }) {
      const TagKeys = droppedTags(old.tags, tags);
      if (TagKeys.length > 0) {
        await ssm.send(new RemoveTagsFromResourceCommand({ ResourceType, ResourceId, TagKeys }));
      }
      await ssm.send(new AddTagsToResourceCommand({ ResourceType, ResourceId, Tags: tagList(tags) }));
      return undefined;
    },
    delete: (Name, _inputs, { ssm }) => ssm.send(new DeleteParameterCommand({ Name })),
    async read(id, _inputs, { ssm }) {
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: id }));
      const Values = [id];
      const { Parameters = [] } = await ssm.send(
        new DescribeParametersCommand({ ParameterFilters: [{ Key: "Name", Values }] }),
      );
      const { TagList } = await ssm.send(new ListTagsForResourceCommand({ ResourceType, ResourceId: id }));
      return {
        dataType: Parameter?.DataType,
        description: Parameters[0]?.Description,
        name: Parameter?.Name,
        tags: tagMap(TagList),
        tier: Parameters[0]?.Tier,
        type: Parameter?.Type,
        value: Parameter?.Value,
      };
    },
    async list({ ssm }) {
      const { Parameters = [] } = await ssm.send(new DescribeParametersCommand({}));
      return Parameters.map(({ Name }) => Name);
    },
  }),
};
