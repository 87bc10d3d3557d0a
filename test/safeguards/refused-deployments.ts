// Rows of the table: what a deployment refuses by what the last one left, and by its plan.
import {
  plan,
  customer as planned,
  settings,
  step,
} from "../../packages/customers-as-code/testing/preview-events";
import type { Company, CustomerData } from "../support/company";
import { assign, client, customer, type RefusedRow, refused, set, setWithin } from "./row";

type Edit = (company: Company) => void;

const together =
  (...edits: Edit[]): Edit =>
  (company) => {
    for (const edit of edits) edit(company);
  };
const status = (id: string, value: string | undefined) =>
  customer(id, (one) => assign(one, ["status"], value));
const nothing = () => undefined;
const remove =
  (id: string): Edit =>
  ({ customers }) => {
    delete customers[id];
  };
const removeClient = (id: string, name: string) =>
  customer(id, ({ clients }) => {
    delete clients[name];
  });
const rename =
  (id: string, to: string, more: Partial<CustomerData> = {}): Edit =>
  ({ customers }) => {
    const moved = customers[id];
    if (moved) customers[to] = { ...moved, ...more };
    delete customers[id];
  };
const organization = (id: string, name: string) => customer(id, (one) => assign(one, ["organization"], name));
const noOwnDomain = set("customDomain", undefined);

const protect: RefusedRow[] = [
  refused(
    "protect",
    "a customer that is removed without having been closed",
    remove("acme"),
    "customers/acme.yaml  protect: acme cannot be deleted because it is protected",
    'deployed as "active"',
    "npx customers remove acme",
  ),
  refused(
    "protect",
    "a suspended customer that is removed",
    remove("initech"),
    'initech cannot be deleted because it is protected: it was deployed as "suspended"',
    "with 1 client, and no file declares it any more. Put its file back",
  ),
  refused(
    "protect",
    "a folder that is emptied",
    ({ customers }) => {
      for (const id of Object.keys(customers)) delete customers[id];
    },
    "customers  has no customer file, and this deployment would delete acme, globex, initech",
    "pulumi config set customers FOLDER",
  ),
  refused(
    "protect",
    "a customer that is removed together with the protection",
    together(set("protect", false), remove("acme")),
    "acme cannot be deleted because it is protected",
  ),
  refused(
    "protect",
    "a file with a new name",
    rename("globex", "globex-eu"),
    "globex cannot be deleted because it is protected",
    'add "previously: globex" to customers/globex-eu.yaml',
  ),
  refused(
    "protect",
    "a customer that claims to be another one",
    together(
      customer("globex", (one) => assign(one, ["previously"], "acme")),
      remove("acme"),
    ),
    '"previously: acme" of the customer globex renames nothing',
    "Remove the line",
  ),
  refused(
    "protect",
    "a client that is removed without having been closed",
    removeClient("acme", "default"),
    "customers/acme.yaml  protect: the client acme/default cannot be deleted because it is protected",
    'set "closing: true", merge and deploy that; then delete its lines',
  ),
  refused(
    "protect",
    "a client of a suspended customer that is removed",
    together(
      removeClient("initech", "default"),
      customer("initech", ({ clients }) => {
        clients.other = { scopes: ["read:orders"] };
      }),
    ),
    "the client initech/default cannot be deleted",
    'If it has a new name (new here: other), add "previously: default" to the client of that name',
  ),
  refused(
    "protect",
    "a rotation without retiring",
    client("acme", "default", { rotation: 2 }),
    "the client acme/default cannot be deleted",
    'add "retiring: 1" to a client with a secret',
  ),
  refused(
    "protect",
    "another rotation of a client whose rotation goes on",
    client("acme", "reports", { rotation: 3, retiring: undefined }),
    "the client acme/reports/2 cannot be deleted",
    'Another "rotation" would end its credentials at once',
  ),
];

const limit: RefusedRow[] = [
  refused(
    "removalLimit",
    "two of four customers that are closed",
    together(status("acme", "closing"), status("globex", "closing")),
    "removalLimit: this deployment closes acme, globex: 2 of 4 customers, and at most 1 may go at once (25%)",
    "Deploy it in steps; or, if you intend it: pulumi config set removalLimit 2",
  ),
  refused(
    "removalLimit",
    "two of four customers that are suspended",
    together(status("acme", "suspended"), status("globex", "suspended")),
    "suspends acme, globex: 2 of 4 customers",
    "pulumi config set removalLimit 2",
  ),
  refused(
    "removalLimit",
    "one that is suspended beside one that is closed",
    together(status("acme", "suspended"), status("globex", "closing")),
    "closes globex and suspends acme: 2 of 4 customers",
  ),
  refused(
    "removalLimit",
    "closed customers of which two are removed at once",
    { before: together(status("acme", "closing")), edit: together(remove("acme"), remove("umbrella")) },
    "removes acme, umbrella: 2 of 4 customers",
    "Deploy it in steps",
  ),
  refused(
    "removalLimit",
    "protected customers that are too many, too",
    together(remove("acme"), remove("globex")),
    "removes acme, globex: 2 of 4 customers",
    "They are protected, too. Put their files back",
  ),
  refused(
    "removalLimit",
    "a suspension on the day of another one",
    {
      before: status("globex", "suspended"),
      left: ({ lastDeployment }) => {
        lastDeployment.losses = [{ at: new Date().toISOString(), customer: "globex" }];
      },
      edit: status("acme", "suspended"),
    },
    "suspends acme, after globex within 24 hours: 2 of 4 customers",
    "Deploy it in steps, a day apart",
  ),
  refused(
    "removalLimit",
    "two clients that are closed",
    together(client("acme", "default", { closing: true }), client("globex", "warehouse", { closing: true })),
    "takes away the clients acme/default, globex/warehouse",
    "pulumi config set removalLimit 2",
  ),
  refused(
    "removalLimit",
    "scopes that two customers lose",
    {
      before: client("globex", "warehouse", { scopes: ["read:orders", "write:orders"] }),
      edit: together(
        client("globex", "warehouse", { scopes: ["read:orders"] }),
        client("acme", "default", { scopes: ["read:orders"] }),
      ),
    },
    "takes scopes from clients of acme, globex: 2 of 4 customers",
    "Deploy it in steps",
  ),
  refused(
    "removalLimit",
    "two customers that are closed together with a higher limit of one",
    together(set("removalLimit", 1), status("acme", "closing"), status("globex", "closing")),
    "and at most 1 may go at once (1)",
    "pulumi config set removalLimit 2",
  ),
];

const changedUrl = (what: string, attempt: Parameters<typeof refused>[2], ...says: string[]) =>
  refused("approvedChanges", what, attempt, "changes the API's URL for every customer", ...says);

const address: RefusedRow[] = [
  refused(
    "approvedChanges",
    "another tenant",
    set("auth0:domain", "other.eu.auth0.com"),
    'auth0:domain: "other.eu.auth0.com" instead of "example.eu.auth0.com" changes the tokens of every customer',
    "A different tenant needs a stack of its own",
  ),
  refused(
    "approvedChanges",
    "another audience, with the end of the protection too",
    together(set("protect", false), set("audience", "https://other.example.com/")),
    'audience: "https://other.example.com/" instead of "https://api.example.com/" changes the tokens of every customer',
    "acme, globex, initech",
    "Undo it: pulumi config set audience https://api.example.com/",
    "pulumi config set --path 'approvedChanges[0]' audience=https://other.example.com/",
  ),
  refused(
    "approvedChanges",
    "another audience by an approval of another value",
    together(
      set("audience", "https://other.example.com/"),
      set("approvedChanges", ["audience=https://third.example.com/", "apiType=http"]),
    ),
    "pulumi config set --path 'approvedChanges[2]' audience=https://other.example.com/",
  ),
  changedUrl(
    "another name of the API",
    setWithin("customDomain.name", "api2.example.com"),
    'customDomain: "api2.example.com/orders" instead of "api.example.com/orders"',
    "Undo the change of customDomain",
  ),
  changedUrl(
    "another path of the API",
    setWithin("customDomain.basePath", "orders2"),
    'customDomain: "api.example.com/orders2"',
  ),
  changedUrl("the end of the API's own name", noOwnDomain, 'customDomain: "none"'),
  changedUrl(
    "a first name of the API that closes its own endpoint",
    {
      before: noOwnDomain,
      edit: set("customDomain", {
        name: "api.example.com",
        certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/1a2b",
      }),
    },
    'customDomain.defaultEndpoint: "false" instead of "true"',
    "'approvedChanges[0]' customDomain.defaultEndpoint=false",
  ),
  changedUrl(
    "another stage while customers call the API's own endpoint, whatever the removalLimit",
    { before: together(noOwnDomain, set("removalLimit", "100%")), edit: set("stageName", "v2") },
    'stageName: "v2" instead of "v1"',
    "Undo it: pulumi config set stageName v1",
  ),
  refused(
    "approvedChanges",
    "certificates that callers need from now on",
    {
      before: setWithin("customDomain.mutualTls", undefined),
      edit: setWithin("customDomain.mutualTls", { truststoreUri: "s3://truststore/clients.pem" }),
    },
    'customDomain.mutualTls: "required" instead of "none" cuts off every customer',
  ),
];

const ownClient: RefusedRow[] = [
  refused(
    "Pulumi's own client",
    "a closed customer that is removed, with the client by which Pulumi signs in",
    { edit: remove("umbrella"), ownClientId: "umbrella_old" },
    'auth0:clientId: this deployment deletes the client "old" of umbrella, with which Pulumi itself signs in to Auth0',
    "Give Pulumi another client first",
  ),
  refused(
    "Pulumi's own client",
    "a closed client that is removed, by which Pulumi signs in",
    { edit: removeClient("umbrella", "old"), ownClientId: "umbrella_old" },
    'deletes the client "old" of umbrella',
    "auth0:clientId or AUTH0_CLIENT_ID",
  ),
  refused(
    "Pulumi's own client",
    "a plan that deletes the client by which Pulumi signs in",
    {
      edit: nothing,
      ownClientId: "id-portal",
      plan: () => plan(step("Client", "portal", { op: "delete", old: {} })),
    },
    "The client portal would be deleted",
    "Give Pulumi another client first",
  ),
];

const plans: RefusedRow[] = [
  refused(
    "replaced customers",
    "a plan that replaces an organization",
    {
      edit: nothing,
      plan: (config) =>
        plan(
          settings(config),
          planned("globex", { before: "active", after: "active" }),
          step("Organization", "globex", { op: "replace", old: {}, new: {}, diffs: ["name"] }),
        ),
    },
    "The organization of globex would be replaced because of name",
    "pulumi config set --path 'replaceable[1]' globex",
  ),
  refused(
    "replaced customers",
    "a plan that replaces a client by its import",
    {
      edit: nothing,
      plan: (config) =>
        plan(
          settings(config),
          step("Customer", "globex", { op: "update", old: {}, new: {} }),
          step("Client", "globex/warehouse", { op: "import-replacement", old: {}, new: {}, diffs: ["id"] }),
        ),
    },
    'The client "warehouse" of globex would be replaced',
    "Undo what forces it",
  ),
  refused(
    "number of customers",
    "a plan that removes more than the files say",
    {
      edit: nothing,
      plan: (config) =>
        plan(
          settings(config),
          ...["acme", "globex", "initech"].map((id) => planned(id, { before: "closing" })),
        ),
    },
    "acme, globex, initech: 3 of 3 customers would be removed, closed or replaced, and at most 1 may go at once (25%)",
    "pulumi config set removalLimit 3",
  ),
];

const names: RefusedRow[] = [
  refused(
    "organization names",
    "two organizations' names that are swapped",
    together(organization("acme", "globex"), organization("globex", "acme")),
    'customers/acme.yaml:1:1  organization name "globex" is that of customer globex until this deployment has ended',
    'Deploy a third name of acme first, such as "globex-new"',
  ),
  refused(
    "organization names",
    "a name that another organization gives up",
    together(organization("acme", "globex"), organization("globex", "globex-eu")),
    'organization name "globex" is that of customer globex',
    'Deploy the new name of globex first ("globex-eu"), and that of acme after it',
  ),
  refused(
    "organization names",
    "a new customer with the name of one that is removed",
    rename("umbrella", "wayne", { organization: "umbrella", status: "active" }),
    'organization name "umbrella" is that of customer umbrella',
    "Deploy the removal of umbrella first, and wayne after it",
  ),
];

const shards: RefusedRow[] = [
  refused(
    "shards",
    "customers that are split while they are in the main stack",
    set("shards", 4),
    "shards: 4 of the customers of this stack, such as acme, belong to other stacks now",
    "npx customers shards move --stack dev",
  ),
];

export const deploymentRows = [...protect, ...limit, ...address, ...ownClient, ...plans, ...names, ...shards];
