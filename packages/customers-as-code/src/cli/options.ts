// The options that the commands of CI have in common.
import { UsageError } from "../problems/command";
import type { Target } from "../stacks/engine";

/** Describes them in a command's usage. */
export const targetUsage = `  --stack NAME      the stack (default PULUMI_STACK)
  --project DIR     folder of Pulumi.yaml (default .)
  --policy FILE     settings of the policy pack (default policy/config/STACK.json of the main stack,
                    if it exists)
  --help
`;

const text = { type: "string" } as const;
export const targetOptions = {
  stack: text,
  project: { ...text, default: "." },
  policy: text,
  help: { type: "boolean", default: false },
} as const;

/** @throws {UsageError} if no stack is named */
export function targetOf(given: { stack?: string; project: string; policy?: string }): Target {
  const stack = given.stack ?? process.env.PULUMI_STACK;
  if (!stack) throw new UsageError("Name the stack: --stack NAME");
  return { stack, project: given.project, ...(given.policy !== undefined && { policyConfig: given.policy }) };
}
