// The settings of a stack, as the program has them from the engine.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { PlanSettings } from "../customers/plans";
import { isPlacement, type Placement, placementOf } from "../customers/shard-placement";
import { checkAwsx } from "../portal/awsx";
import type { PortalSettings } from "../portal/portal-settings";
import type { ProblemCode } from "../problems/codes";
import { setCommand, unsetCommand } from "../problems/config-command";
import { ProgramRefusedError } from "../problems/fail";
import { formatProblems, type Problem } from "../problems/problem";
import { knownKeys } from "./settings-keys";
import { checkConfig, explainSetting } from "./settings-problems";
import { type SecretSetting, secretSettings, settingsSchema } from "./settings-schema";
import { readProjectValues, readStackFile } from "./stack-file";

export { secretSettings, settingsSchema };

/** The settings of a stack by their names (docs/reference/settings.md), with what follows from them. */
export interface Settings extends Omit<z.output<typeof settingsSchema>, "portal"> {
  /** Which of the company's stacks this is. */
  placement: Placement;
  /** The stack's file, which holds them. */
  file: string;
  /** Domain of the Auth0 tenant, such as `example.eu.auth0.com`. */
  domain: string;
  /** Issuer of the tenant's tokens: the domain as a URL with a slash at the end. */
  issuer: string;
  /** Absent of a shard, too. */
  moesif?: { ingestUrl: string; applicationId: pulumi.Output<string> };
  /** The Developer Portal, if the stack has it; a shard doesn't have one. */
  portal?: PortalSettings & { secrets: Record<SecretSetting, pulumi.Output<string>> };
}

/**
 * The settings of the stack that is running.
 * @param root folder of Pulumi.yaml
 * @throws {ProgramRefusedError} with every problem, each with the command that fixes it.
 */
export function loadSettings(root = pulumi.getRootDirectory()): Settings {
  const config = new pulumi.Config();
  const project = pulumi.getProject();
  const file = `Pulumi.${pulumi.getStack()}.yaml`;
  const stackFile = existsSync(join(root, file)) ? readStackFile(file, root, project) : undefined;
  const projectFile = join(root, "Pulumi.yaml");
  const ofProject = existsSync(projectFile)
    ? readProjectValues(readFileSync(projectFile, "utf8"), project)
    : {};
  const values = pulumi.runtime.allConfig();
  // A value can also come from an ESC environment or the command line; then the file's line would be the wrong one.
  const at = (key: string) => {
    if (stackFile && stackFile.values[key] === values[key]) return stackFile.at(key);
    return { file: values[key] !== undefined && ofProject[key] === values[key] ? "Pulumi.yaml" : file };
  };
  const report = (
    code: ProblemCode,
    key: string,
    reason: string,
    remedy = `Set it with: ${setCommand([key])}`,
  ) => {
    problems.push({ file, code, message: `${key} ${reason}. ${remedy}` });
  };
  // By this, the engine knows which values are encrypted. It would demand it of keys with a type, but then of all stacks,
  // also of those that do without: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/workspace/config.go
  const { PULUMI_CONFIG_SECRET_KEYS: encrypted } = process.env;
  const problems: Problem[] = [
    ...(stackFile?.problems ?? []),
    ...checkConfig({
      project,
      known: knownKeys(project, root),
      values,
      isEncrypted: (key) => encrypted === undefined || encrypted.includes(`"${key}"`),
      environment: process.env,
      at,
    }),
  ];

  const given = Object.keys(settingsSchema.shape).map((key) => [key, config.get(key)]);
  const parsed = settingsSchema.safeParse(Object.fromEntries(given));
  // Problems of values that are there are reported already.
  for (const issue of parsed.error?.issues ?? []) {
    const [key] = issue.path.map(String);
    if (key !== undefined && config.get(key) === undefined) {
      problems.push(
        ...explainSetting({ ...issue, message: "is missing" }, {}).map((fault) => ({ file, ...fault })),
      );
    }
  }
  // Where there are others, the document says whether it needs this one.
  if (!config.get("backendUrl") && !/[^{}\s]/.test(config.get("backends") ?? "")) {
    report("setting-missing", "backendUrl", "is missing");
  }
  if (parsed.data) {
    const wrong = defaultPlanFault(parsed.data);
    if (wrong !== undefined) report(wrong.code, "defaultPlan", wrong.reason, wrong.remedy);
  }
  const domain = new pulumi.Config("auth0").get("domain") ?? process.env.AUTH0_DOMAIN ?? "";
  if (domain === "") report("setting-missing", "auth0:domain", "is missing");
  // Whether they are set must be known now; their values stay outputs that are marked as secret.
  const isSet = (key: string) => !!pulumi.runtime.getConfig(`${project}:${key}`);
  const reportMissingSecret = (key: string, reason: string) =>
    report("setting-missing", key, reason, `Set it with: ${setCommand([key], "VALUE", true)}`);
  const placement = placementOf(pulumi.getStack(), parsed.data?.shards ?? 1);
  // A shard has customers and nothing else: it is given none of the secrets (packages/customers-as-code/src/stacks/shard-settings.ts).
  const isShard = isPlacement(placement) && placement.number !== undefined;
  const ingestUrl = parsed.data?.moesifIngestUrl;
  const hasPortal = !["", "{}"].includes(config.get("portal") ?? "");
  if (ingestUrl && !hasPortal && !isShard && !isSet("moesifApplicationId")) {
    reportMissingSecret("moesifApplicationId", "is missing, which moesifIngestUrl needs");
  }
  if (ingestUrl === "" && !hasPortal && isSet("moesifApplicationId")) {
    report("setting-missing", "moesifIngestUrl", "is missing, which moesifApplicationId needs");
  }
  for (const key of secretSettings) {
    if (hasPortal && !isShard && !isSet(key)) reportMissingSecret(key, "is missing, which portal needs");
    if (!hasPortal && isSet(key) && key !== "moesifApplicationId") {
      const remedy = `Set it with: ${setCommand(["portal", "domainName"])}`;
      report("setting-missing", "portal", `is missing, which ${key} needs`, remedy);
    }
  }
  const withoutAwsx = hasPortal && !isShard ? checkAwsx() : undefined;
  if (withoutAwsx) problems.push({ ...at(`${project}:portal`), ...withoutAwsx });
  if (!isPlacement(placement)) problems.push({ file, ...placement });
  if (!parsed.success || problems.length > 0 || !isPlacement(placement)) {
    throw new ProgramRefusedError(problems, formatProblems(problems, 1));
  }
  const { portal, ...settings } = parsed.data;
  const secret = (key: SecretSetting) => config.requireSecret(key);
  return {
    ...settings,
    placement,
    file,
    domain,
    issuer: `https://${domain}/`,
    ...(ingestUrl && !isShard && { moesif: { ingestUrl, applicationId: secret("moesifApplicationId") } }),
    ...(portal &&
      !isShard && {
        portal: {
          ...portal,
          secrets: {
            moesifApplicationId: secret("moesifApplicationId"),
            moesifManagementToken: secret("moesifManagementToken"),
            stripeApiKey: secret("stripeApiKey"),
          },
        },
      }),
  };
}

/** Any organization of the tenant may call, and API Gateway refuses those for which no plan is meant. */
function defaultPlanFault({
  plans,
  defaultPlan,
}: PlanSettings): { code: ProblemCode; reason: string; remedy?: string } | undefined {
  const code = "setting-invalid-value";
  const names = Object.keys(plans);
  if (defaultPlan === undefined) {
    return names.length === 0
      ? undefined
      : {
          code: "setting-missing",
          reason: "is missing, which plans needs for customers without a plan of their own",
        };
  }
  if (Object.hasOwn(plans, defaultPlan)) return undefined;
  if (names.length === 0) {
    const remedy = `Remove it with: ${unsetCommand(["defaultPlan"])}`;
    return { code, reason: `is "${defaultPlan}", but plans is empty`, remedy };
  }
  return { code, reason: `is "${defaultPlan}"; it must be one of plans, which has ${names.join(", ")}` };
}
