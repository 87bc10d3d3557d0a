// The auth0 provider of the local cloud: makes the Management API requests that the official one makes.
import { isDeepStrictEqual } from "node:util";
import { type Failure, type Properties, type Provider, Secret, UNKNOWN } from "../engine/provider";
import { answerAuth0Function } from "./functions";
import { ManagementApi } from "./management-api";
import { type Found, isNone, type Resource } from "./resource";
import { clientResource } from "./resources/client";
import { clientCredentialsResource } from "./resources/client-credentials";
import { clientGrantResource } from "./resources/client-grant";
import { organizationResource } from "./resources/organization";
import { organizationClientGrantResource } from "./resources/organization-client-grant";
import { organizationMemberResource } from "./resources/organization-member";
import { resourceServerResource } from "./resources/resource-server";
import { resourceServerScopesResource } from "./resources/resource-server-scopes";

/** The version of the official provider whose requests are made. */
export const officialAuth0Version = "3.49.0";

const resources: Record<string, Resource> = {
  "auth0:index/client:Client": clientResource,
  "auth0:index/clientCredentials:ClientCredentials": clientCredentialsResource,
  "auth0:index/clientGrant:ClientGrant": clientGrantResource,
  "auth0:index/organization:Organization": organizationResource,
  "auth0:index/organizationClientGrant:OrganizationClientGrant": organizationClientGrantResource,
  "auth0:index/organizationMember:OrganizationMember": organizationMemberResource,
  "auth0:index/resourceServer:ResourceServer": resourceServerResource,
  "auth0:index/resourceServerScopes:ResourceServerScopes": resourceServerScopesResource,
};

interface Auth0ProviderOptions {
  fetch: typeof fetch;
}

export function auth0Provider({ fetch }: Auth0ProviderOptions): Provider {
  let api: ManagementApi | undefined;
  const connected = (): ManagementApi => {
    if (!api) throw new Error("auth0: the provider has no domain, clientId and clientSecret");
    return api;
  };
  return {
    async configure(config) {
      const { AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET } = process.env;
      const domain = config.domain ?? AUTH0_DOMAIN;
      const clientId = config.clientId ?? AUTH0_CLIENT_ID;
      const clientSecret = config.clientSecret ?? AUTH0_CLIENT_SECRET;
      if (domain && clientId && clientSecret) {
        api = new ManagementApi({ domain, clientId, clientSecret, fetch });
      }
    },
    async check(type, inputs) {
      const { required, inputs: known, defaults } = resourceOf(type);
      const filled = { ...defaults, ...inputs };
      const failures: Failure[] = [
        ...required
          .filter((property) => filled[property] === undefined)
          .map((property) => ({ property, reason: `missing required property "${property}"` })),
        ...Object.keys(filled)
          .filter((property) => !known.includes(property))
          .map((property) => ({ property, reason: `the local auth0 provider does not know "${property}"` })),
      ];
      return { inputs: filled, failures };
    },
    async diff(type, _id, oldInputs, oldOutputs, inputs) {
      const { replaceOn, optional = [], differs } = resourceOf(type);
      const properties = new Set([...Object.keys(oldInputs), ...Object.keys(inputs)]);
      const changed = [...properties].filter((name) => {
        const [before, after] = [oldInputs[name], inputs[name]];
        // As Terraform has it: of a computed attribute that is not set the value stays.
        if (after === undefined && optional.includes(name)) return false;
        return !(isNone(before) && isNone(after)) && !isDeepStrictEqual(before, after);
      });
      const all = [...new Set([...changed, ...(differs?.(oldOutputs, inputs) ?? [])])];
      return { changed: all, replace: all.filter((property) => replaceOn.includes(property)) };
    },
    async create(type, inputs, preview) {
      const resource = resourceOf(type);
      if (preview) return { id: "", outputs: previewOf(type, inputs) };
      return marked(resource, state(inputs, await resource.create(connected(), inputs)));
    },
    async read(type, id, inputs, outputs) {
      const resource = resourceOf(type);
      const found = await resource.read(connected(), id, inputs, outputs);
      if (!found) return undefined;
      const known = Object.keys(inputs);
      const isImported = known.length === 0;
      const form = resource.declaredForm?.(found.outputs, inputs) ?? found.outputs;
      const isGone = (name: string) => form[name] === undefined && resource.shown?.includes(name);
      const kept = Object.entries(inputs).filter(([name, value]) => isNone(value) || !isGone(name));
      // What the program does not set may be Auth0's default, and is no drift.
      const seen = Object.entries(form)
        .filter(([name]) => resource.inputs.includes(name) && (isImported || known.includes(name)))
        // Of inputs that it sent itself the engine knows which are secret.
        .map(([name, value]) => [
          name,
          isImported && resource.secrets?.includes(name) ? new Secret(value) : value,
        ]);
      return {
        id: found.id,
        inputs: { ...Object.fromEntries(kept), ...Object.fromEntries(seen) },
        outputs: marked(resource, state(Object.fromEntries(kept), found)).outputs,
      };
    },
    async update(type, id, oldOutputs, inputs, preview) {
      const resource = resourceOf(type);
      if (preview) return { ...oldOutputs, ...inputs };
      return marked(resource, state(inputs, await resource.update(connected(), id, oldOutputs, inputs)))
        .outputs;
    },
    async delete(type, id, outputs) {
      await resourceOf(type).delete(connected(), id, outputs);
    },
    invoke: (token, args) => answerAuth0Function(connected(), token, args),
  };
}

function resourceOf(type: string): Resource {
  const resource = resources[type];
  if (!resource) throw new Error(`the local auth0 provider does not know the resource type ${type}`);
  return resource;
}

/** Inputs that Auth0 does not give back, such as a key's text, stay as they were set. */
function state(inputs: Properties, { id, outputs }: Found): Found {
  return { id, outputs: { ...inputs, ...outputs } };
}

/** As the official provider answers: what its schema calls sensitive is marked. */
function marked({ secrets = [] }: Resource, { id, outputs }: Found): Found {
  const all = Object.entries(outputs).map(([name, value]) => [
    name,
    secrets.includes(name) && value !== undefined ? new Secret(value) : value,
  ]);
  return { id, outputs: Object.fromEntries(all) };
}

/** Outputs that only Auth0 knows. */
function previewOf(type: string, inputs: Properties): Properties {
  if (type.endsWith(":Client")) return { ...inputs, clientId: UNKNOWN };
  if (type.endsWith(":ClientCredentials")) return { clientSecret: UNKNOWN, ...inputs };
  return inputs;
}
