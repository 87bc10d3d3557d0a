// The states are as the engine writes them (pulumi/pulumi, sdk/go/common/apitype).
import {
  type Checkpoint,
  checkpointSchema,
  notArrived,
  withoutCustomers,
} from "../../src/stacks/forget-customers";

const urn = (name: string, type: string, parent = "") =>
  `urn:pulumi:prod::customers-as-code::${parent === "" ? "" : `${parent}$`}${type}::${name}`;
const customer = "customers-as-code:auth0:Customer";
const delivery = "customers-as-code:delivery:Delivery";
const organization = "auth0:index/organization:Organization";
const client = "auth0:index/client:Client";
const root = "urn:pulumi:prod::customers-as-code::pulumi:pulumi:Stack::customers-as-code-prod";
const lambda = urn("gateway-authorizer", "aws:lambda/function:Function");
const api = urn("gateway", "aws:apigateway/restApi:RestApi");

const treeOf = (id: string) => {
  const names = {
    customer: urn(id, customer),
    organization: urn(id, organization, customer),
    client: urn(`${id}/default`, client, customer),
    delivery: urn(id, delivery),
    secret: urn(`${id}/default`, "aws:secretsmanager/secret:Secret", delivery),
  };
  const resources = [
    { urn: names.customer, type: customer, parent: root },
    { urn: names.organization, type: organization, id: `org_${id}`, parent: names.customer },
    { urn: names.client, type: client, id: `client-of-${id}`, parent: names.customer },
    { urn: names.delivery, type: delivery, parent: root },
    { urn: names.secret, type: "aws:secretsmanager/secret:Secret", id: `arn:${id}`, parent: names.delivery },
  ];
  return { names, resources };
};
const acme = treeOf("acme");
const globex = treeOf("globex");

/** A main stack with two customers, whose authorizer denies both. */
const main = checkpointSchema.parse({
  version: 3,
  deployment: {
    manifest: { magic: "abc" },
    secrets_providers: { type: "passphrase" },
    resources: [
      { urn: root, type: "pulumi:pulumi:Stack", outputs: { url: "https://x" } },
      ...acme.resources,
      ...globex.resources,
      {
        ...{ urn: lambda, type: "aws:lambda/function:Function", id: "authorizer", custom: true },
        dependencies: [acme.names.organization, globex.names.organization],
        propertyDependencies: { code: [acme.names.organization, globex.names.organization], role: [] },
        deletedWith: acme.names.client,
        replaceWith: [acme.names.client, globex.names.client],
      },
      { urn: api, type: "aws:apigateway/restApi:RestApi", id: "api-1", dependencies: [lambda] },
    ],
    pending_operations: [
      { type: "updating", resource: { urn: acme.names.client } },
      { type: "updating", resource: { urn: lambda } },
    ],
  },
});
const urnsIn = ({ deployment }: Checkpoint) => deployment.resources?.map((one) => one.urn);

describe("a state without a customer", () => {
  const { deployment, ...rest } = withoutCustomers(main, ["acme"]);

  test("has all else: the API and its authorizer too, which knew the customer's organization", () => {
    expect(urnsIn({ deployment, ...rest })).toEqual([
      root,
      ...globex.resources.map((one) => one.urn),
      lambda,
      api,
    ]);
    expect(deployment).toMatchObject({
      manifest: { magic: "abc" },
      secrets_providers: { type: "passphrase" },
    });
    expect(rest).toEqual({ version: 3 });
  });

  test("names nothing of the customer any more, and what it named besides still", () => {
    const found = deployment.resources?.find((one) => one.urn === lambda);
    expect(found).toEqual({
      ...{ urn: lambda, type: "aws:lambda/function:Function", id: "authorizer", custom: true },
      dependencies: [globex.names.organization],
      propertyDependencies: { code: [globex.names.organization], role: [] },
      replaceWith: [globex.names.client],
    });
    expect(JSON.stringify(deployment)).not.toContain("acme");
    expect(deployment.pending_operations).toEqual([{ type: "updating", resource: { urn: lambda } }]);
  });

  test("is the same state where it had none of the customers", () => {
    expect(withoutCustomers(main, ["initech", "prod"])).toEqual(main);
    const empty = checkpointSchema.parse({ version: 3, deployment: {} });
    expect(withoutCustomers(empty, ["acme"])).toEqual({ version: 3, deployment: { resources: [] } });
  });
});

test("who has arrived elsewhere is known by the organization, not by the name alone", () => {
  const shard = (resources: object[]) => checkpointSchema.parse({ deployment: { resources } });
  const both = ["acme", "globex"];
  expect(notArrived(main, shard([...acme.resources, ...globex.resources]), both)).toEqual([]);
  // Another client, since a secret was rotated there; a component alone, since Auth0 refused the organization.
  const [component, own] = acme.resources;
  const [lonely] = globex.resources;
  expect(notArrived(main, shard([component ?? {}, own ?? {}, lonely ?? {}]), both)).toEqual(["globex"]);
});
