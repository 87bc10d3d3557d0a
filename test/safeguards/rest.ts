// Rows of the table: the document, the policy pack, imports, Pulumi.yaml, the rest of a stack's file, and the program.
import { demand } from "../support/company";
import { assign, document, from, grave, operation, type Row, set, told } from "./row";

const answers = { responses: { "200": { description: "Done." } } };
const domain = "example.eu.auth0.com";
const existing = (id: string, keeps: string[] = []) => ({ id, keeps });
const imports = (client: object) => ({
  [domain]: { customers: { acme: { organization: existing("org_1"), clients: { default: client } } } },
});

export const documentRows: Row[] = [
  grave(
    "a stranger's address for tokens in the document",
    document(({ components }) =>
      assign(
        components,
        ["securitySchemes", "customers", "flows", "clientCredentials", "tokenUrl"],
        "https://stranger.example.com/oauth/token",
      ),
    ),
    "`https://stranger.example.com/oauth/token`",
    "sends secrets or tokens there",
  ),
  grave(
    "a stranger's server in the document",
    document((one) => assign(one, ["servers"], [{ url: "https://stranger.example.com" }])),
    "https://stranger.example.com",
    "sends secrets or tokens there",
  ),
  grave(
    "a route that becomes public",
    operation("GET /orders", "security", []),
    "`GET /orders`",
    "anyone may call it",
  ),
  grave(
    "a route that is no longer public",
    operation("GET /health", "security", demand(["read:orders"])),
    "`GET /health`",
    "`read:orders`",
  ),
  grave(
    "a route that requires another scope",
    operation("DELETE /orders", "security", demand(["read:orders"])),
    "`DELETE /orders` requires `read:orders` instead of `write:orders`",
  ),
  grave(
    "a route that requires any token",
    operation("DELETE /orders", "security", demand([])),
    "`DELETE /orders`",
    "any token",
  ),
  grave(
    "a route that requires less",
    operation("GET /invoices", "security", demand(["read:orders"])),
    "instead of `read:invoices` and `read:orders`",
    "are accepted",
  ),
  grave(
    "a route that requires more",
    operation("GET /orders", "security", demand(["read:orders", "write:orders"])),
    "`GET /orders`",
    "are refused",
  ),
  grave(
    "a route with an alternative",
    operation("DELETE /orders", "security", demand(["write:orders"], ["read:orders"])),
    "`DELETE /orders`",
    "`write:orders`, or `read:orders`",
  ),
  grave(
    "another demand of every route without one of its own",
    document((one) => {
      one.security = demand([]);
    }),
    "`GET /orders` requires any token instead of `read:orders`",
  ),
  told(
    "a demand that is written out",
    operation("GET /orders", "security", demand(["read:orders"])),
    "`paths /orders get security`",
  ),
  told(
    "a new route",
    document(({ paths }) => {
      paths["/stock"] = { get: { ...answers } };
    }),
    "adds the route `GET /stock`, which requires `read:orders`",
  ),
  grave(
    "a new public route",
    document(({ paths }) => {
      paths["/stock"] = { get: { security: [], ...answers } };
    }),
    "adds the route `GET /stock`",
    "anyone may call it",
  ),
  grave(
    "a route that goes",
    document(({ paths }) => {
      delete paths["/invoices"];
    }),
    "removes the route `GET /invoices`",
  ),
  grave(
    "a route that goes to another backend",
    operation("POST /orders", "x-backend", "stranger"),
    "the backend of `POST /orders`",
    "`stranger`",
  ),
  grave(
    "a route that goes to a backend of its own",
    operation("GET /orders", "x-backend", "warehouse"),
    "the backend of `GET /orders`",
    "`warehouse`",
  ),
  grave(
    "a route that allows encoded slashes",
    operation("GET /orders/{id}", "x-encoded-slashes", "allow"),
    "`x-encoded-slashes` of `GET /orders/{id}`",
    "may serve another operation",
  ),
  told(
    "another timeout",
    operation("POST /orders", "x-backend", { name: "warehouse", timeoutMs: 9000 }),
    "the timeout of `POST /orders`",
    "`9000`",
  ),
  told(
    "another operationId",
    operation("GET /orders", "operationId", "allOrders"),
    "the operationId of `GET /orders`",
    "`allOrders`",
  ),
  told(
    "a required parameter",
    operation("GET /orders", "parameters", [{ name: "page", in: "query", required: true }]),
    "`GET /orders`",
    "page",
  ),
  from(
    set("validateRequests", "all"),
    told(
      "a required parameter that is checked",
      operation("GET /orders", "parameters", [{ name: "page", in: "query", required: true }]),
      "`GET /orders`",
      "API Gateway refuses",
    ),
  ),
  told(
    "a summary",
    operation("GET /orders", "summary", "Lists orders."),
    "`paths /orders get",
    "`Lists orders.`",
  ),
  told(
    "an extension",
    operation("GET /orders", "x-amazon-apigateway-auth", { type: "NONE" }),
    "`x-amazon-apigateway-auth`",
  ),
  grave(
    "a scope that goes",
    document((one) =>
      assign(
        one,
        [
          "components",
          "securitySchemes",
          "customers",
          "flows",
          "clientCredentials",
          "scopes",
          "write:invoices",
        ],
        undefined,
      ),
    ),
    "`scopes write:invoices`",
    "taken from the API",
  ),
  told(
    "a new scope",
    document((one) =>
      assign(
        one,
        ["components", "securitySchemes", "customers", "flows", "clientCredentials", "scopes", "read:stock"],
        "Read",
      ),
    ),
    "`scopes read:stock`",
  ),
  told(
    "another title",
    document((one) => assign(one, ["info", "title"], "Stock API")),
    "`title` of the API",
    "`Stock API`",
  ),
  told(
    "another version",
    document((one) => assign(one, ["info", "version"], "2.0.0")),
    "`version` of the API",
    "`2.0.0`",
  ),
  grave(
    "a document that nobody can read",
    document((one) => assign(one, ["openapi"], "2.0")),
    "cannot read `openapi.yaml`",
  ),
];

export const fileRows: Row[] = [
  grave(
    "a policy that is switched off",
    ({ policy }) => assign(policy, ["protected-customers"], "disabled"),
    "`protected-customers`",
    "`disabled`",
  ),
  grave(
    "a policy that only advises",
    ({ policy }) => assign(policy, ["public-routes", "enforcementLevel"], "advisory"),
    "`public-routes`",
    "`advisory`",
  ),
  from(
    ({ policy }) => assign(policy, ["granted-scopes"], "advisory"),
    told(
      "a policy that refuses again",
      ({ policy }) => assign(policy, ["granted-scopes"], undefined),
      "`granted-scopes`",
      "`mandatory`",
    ),
  ),
  grave(
    "another public route for the policy",
    ({ policy }) => assign(policy, ["public-routes", "allowed"], ["GET /health", "GET /orders"]),
    "`GET /orders`",
    "`public-routes`",
  ),
  told(
    "a public route less for the policy",
    ({ policy }) => assign(policy, ["public-routes", "allowed"], []),
    "`GET /health`",
    "`public-routes`",
  ),
  grave(
    "another setting of a policy",
    ({ policy }) => assign(policy, ["public-routes", "except"], ["*"]),
    "`except` of the policy `public-routes`",
  ),
  grave(
    "a level for all policies",
    ({ policy }) => assign(policy, ["all"], "advisory"),
    "policy `all`",
    "`advisory`",
  ),
  grave(
    "an import",
    (one) => {
      one.imports = imports(existing("stranger"));
    },
    "imports `stranger` as client `default` of `acme`",
  ),
  grave(
    "an import of an organization",
    (one) => {
      one.imports = imports(existing("stranger"));
    },
    "imports `org_1` as the organization of `acme`",
  ),
  grave(
    "an import that leaves scopes as they are",
    (one) => {
      one.imports = imports({ ...existing("c"), grant: existing("g", ["scopes"]) });
    },
    "leaves `scopes` of the grant of client `default` of `acme` as Auth0 has it",
  ),
  from(
    (one) => {
      one.imports = imports(existing("client-1"));
    },
    grave(
      "an import of another client",
      (one) => {
        one.imports = imports(existing("stranger"));
      },
      "imports `stranger` as client `default` of `acme`",
      "no longer `client-1`",
    ),
  ),
  from(
    (one) => {
      one.imports = imports(existing("client-1"));
    },
    told(
      "an import that is done",
      (one) => {
        one.imports = {};
      },
      "drops the import `customers.acme.clients.default.id`",
    ),
  ),
  told(
    "an import of another tenant",
    (one) => {
      one.imports = { "other.eu.auth0.com": imports(existing("c"))[domain] };
    },
    "`c`",
    "another tenant",
  ),
  grave(
    "another main program",
    ({ project }) => assign(project, ["main"], "other.ts"),
    "`main` in Pulumi.yaml",
    "`other.ts`",
  ),
  grave(
    "other arguments of Node.js",
    ({ project }) => assign(project, ["runtime", "options"], { nodeargs: "--require ./evil.cjs" }),
    "`runtime.options` in Pulumi.yaml",
    "evil",
  ),
  grave(
    "another backend of the state",
    ({ project }) => assign(project, ["backend"], { url: "s3://stranger" }),
    "`backend` in Pulumi.yaml",
    "stranger",
  ),
  grave(
    "other providers",
    ({ project }) => assign(project, ["plugins"], { providers: [{ name: "auth0", path: "./evil" }] }),
    "`plugins` in Pulumi.yaml",
    "evil",
  ),
  grave(
    "a default that takes the protection away",
    ({ project }) => assign(project, ["config", "protect", "default"], false),
    "`protect`",
    "`false`",
  ),
  grave(
    "a setting that need not be encrypted",
    ({ project }) => assign(project, ["config", "stripeApiKey", "secret"], undefined),
    "`config.stripeApiKey.secret`",
  ),
  told(
    "another description of a setting",
    ({ project }) => assign(project, ["config", "protect", "description"], "Other."),
    "`config.protect.description`",
  ),
  grave(
    "an environment of ESC",
    ({ stack }) => assign(stack, ["environment"], ["stranger/dev"]),
    "`environment` in the stack's file",
    "stranger",
  ),
  grave(
    "another passphrase",
    ({ stack }) => assign(stack, ["encryptionsalt"], "v1:other"),
    "`encryptionsalt`",
  ),
  grave(
    "another provider of secrets",
    ({ stack }) => assign(stack, ["secretsprovider"], "awskms://stranger"),
    "`secretsprovider`",
    "stranger",
  ),
  grave("an unknown key of the stack's file", ({ stack }) => assign(stack, ["protct"], false), "`protct`"),
  grave(
    "other rules of owners",
    ({ program }) => assign(program, [".github/CODEOWNERS"], "* @eve\n"),
    "`.github/CODEOWNERS`",
  ),
  grave(
    "another workflow",
    ({ program }) => assign(program, [".github/workflows/up.yml"], "on: pull_request_target\n"),
    "`.github/workflows/up.yml`",
  ),
  grave(
    "other guards",
    ({ program }) => assign(program, ["packages/customers-as-code/src/review/guards/guards.ts"], "// none\n"),
    "`packages/customers-as-code/src/review/guards/guards.ts`",
    "the guards",
  ),
  grave(
    "another policy",
    ({ program }) =>
      assign(program, ["packages/customers-as-code/src/policy/protected-customers.ts"], "// none\n"),
    "`packages/customers-as-code/src/policy/protected-customers.ts`",
  ),
  grave(
    "other dependencies",
    ({ program }) => assign(program, ["package.json"], '{"dependencies":{"left-pad":"1"}}\n'),
    "`package.json`",
    "the dependencies",
  ),
  grave(
    "another program",
    ({ program }) => assign(program, ["packages/customers-as-code/src/auth0/customer.ts"], "// other\n"),
    "`packages/customers-as-code/src/auth0/customer.ts`",
    "the program",
  ),
  grave(
    "an upgrade of the product",
    ({ program }) => assign(program, ["package.json"], '{"dependencies":{"customers-as-code":"0.3.0"}}\n'),
    "moves `customers-as-code` from nothing to `0.3.0`",
    "CHANGELOG",
  ),
  grave(
    "a workflow of GitLab's",
    ({ program }) => assign(program, [".gitlab-ci.yml"], "include: ci/deploy.yml\n"),
    "`.gitlab-ci.yml`",
    "the workflows",
  ),
  ...["yarn.lock", "renovate.json", ".npmrc", ".nvmrc"].map((path) =>
    grave(
      `a file of the dependencies: ${path}`,
      ({ program }) => assign(program, [path], "other\n"),
      `\`${path}\``,
      "the dependencies",
    ),
  ),
  grave(
    "policy settings that no stack reads",
    ({ program }) => assign(program, ["policy/config/dev.json"], "{}\n"),
    "`policy/config/dev.json`",
    "the guards",
  ),
  ...[
    "tsconfig.json",
    "ci/included.yml",
    "docs/helper.ts",
    "test/helper.ts",
    "Pulumi.dev.yml",
    "authorizer/addon.node",
    "node_modules/zod/index.wasm",
    "Makefile",
    ".gitattributes",
    "Pulumi.yml",
    "customers/tsconfig.json",
  ].map((path) =>
    grave(
      `a file of the program that is no TypeScript: ${path}`,
      ({ program }) => assign(program, [path], "other\n"),
      `\`${path}\``,
      "the program",
    ),
  ),
  ...[undefined, { secure: "v1:aaaa:bbbb" }, "Example.EU.auth0.com."].map((given) =>
    from(
      set("auth0:domain", given),
      grave(
        `an import, if the settings have ${JSON.stringify(given) ?? "nothing"} as the tenant's domain`,
        (one) => {
          one.imports = imports(existing("stranger"));
        },
        "imports `stranger` as client `default` of `acme`",
      ),
    ),
  ),
  told(
    "another spelling of the tenant's domain",
    set("auth0:domain", "EXAMPLE.eu.auth0.com"),
    "`auth0:domain`",
    "it is the same tenant",
  ),
];
