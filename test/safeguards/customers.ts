// Rows of the table: what a customer's file and its clients say.
import { thumbprintOf } from "../../packages/customers-as-code/src/customers/public-key";
import { keys } from "../support/company";
import { assign, client, customer, from, grave, type Row, told } from "./row";

const acme = (key: string, value: unknown) => customer("acme", (one) => assign(one, key.split("."), value));
const globex = (key: string, value: unknown) =>
  customer("globex", (one) => assign(one, key.split("."), value));
const [first, second] = [thumbprintOf(keys.first), thumbprintOf(keys.second)];
const named = "`acme` (*Acme Corporation*)";

export const customerRows: Row[] = [
  told(
    "a new customer",
    ({ customers }) => {
      customers.wayne = { displayName: "Wayne", clients: { ci: { scopes: ["read:orders"] } } };
    },
    "adds customer `wayne` (*Wayne*)",
    "`read:orders`",
  ),
  grave(
    "a new customer whose secrets go to an AWS account",
    ({ customers }) => {
      customers.wayne = {
        displayName: "Wayne",
        delivery: { awsAccountId: "999999999999" },
        clients: { ci: { scopes: ["read:orders"] } },
      };
    },
    "`wayne` (*Wayne*)",
    "`999999999999`",
  ),
  grave(
    "a new customer with members",
    ({ customers }) => {
      customers.wayne = {
        displayName: "Wayne",
        members: ["eve@example.com"],
        clients: { ci: { scopes: ["read:orders"] } },
      };
    },
    "`eve@example.com`",
    "`wayne` (*Wayne*)",
  ),
  grave(
    "a new customer with a key pair",
    ({ customers }) => {
      customers.wayne = {
        displayName: "Wayne",
        clients: {
          ci: { scopes: ["read:orders"], authentication: "private_key_jwt", publicKey: keys.second },
        },
      };
    },
    "client `ci` of `wayne` (*Wayne*)",
    `\`${second}\``,
  ),
  grave(
    "a customer that is removed without having been closed",
    ({ customers }) => {
      delete customers.acme;
    },
    `removes ${named}`,
    "2 clients stop working at once",
  ),
  grave(
    "a suspended customer that is removed without having been closed",
    ({ customers }) => {
      delete customers.initech;
    },
    "removes `initech` (*Initech*): it was suspended, not closing",
  ),
  told(
    "a closed customer that is removed",
    ({ customers }) => {
      delete customers.umbrella;
    },
    "removes `umbrella` (*Umbrella*)",
    "deleted for good",
  ),
  told(
    "a customer with another id",
    ({ customers }) => {
      const { acme: moved } = customers;
      if (moved) customers["acme-eu"] = { ...moved, organization: "acme", previously: "acme" };
      delete customers.acme;
    },
    "renames customer `acme` to `acme-eu`",
  ),
  grave("a suspension", acme("status", "suspended"), `suspends ${named}`, "403"),
  grave("a customer that is closed", acme("status", "closing"), `closes ${named}`, "403"),
  grave(
    "a customer that is resumed",
    customer("initech", (one) => assign(one, ["status"], undefined)),
    "resumes `initech` (*Initech*)",
  ),
  grave(
    "a suspended customer that is closed",
    customer("initech", (one) => assign(one, ["status"], "closing")),
    "closes `initech` (*Initech*)",
  ),
  told(
    "a closing customer that is kept suspended",
    customer("umbrella", (one) => assign(one, ["status"], "suspended")),
    "suspends `umbrella` (*Umbrella*)",
  ),
  told(
    "another display name",
    acme("displayName", "Acme Inc."),
    "`acme`",
    "`Acme Corporation`",
    "`Acme Inc.`",
  ),
  grave(
    "two display names that are swapped",
    ({ customers: { acme: one, globex: other } }) => {
      if (one && other) [one.displayName, other.displayName] = [other.displayName, one.displayName];
    },
    "the display name of `acme` from `Acme Corporation` to `Globex`",
    "`globex` has this display name until now",
  ),
  told(
    "a name with a character that reorders the line",
    acme("displayName", "Acme\u202eemcA"),
    "`Acme⟨U+202E⟩emcA`",
  ),
  told(
    "another name of the organization",
    acme("organization", "acme-eu"),
    "the organization's name of `acme`",
    "`acme-eu`",
  ),
  grave(
    "two organizations' names that are swapped",
    ({ customers: { acme: one, globex: other } }) => {
      if (one && other) [one.organization, other.organization] = ["globex", "acme"];
    },
    "the organization's name of `acme`",
    "has this name until now",
  ),
  told("another contact", acme("contact", "eve@example.com"), "the contact of `acme`", "`eve@example.com`"),
  told("no contact", acme("contact", undefined), "the contact of `acme`", "`api@acme.example`"),
  told(
    "another customer of Stripe",
    acme("metadata.stripeCustomerId", "cus_9"),
    "`stripeCustomerId` of `acme`",
    "`cus_9`",
  ),
  told("another note", acme("metadata.note", "since 2021"), "`note` of `acme`", "`since 2021`"),
  told("a note that goes", acme("metadata.note", undefined), "`note` of `acme`"),
  grave(
    "a new member",
    acme("members", ["jane@acme.example", "eve@example.com"]),
    "`eve@example.com`",
    "`acme`",
  ),
  grave("a member that goes", acme("members", []), "`jane@acme.example`", "`acme`"),
  grave("a first delivery", acme("delivery", { awsAccountId: "999999999999" }), "`999999999999`", "`acme`"),
  grave(
    "a delivery to another account",
    globex("delivery.awsAccountId", "999999999999"),
    "`123456789012`",
    "`999999999999`",
    "`globex`",
  ),
  grave("a delivery that ends", globex("delivery", undefined), "`123456789012`", "`globex`"),
  grave("a larger plan", globex("plan", "gold"), "the plan of `globex`", "`gold`"),
  from(
    globex("plan", "gold"),
    told("a smaller plan", globex("plan", "free"), "the plan of `globex`", "`free`"),
  ),
  grave(
    "a new client",
    customer("acme", ({ clients }) => {
      clients.ci = { scopes: ["write:orders"] };
    }),
    `adds client \`ci\` of ${named}`,
    "`write:orders`",
  ),
  grave(
    "a client that is removed without having been closed",
    customer("acme", ({ clients }) => {
      delete clients.default;
    }),
    `removes client \`default\` of ${named}`,
    "stops working at once",
  ),
  told(
    "a closed client that is removed",
    customer("umbrella", ({ clients }) => {
      delete clients.old;
    }),
    "removes client `old` of `umbrella`",
  ),
  told(
    "a client with another name",
    customer("acme", ({ clients }) => {
      clients.main = { ...clients.default, previously: "default" };
      delete clients.default;
    }),
    "renames client `default` to client `main` of `acme`",
  ),
  grave(
    "a scope that a client gains",
    client("acme", "reports", { scopes: ["read:invoices", "write:invoices"] }),
    "gives `write:invoices` to client `reports` of `acme`",
  ),
  grave(
    "a scope that a client loses",
    client("acme", "default", { scopes: ["read:orders"] }),
    "takes `write:orders` from client `default` of `acme`",
  ),
  grave(
    "a client that is closed",
    client("acme", "default", { closing: true }),
    "closes client `default` of `acme`",
  ),
  told(
    "a client that is no longer closed",
    client("umbrella", "old", { closing: undefined }),
    "no longer closes client `old` of `umbrella`",
  ),
  told(
    "a rotation that begins",
    client("acme", "default", { rotation: 2, retiring: 1 }),
    "gives client `default` of `acme`",
    "`2`",
    "beside the secret of rotation `1`",
  ),
  grave(
    "a rotation without retiring",
    client("acme", "default", { rotation: 2 }),
    "ends the secret of rotation `1` of client `default` of `acme`",
    "at once",
  ),
  grave(
    "a rotation that ends",
    client("acme", "reports", { retiring: undefined }),
    "ends the secret of rotation `1` of client `reports` of `acme`",
  ),
  grave(
    "a rotation that is called off",
    client("acme", "reports", { rotation: undefined, retiring: undefined }),
    "ends the secret of rotation `2` of client `reports` of `acme`",
  ),
  told(
    "a rotation that is called off after its deployment",
    client("acme", "reports", { rotation: undefined, retiring: undefined, cancelled: 2 }),
    "cancels the rotation `2` of client `reports` of `acme`",
  ),
  grave(
    "a stranger's key pair",
    client("globex", "keyed", { publicKey: keys.second }),
    `\`${first}\``,
    `\`${second}\``,
    "replaces",
    "client `keyed` of `globex`",
  ),
  grave(
    "a key beside the one that is there",
    client("globex", "keyed", { publicKey: keys.second, retiringPublicKey: keys.first }),
    `adds the key \`${second}\``,
    `beside the key \`${first}\``,
  ),
  from(
    client("globex", "keyed", { publicKey: keys.second, retiringPublicKey: keys.first }),
    grave(
      "a key that ends",
      client("globex", "keyed", { retiringPublicKey: undefined }),
      `ends the key \`${first}\``,
      `leaves the key \`${second}\``,
    ),
  ),
  told(
    "a key that is written differently",
    client("globex", "keyed", { publicKey: `${keys.first}\n` }),
    `\`${first}\``,
    "differently",
  ),
  grave(
    "a key pair instead of a secret",
    client("globex", "warehouse", { authentication: "private_key_jwt", publicKey: keys.second }),
    `\`${second}\``,
    "client `warehouse` of `globex`",
    "its secret ends",
  ),
  grave(
    "a secret instead of a key pair",
    client("globex", "keyed", { authentication: undefined, publicKey: undefined }),
    `\`${first}\``,
    "client `keyed` of `globex`",
  ),
  grave(
    "more tokens",
    client("acme", "default", { tokenQuota: { perDay: 500 } }),
    "`tokenQuota.perDay` of client `default` of `acme`",
    "`500`",
  ),
  told(
    "fewer tokens",
    client("acme", "default", { tokenQuota: { perDay: 5 } }),
    "`tokenQuota.perDay` of client `default` of `acme`",
    "`5`",
  ),
  grave(
    "a quota that goes beside a note that changes",
    customer("acme", (one) => {
      assign(one, ["metadata", "note"], "other");
      assign(one, ["clients", "default", "tokenQuota"], undefined);
    }),
    "`tokenQuota.perDay` of client `default` of `acme`",
  ),
  grave(
    "a gain of scopes in one stack alone",
    customer("acme", (one) => {
      one.stacks = { dev: { clients: { reports: { scopes: ["read:invoices", "write:orders"] } } } };
    }),
    "gives `write:orders` to client `reports` of `acme`",
  ),
  grave(
    "a customer's file that nobody can read",
    customer("acme", (one) => assign(one, ["clients"], undefined)),
    "`customers/acme.yaml`",
    "cannot read",
  ),
];
