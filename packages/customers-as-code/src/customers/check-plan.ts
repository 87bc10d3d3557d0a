// Whether the plans that customer files name are plans of the stack, and whether there are as many API keys as customers.
import type { Problem } from "../problems/problem";
import { asRecord } from "../problems/record";
import type { Source } from "../problems/source";
import { suggestCandidates } from "../problems/suggestion";
import { type PlanSettings, usagePlanLimits } from "./plans";

/** Looks at the plain value, so that the plan is checked in a file that has other problems too. */
export function checkPlan(source: Source, { plans }: PlanSettings): Problem[] {
  const { plan } = asRecord(source.value);
  if (typeof plan !== "string" || Object.hasOwn(plans, plan)) return [];
  const names = Object.keys(plans);
  const remedy =
    names.length === 0
      ? 'The stack has no plans: describe it in the setting "plans" (docs/how-to/plans.md), or remove the line.'
      : suggestCandidates(plan, names);
  const message = `plan: "${plan}" is not a plan of the stack. ${remedy}`;
  return [{ ...source.at(["plan"]), code: "plan-unknown", message }];
}

/** Each customer has a key of its own where there are plans, and all other organizations have one together. */
export function checkKeys(folder: string, customers: number, { plans }: PlanSettings): Problem[] {
  if (Object.keys(plans).length === 0 || customers < usagePlanLimits.keys) return [];
  const message = `has ${customers} customers. With plans, each takes one of the ${usagePlanLimits.keys} API keys that an AWS account has in a region, and the organizations without a file take one. Divide them among stacks in several accounts or regions, or unset the setting "plans".`;
  return [{ file: folder, code: "plans-too-many-customers", message }];
}
