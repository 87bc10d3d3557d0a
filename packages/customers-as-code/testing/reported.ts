// What a policy of the pack reports of resources, without an engine.
import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { publicRoutes } from "../src/policy/public-routes";

export async function reported(
  policy: StackValidationPolicy,
  resources: PolicyResource[],
): Promise<string[]> {
  const found: string[] = [];
  await policy.validateStack(
    {
      resources,
      stackTags: new Map(),
      getConfig: <T extends object>(): T => {
        throw new Error("it has no config");
      },
      notApplicable: (reason) => {
        throw new Error(reason);
      },
    },
    (violation: string) => found.push(violation),
  );
  return found;
}

/** Of the public routes that an API's body has. */
export async function reportedOf(type: string, body: unknown, allowed: string[]): Promise<string[]> {
  const found: string[] = [];
  const { validateResource } = publicRoutes;
  if (typeof validateResource !== "function") throw new Error("it checks more than it did");
  const { urn, name, opts } = resource({ type, name: "gateway" });
  const args: Partial<Parameters<typeof validateResource>[0]> = {
    type,
    urn,
    name,
    opts,
    props: { body },
    stackTags: new Map(),
  };
  await validateResource(
    Object.assign(args, { getConfig: () => ({ allowed }) }) as Parameters<typeof validateResource>[0],
    (violation: string) => found.push(violation),
  );
  return found;
}

export function resource(
  more: Partial<PolicyResource> & Pick<PolicyResource, "type" | "name">,
): PolicyResource {
  const urn = `urn:pulumi:dev::customers-as-code::${more.type}::${more.name}`;
  const options = {
    protect: false,
    ignoreChanges: [],
    aliases: [],
    additionalSecretOutputs: [],
    customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
  };
  return {
    props: {},
    urn,
    opts: options,
    dependencies: [],
    propertyDependencies: {},
    isType: () => false,
    asType: () => undefined,
    ...more,
  };
}
