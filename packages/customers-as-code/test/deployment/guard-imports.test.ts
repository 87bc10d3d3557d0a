// The guard of imports at its edge: what it asks the provider and the other stacks for, and that it refuses before anything else.

import { record } from "../../../../test/support/recorder";
import { shardStack, stackOf } from "../../src/customers/shard-placement";
import { formatProblem } from "../../src/problems/problem";

type Guard = typeof import("../../src/deployment/guard-imports");

const audience = "https://api.example.com/";
const wayne = {
  ...{ id: "wayne", displayName: "Wayne", organization: "wayne", status: "active" as const, metadata: {} },
  clients: [{ name: "ci", scopes: ["read:orders"], closing: false, rotation: "1" }],
};
const keeps: string[] = [];
const company = {
  imports: {
    customers: {
      wayne: {
        organization: { id: "org_1", keeps },
        clients: { ci: { id: "abc", keeps, grant: { id: "cgr_1", keeps } } },
      },
    },
  },
  placeOfImport: () => ({ file: "customers/imports.json", line: 3, column: 7 }),
};
const single = { main: "prod", shards: 1 };

const client = {
  ...{ name: "CI", appType: "non_interactive", isFirstParty: true, grantTypes: ["client_credentials"] },
  ...{ callbacks: [], clientMetadata: {}, defaultOrganizations: [] },
};
const answers = {
  getClient: (): object => client,
  getClientGrants: (): object => ({
    clientGrants: [{ id: "cgr_1", audience, subjectType: "", allowAllScopes: false, defaultFor: "" }],
  }),
  getOrganization: (): object => ({ name: "wayne", metadata: {}, clientGrants: ["cgr_1"] }),
};

async function guard(
  more: Partial<typeof answers> = {},
  {
    placement = single,
    here = [wayne],
    outputs = {},
  }: { placement?: object; here?: (typeof wayne)[]; outputs?: object } = {},
) {
  const asked: string[] = [];
  const functions = Object.entries({ ...answers, ...more }).map(([name, answer]) => [
    `auth0:index/${name}:${name}`,
    (inputs: Record<string, unknown>) => {
      asked.push(`${name} ${inputs.clientId ?? inputs.organizationId}`);
      return answer();
    },
  ]);
  await record(
    {},
    {
      ...Object.fromEntries(functions),
      "pulumi:pulumi:readStackOutputs": ({ name }: Record<string, unknown>) => {
        asked.push(`outputs ${name}`);
        return { outputs };
      },
    },
  );
  const { findForbiddenImports }: Guard = require("../../src/deployment/guard-imports");
  const settings = { audience, placement: { ...single, ...placement } };
  const refusal = await findForbiddenImports(company, here, settings, { everywhere: {} }).then(
    (problems) => problems.map(formatProblem).join("\n"),
    String,
  );
  return { asked: asked.sort(), refusal };
}

test("asks for each imported thing once, and accepts what is nobody's", async () => {
  expect(await guard()).toEqual({
    asked: ["getClient abc", "getClientGrants abc", "getOrganization org_1"],
    refusal: "",
  });
});

test("asks for nothing if no customer of the stack is imported", async () => {
  expect(await guard({}, { here: [] })).toEqual({ asked: [], refusal: "" });
});

test("refuses with the place in the file", async () => {
  const { refusal } = await guard({ getClient: () => ({ ...client, callbacks: ["https://a/"] }) });
  expect(refusal).toContain(
    'customers/imports.json:3:7  client "CI" (abc) has callbacks, as only applications with users have.',
  );
});

test("knows what Auth0 does not have from what is unknown", async () => {
  const fails = (message: string) => () => {
    // As gRPC reports it.
    throw Object.assign(new Error(message), { details: message });
  };
  const missing = await guard({ getClient: fails("404 Not Found: The client does not exist") });
  expect(missing.refusal).toContain("client abc does not exist in the tenant.");
  const forbidden = await guard({ getClient: fails("403 Forbidden: Insufficient scope") });
  expect(forbidden.refusal).toMatch(
    /abc, which import data names, cannot be read: .*403 Forbidden: Insufficient scope.*Grant Pulumi's client read:clients/s,
  );
});

test("a shard asks what all the others have, and refuses it", async () => {
  const own = stackOf(wayne, { main: "prod", shards: 2 });
  const number = own === shardStack("prod", 1) ? 1 : 2;
  const outputs = {
    customers: { globex: { status: "active", organizationId: "org_2", clients: { warehouse: "abc" } } },
  };
  const { asked, refusal } = await guard({}, { placement: { shards: 2, number }, outputs });
  expect(asked.filter((one) => one.startsWith("outputs"))).toEqual([
    "outputs organization/customers-as-code/prod",
    `outputs organization/customers-as-code/${shardStack("prod", 3 - number)}`,
  ]);
  expect(refusal).toContain("client abc is globex/warehouse, which is deployed.");
});
