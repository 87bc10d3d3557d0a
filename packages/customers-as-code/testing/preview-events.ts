// Plans as the engine reports them: its events, made from few words.
import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import { type Plan, readPlan } from "../src/stacks/plan";

export const secretMark = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "[secret]",
};
export const archiveMark = (hash: string) => ({
  "4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7",
  assets: {},
  hash,
});
export const unknownMark = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const types = {
  Customer: "customers-as-code:auth0:Customer",
  Organization: "auth0:index/organization:Organization",
  Client: "auth0:index/client:Client",
  ClientCredentials: "auth0:index/clientCredentials:ClientCredentials",
  ClientGrant: "auth0:index/clientGrant:ClientGrant",
  ResourceServer: "auth0:index/resourceServer:ResourceServer",
  RestApi: "aws:apigateway/restApi:RestApi",
  Function: "aws:lambda/function:Function",
  Parameter: "aws:ssm/parameter:Parameter",
};
type Kind = keyof typeof types;
const ofCustomers: Kind[] = ["Organization", "Client", "ClientCredentials", "ClientGrant", "Parameter"];

export interface Given {
  op?: string;
  /** Where it had another name. */
  was?: string;
  id?: string;
  /** Inputs before and after; one of them is absent where the resource is. */
  old?: object;
  new?: object;
  /** Outputs, the component's above all. */
  outputs?: { old?: object; new?: object };
  diffs?: string[];
}

/** Such as `step("Client", "acme/ci", { op: "create", new: {} })`. */
export function step(kind: Kind, name: string, given: Given): EngineEvent[] {
  const { op = "same", was = name, id = `id-${was}`, diffs } = given;
  const isChild = ofCustomers.includes(kind) && name !== "portal";
  const prefix = isChild ? `${types.Customer}$` : "";
  const urn = (own: string) => `urn:pulumi:dev::customers-as-code::${prefix}${types[kind]}::${own}`;
  const parentOf = (own: string) =>
    isChild
      ? `urn:pulumi:dev::customers-as-code::${types.Customer}::${own.split("/")[0]}`
      : "urn:pulumi:dev::customers-as-code::pulumi:pulumi:Stack::customers-as-code-dev";
  const state = (own: string, inputs: object, outputs: object = {}) => ({
    type: types[kind],
    urn: urn(own),
    id: op.startsWith("create") ? "" : id,
    parent: parentOf(own),
    inputs,
    outputs,
    provider: "",
    custom: true,
    delete: false,
    protect: false,
  });
  const has = (side: "old" | "new") => given[side] !== undefined || given.outputs?.[side] !== undefined;
  const metadata = {
    op,
    urn: urn(name),
    type: types[kind],
    ...(has("old") && { old: state(was, given.old ?? {}, given.outputs?.old) }),
    ...(has("new") && { new: state(name, given.new ?? {}, given.outputs?.new) }),
    ...(diffs && { diffs }),
    provider: "",
    // The engine's types know no names of operations beside those of the SDK.
  } as unknown as StepEventMetadata;
  const event = { sequence: 1, timestamp: 1 };
  return [
    { ...event, resourcePreEvent: { metadata, planning: true } },
    { ...event, resOutputsEvent: { metadata, planning: true } },
  ];
}

type Status = "active" | "suspended" | "closing";

export interface GivenCustomer {
  /** One of both where it is added or removed. */
  before?: Status;
  after?: Status;
  displayName?: string;
  /** Scopes by client, before and after. */
  clients?: Record<string, [before: string[] | undefined, after: string[] | undefined]>;
}

/** A customer with its organization and clients, of whom only the status and scopes change. */
export function customer(id: string, given: GivenCustomer): EngineEvent[] {
  const {
    before,
    after,
    displayName = id,
    clients = { default: [["read:orders"], ["read:orders"]] },
  } = given;
  const op = before === undefined ? "create" : after === undefined ? "delete" : "same";
  const both = (inputs: object) => ({
    ...(before !== undefined && { old: inputs }),
    ...(after !== undefined && { new: inputs }),
  });
  const outputs = (status: Status | undefined) =>
    status && { status, closing: [], organizationId: `org_${id}` };
  return [
    ...step("Customer", id, { op, outputs: { old: outputs(before), new: outputs(after) } }),
    ...step("Organization", id, { op, id: `org_${id}`, ...both({ displayName }) }),
    ...Object.entries(clients).flatMap(([name, [had, gets]]) => {
      const own = had === undefined ? "create" : gets === undefined ? "delete" : "same";
      const isSame = JSON.stringify(had) === JSON.stringify(gets);
      const sides = (of: (scopes: string[]) => object) => ({ old: had && of(had), new: gets && of(gets) });
      return [
        ...step("Client", `${id}/${name}`, { op: own, ...sides(() => ({ name })) }),
        ...step("ClientCredentials", `${id}/${name}`, { op: own, ...sides(() => ({})) }),
        ...step("ClientGrant", `${id}/${name}`, {
          op: own === "same" && !isSame ? "update" : own,
          ...sides((scopes) => ({ scopes })),
          ...(!isSame && { diffs: ["scopes"] }),
        }),
      ];
    }),
  ];
}

export const api = step("ResourceServer", "api", {
  old: { tokenLifetime: 86_400 },
  new: { tokenLifetime: 86_400 },
});

export function settings(config: Record<string, string>): EngineEvent {
  return { sequence: 0, timestamp: 0, preludeEvent: { config } };
}

export function error(message: string): EngineEvent {
  return {
    sequence: 2,
    timestamp: 2,
    diagnosticEvent: { prefix: "error: ", message, color: "never", severity: "error" },
  };
}

export function violation(policyName: string, message: string, enforcementLevel: "mandatory" | "warning") {
  const policy = { policyName, policyPackName: "customers-as-code", policyPackVersion: "1", message };
  return {
    sequence: 3,
    timestamp: 3,
    policyEvent: { ...policy, policyPackVersionTag: "1", color: "never", enforcementLevel },
  } satisfies EngineEvent;
}

export function plan(...events: (EngineEvent | EngineEvent[])[]): Plan {
  return readPlan("dev", events.flat());
}
