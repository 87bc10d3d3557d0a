// Systems Manager: parameters.
import type { Properties } from "../../engine/provider";
import type { Account, StoredResource } from "../account";
import { booleanRule, type ReportFailure, stringRule, tagsRule } from "../property";
import { AwsError, type ResourceType, regionRule, tagsOf, textOf } from "../resource-type";

const parameterType = "aws:ssm/parameter:Parameter";

/** Bytes of a value: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html */
const maxBytes: Record<string, number> = { Standard: 4096, Advanced: 8192, "Intelligent-Tiering": 8192 };

export const ssmTypes: Record<string, ResourceType> = {
  [parameterType]: {
    title: "SSM Parameter",
    properties: {
      dataType: stringRule({ values: ["text"], default: "text" }),
      description: stringRule({ maxLength: 1024 }),
      name: stringRule({
        replace: true,
        // https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-parameter-name-constraints.html
        pattern: /^(?!\/?(aws|ssm))(?=.{1,1011}$)([\w.-]+|(\/[\w.-]+){1,15})$/i,
        hint: 'letters, digits and "._-", in up to 15 levels that each begin with "/"; "aws" and "ssm" may not come first',
      }),
      overwrite: booleanRule(),
      region: regionRule(),
      tags: tagsRule(),
      tier: stringRule({ values: Object.keys(maxBytes), default: "Standard" }),
      // A SecureString would need KMS.
      type: stringRule({ required: true, values: ["String", "StringList"] }),
      value: stringRule({ required: true }),
    },
    autoName: { property: "name", maxLength: 1011 },
    /** The official provider writes the value with everything but tags (internal/service/ssm/parameter.go). */
    unwritten: (changed) =>
      changed.every((name) => name === "tags") ? ["value", "tier", "description"] : [],
    check({ value, tier }, report: ReportFailure) {
      if (typeof value !== "string" || typeof tier !== "string") return;
      const problem = problemOfValue(value, tier);
      if (problem) report("value", problem);
    },
    computed: ["arn", "version", "tagsAll"],
    recomputed: ["version"],
    apply(inputs, account, current) {
      const id = textOf(inputs.name);
      if (current?.inputs.tier === "Advanced" && inputs.tier === "Standard") {
        throw new AwsError("ValidationException", "An advanced parameter cannot become a standard one.");
      }
      return {
        id,
        outputs: {
          arn: account.arn("ssm", `parameter${id.startsWith("/") ? "" : "/"}${id}`),
          version: versionOf(current) + 1,
          ...tagsOf(inputs),
        },
        state: { lastModified: Date.now() },
      };
    },
  },
};

/** Why AWS would not take the value. */
function problemOfValue(value: string, tier: string): string | undefined {
  const limit = maxBytes[tier] ?? 0;
  const bytes = Buffer.byteLength(value);
  if (bytes === 0) return "must not be empty";
  if (bytes > limit) return `has ${bytes} bytes; a parameter of the ${tier} tier takes at most ${limit}`;
  if (/\{\{.*\}\}/s.test(value)) return 'must not hold "{{...}}", which would name another parameter';
  return undefined;
}

/** @param name or ARN */
export function findParameter(name: string, account: Account): StoredResource {
  const found = account.get(parameterType, name) ?? account.findByArn(parameterType, name);
  if (!found) throw new AwsError("ParameterNotFound", "");
  return found;
}

/** Gives the parameter another value, as people do beside the program. */
export async function overwriteParameter(
  parameter: StoredResource,
  changes: { value: string; tier: string | undefined },
  account: Account,
): Promise<{ tier: string; version: number }> {
  const tier = changes.tier ?? textOf(parameter.inputs.tier);
  if (!(tier in maxBytes)) throw new AwsError("ValidationException", `"${tier}" is not a tier`);
  const problem = problemOfValue(changes.value, tier);
  if (problem) throw new AwsError("ValidationException", `The value ${problem}`);
  const inputs: Properties = { ...parameter.inputs, value: changes.value, tier };
  const applied = await ssmTypes[parameterType]?.apply(inputs, account, parameter);
  await account.put({ ...parameter, ...applied, state: applied?.state ?? {}, inputs });
  return { tier, version: versionOf(parameter) + 1 };
}

export function versionOf(parameter: StoredResource | undefined): number {
  return Number(parameter?.outputs.version ?? 0);
}
