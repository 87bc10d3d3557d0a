// Where the policy pack's settings of a stack are.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { mainOf, plainName } from "../customers/shard-placement";
import type { Problem } from "../problems/problem";

/**
 * policy/STACK.json; or policy/config/STACK.json, the only place until version 0.2. A shard has those of its main stack.
 * @param isThere by path from the folder of Pulumi.yaml
 */
export function locatePolicySettings(stack: string, isThere: (path: string) => boolean): string {
  const { current, former } = placesOf(stack);
  return !isThere(current) && isThere(former) ? former : current;
}

/** The same, on the disk. @param project folder of Pulumi.yaml */
export function policySettingsOnDisk(stack: string, project = "."): string {
  return join(
    project,
    locatePolicySettings(stack, (path) => existsSync(join(project, path))),
  );
}

/** A problem if both places have settings, of which only one is read. */
export function checkPolicyPlaces(stack: string, isThere: (path: string) => boolean): Problem[] {
  const { current, former } = placesOf(stack);
  if (!isThere(current) || !isThere(former)) return [];
  const message = `is not read, because ${current} exists, too. Move its settings into that file, and remove it.`;
  return [{ file: former, code: "policy-config-twice", message }];
}

function placesOf(stack: string) {
  const name = `${plainName(mainOf(stack) ?? stack)}.json`;
  return { current: `policy/${name}`, former: `policy/config/${name}` };
}
