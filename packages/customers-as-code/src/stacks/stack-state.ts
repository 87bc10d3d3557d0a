// What a stack's state holds, as far as it must be known outside of a deployment: which resource has which id.
import { availableParallelism } from "node:os";
import { z } from "zod";
import { sideBySide } from "../pulumi/side-by-side";
import { readPulumi } from "./pulumi-cli";

export interface StateResource {
  urn: string;
  /** Such as `auth0:index/client:Client`. */
  type: string;
  /** The resource's name in the program, such as `acme/default`. */
  name: string;
  /** Absent of components. */
  id?: string;
}

const deployment = z.object({
  deployment: z.object({
    resources: z
      .array(z.object({ urn: z.string(), type: z.string(), id: z.string().optional() }))
      .nullish()
      .transform((resources) => resources ?? []),
  }),
});

/** @param text of `pulumi stack export`; what is pending deletion counts, too */
export function parseState(text: string): StateResource[] {
  const { resources } = deployment.parse(JSON.parse(text)).deployment;
  return resources.map((resource) => ({ ...resource, name: resource.urn.split("::").slice(3).join("::") }));
}

/** The state as JSON, in which secrets stay encrypted. @throws {Error} with what the CLI says, where it cannot be read */
export function exportState(stack: string): Promise<string> {
  return readPulumi(["stack", "export", "--stack", stack]);
}

/**
 * What is read out of each stack's state, in their order. No more CLIs run at once than there are processors: each takes a hundred
 * megabytes.
 * @throws {Error} with what the CLI says, where one cannot be read
 */
export function readStates<Read>(stacks: readonly string[], read: (text: string) => Read): Promise<Read[]> {
  return sideBySide(stacks, availableParallelism(), async (stack) => read(await exportState(stack)));
}

/** Ids by type and name. */
export class StateIds {
  private readonly ids = new Map<string, string>();
  private readonly all = new Set<string>();

  constructor(resources: readonly StateResource[]) {
    for (const { type, name, id } of resources) {
      if (id === undefined) continue;
      this.ids.set(`${type} ${name}`, id);
      this.all.add(`${type} ${id}`);
    }
  }

  /** Of the first of the names that the state has. */
  of(type: keyof typeof stateTypes, names: readonly string[]): string | undefined {
    return names.map((name) => this.ids.get(`${stateTypes[type]} ${name}`)).find((id) => id !== undefined);
  }

  /** Whether any resource of the type has the id. */
  has(type: keyof typeof stateTypes, id: string): boolean {
    return this.all.has(`${stateTypes[type]} ${id}`);
  }
}

const stateTypes = {
  api: "auth0:index/resourceServer:ResourceServer",
  client: "auth0:index/client:Client",
  credentials: "auth0:index/clientCredentials:ClientCredentials",
  grant: "auth0:index/clientGrant:ClientGrant",
  organization: "auth0:index/organization:Organization",
  organizationGrant: "auth0:index/organizationClientGrant:OrganizationClientGrant",
} as const;
