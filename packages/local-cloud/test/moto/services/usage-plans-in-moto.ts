// API Gateway: usage plans and API keys.
import {
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteUsagePlanCommand,
  DeleteUsagePlanKeyCommand,
  GetApiKeyCommand,
  GetApiKeysCommand,
  GetUsagePlanCommand,
  GetUsagePlanKeyCommand,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
  type PatchOperation,
  UpdateApiKeyCommand,
  UpdateUsagePlanCommand,
} from "@aws-sdk/client-api-gateway";
import { z } from "zod";
import { type AnyRow, type Clients, common, given, region, row, tagged } from "../type";

const planInputs = z.strictObject({
  ...tagged,
  apiStages: z.array(z.strictObject({ apiId: z.string(), stage: z.string() })).default([]),
  description: z.string().optional(),
  name: z.string(),
  quotaSettings: z
    .strictObject({
      limit: z.number(),
      period: z.enum(["DAY", "WEEK", "MONTH"]),
      offset: z.number().optional(),
    })
    .optional(),
  throttleSettings: z.strictObject({ burstLimit: z.number(), rateLimit: z.number() }).optional(),
});
type Plan = z.output<typeof planInputs>;

const plansOf = async ({ apiGateway }: Clients) =>
  ((await apiGateway.send(new GetUsagePlansCommand({}))).items ?? []).map(({ id }) => given(id, "id"));

export const usagePlans: Record<string, AnyRow> = {
  "aws:apigateway/usagePlan:UsagePlan": row({
    inputs: planInputs,
    unread: { tags: "moto changes the tags of stages only" },
    async create({ apiStages, description, name, quotaSettings, tags, throttleSettings }, { apiGateway }) {
      const { id } = await apiGateway.send(
        new CreateUsagePlanCommand({
          apiStages,
          description,
          name,
          quota: quotaSettings,
          tags,
          throttle: throttleSettings,
        }),
      );
      const planId = given(id, "id");
      return { id: planId, outputs: { arn: `arn:aws:apigateway:${region}::/usageplans/${planId}` } };
    },
    async update(usagePlanId, inputs, old, { apiGateway }) {
      const patchOperations = planPatch(inputs, old);
      await apiGateway.send(new UpdateUsagePlanCommand({ usagePlanId, patchOperations }));
      return undefined;
    },
    // AWS refuses to delete a plan that has stages: the official provider takes them out first.
    async delete(usagePlanId, { apiStages }, { apiGateway }) {
      const patchOperations = apiStages.map(stagePatch("remove"));
      if (patchOperations.length > 0) {
        await apiGateway.send(new UpdateUsagePlanCommand({ usagePlanId, patchOperations }));
      }
      await apiGateway.send(new DeleteUsagePlanCommand({ usagePlanId }));
    },
    async read(usagePlanId, _inputs, { apiGateway }) {
      const found = await apiGateway.send(new GetUsagePlanCommand({ usagePlanId }));
      return {
        apiStages: found.apiStages,
        description: found.description,
        name: found.name,
        quotaSettings: found.quota,
        throttleSettings: found.throttle,
      };
    },
    list: plansOf,
  }),

  "aws:apigateway/apiKey:ApiKey": row({
    inputs: z.strictObject({
      ...tagged,
      description: z.string().optional(),
      enabled: z.boolean(),
      name: z.string(),
      value: z.string().optional(),
    }),
    unread: { tags: "moto changes the tags of stages only" },
    async create({ description, enabled, name, tags, value }, { apiGateway }) {
      const made = await apiGateway.send(
        new CreateApiKeyCommand({ description, enabled, name, tags, value }),
      );
      return { id: given(made.id, "id"), outputs: { value: given(made.value, "value") } };
    },
    async update(apiKey, { description = "", enabled, name }, _old, { apiGateway }) {
      const patchOperations = Object.entries({ name, description, enabled: String(enabled) }).map(
        ([path, value]): PatchOperation => ({ op: "replace", path: `/${path}`, value }),
      );
      await apiGateway.send(new UpdateApiKeyCommand({ apiKey, patchOperations }));
      return undefined;
    },
    delete: (apiKey, _inputs, { apiGateway }) => apiGateway.send(new DeleteApiKeyCommand({ apiKey })),
    async read(apiKey, _inputs, { apiGateway }) {
      const found = await apiGateway.send(new GetApiKeyCommand({ apiKey, includeValue: true }));
      // moto has the flag as a text after an update.
      const enabled = String(found.enabled) === "true";
      return { description: found.description, enabled, name: found.name, value: found.value };
    },
    async list({ apiGateway }) {
      return ((await apiGateway.send(new GetApiKeysCommand({}))).items ?? []).map(({ name }) => name);
    },
  }),

  "aws:apigateway/usagePlanKey:UsagePlanKey": row({
    inputs: z.strictObject({
      ...common,
      keyId: z.string(),
      keyType: z.literal("API_KEY"),
      usagePlanId: z.string(),
    }),
    async create({ keyId, keyType, usagePlanId }, { apiGateway }) {
      const made = await apiGateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType }));
      return { id: `${usagePlanId}/${keyId}`, outputs: { name: made.name, value: made.value } };
    },
    delete: (_id, { keyId, usagePlanId }, { apiGateway }) =>
      apiGateway.send(new DeleteUsagePlanKeyCommand({ usagePlanId, keyId })),
    async read(_id, { keyId, usagePlanId }, { apiGateway }) {
      const found = await apiGateway.send(new GetUsagePlanKeyCommand({ usagePlanId, keyId }));
      return { keyId: found.id, keyType: found.type, usagePlanId };
    },
    async list(aws) {
      const lists = (await plansOf(aws)).map((usagePlanId) =>
        aws.apiGateway.send(new GetUsagePlanKeysCommand({ usagePlanId })),
      );
      return (await Promise.all(lists)).flatMap(({ items = [] }) => items.map(({ name }) => name));
    },
  }),
};

const stagePatch =
  (op: "add" | "remove") =>
  ({ apiId, stage }: Plan["apiStages"][number]): PatchOperation => ({
    op,
    path: "/apiStages",
    value: `${apiId}:${stage}`,
  });

/** Stages are added and removed one by one; limits are set as a whole, or taken away. */
function planPatch(inputs: Plan, old: Plan): PatchOperation[] {
  const isIn = (stages: Plan["apiStages"], { apiId, stage }: Plan["apiStages"][number]) =>
    stages.some((one) => one.apiId === apiId && one.stage === stage);
  const set = (path: string, value: unknown): PatchOperation => ({
    op: "replace",
    path,
    value: String(value),
  });
  const { quotaSettings: quota, throttleSettings: throttle } = inputs;
  return [
    set("/name", inputs.name),
    set("/description", inputs.description ?? ""),
    ...old.apiStages.filter((one) => !isIn(inputs.apiStages, one)).map(stagePatch("remove")),
    ...inputs.apiStages.filter((one) => !isIn(old.apiStages, one)).map(stagePatch("add")),
    ...(throttle
      ? [set("/throttle/rateLimit", throttle.rateLimit), set("/throttle/burstLimit", throttle.burstLimit)]
      : [{ op: "remove", path: "/throttle" } as const]),
    ...(quota
      ? [set("/quota/limit", quota.limit), set("/quota/period", quota.period)]
      : [{ op: "remove", path: "/quota" } as const]),
  ];
}
