// A company as its files have it, with something of everything that a change can be of.
import { generateKeyPairSync } from "node:crypto";
import { type Declared, readDeclared } from "../../packages/customers-as-code/src/review/declared/declared";
import { type Files, filesOf } from "../../packages/customers-as-code/src/review/git/files";

/** As data; a change is one of it, and never one of its text. */
export interface Company {
  /** Of Pulumi.dev.yaml, by full names. */
  config: Record<string, unknown>;
  /** Beside `config` in it. */
  stack: Record<string, unknown>;
  project: Record<string, unknown>;
  customers: Record<string, CustomerData>;
  document: DocumentData;
  policy: Record<string, unknown>;
  imports: Record<string, unknown>;
  /** By path. */
  program: Record<string, string>;
}

export interface CustomerData {
  displayName: string;
  clients: Record<string, Record<string, unknown>>;
  [key: string]: unknown;
}

export interface DocumentData {
  security: unknown;
  paths: Record<string, Record<string, Record<string, unknown>>>;
  [key: string]: unknown;
}

export function publicKey(): string {
  return String(
    generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "pem" }),
  );
}

export const keys = { first: publicKey(), second: publicKey() };

const scopes = {
  "read:orders": "Read",
  "write:orders": "Write",
  "read:invoices": "Read",
  "write:invoices": "Write",
};
const answers = { responses: { "200": { description: "Done." } } };
export const demand = (...alternatives: string[][]) => alternatives.map((customers) => ({ customers }));

export function company(): Company {
  const own = (settings: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(settings).map(([key, value]) => [`customers-as-code:${key}`, value]));
  return {
    config: {
      "auth0:domain": "example.eu.auth0.com",
      "aws:region": "eu-central-1",
      ...own({
        audience: "https://api.example.com/",
        backendUrl: "https://backend.example.com",
        backends: { warehouse: { kind: "http", url: "https://warehouse.example.com", timeoutMs: 5000 } },
        portalScopes: ["read:orders"],
        publicRoutes: ["GET /health"],
        corsAllowedOrigins: ["https://app.example.com"],
        plans: {
          free: {
            throttle: { rate: 5, burst: 10 },
            quota: { limit: 1000, period: "month" },
            tokenQuota: { perDay: 100 },
          },
          gold: { throttle: { rate: 50, burst: 100 } },
        },
        defaultPlan: "free",
        webAclArn: "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/api/0a1b",
        customDomain: {
          name: "api.example.com",
          certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/1a2b",
          hostedZoneId: "Z0123456789ABCDEFGHIJ",
          basePath: "orders",
          minimumTls: "1.2",
          mutualTls: { truststoreUri: "s3://truststore/clients.pem", truststoreVersion: "1" },
        },
        alarms: {
          topicArns: ["arn:aws:sns:eu-central-1:123456789012:on-call"],
          thresholds: { serverErrorPercent: 2 },
        },
        kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222",
        deliveryKmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/33333333-4444",
        moesifIngestUrl: "https://moesif.example.com/ingest",
        moesifApplicationId: { secure: "v1:aaaa:bbbb" },
        moesifManagementToken: { secure: "v1:cccc:dddd" },
        stripeApiKey: { secure: "v1:eeee:ffff" },
        liveSuspensions: true,
        logRetentionDays: 90,
        authorizerCacheSeconds: 60,
        tokenLifetime: 86_400,
        rotateEveryDays: 180,
        removalLimit: "25%",
        replaceable: ["acme"],
        tags: { team: "api" },
        portal: {
          domainName: "portal.example.com",
          apiDomainName: "portal-api.example.com",
          certificateArn:
            "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555",
          images: { web: "moesif/dev-portal:1.2.3", api: "moesif/dev-portal-api:1.2.3" },
          moesif: { liveEventLogWorkspaceId: "live-1", timeSeriesWorkspaceId: "series-1" },
          stripe: { publishableKey: "pk_test_1" },
          allowedCidrs: ["10.0.0.0/8"],
        },
      }),
    },
    stack: { encryptionsalt: "v1:salt" },
    project: {
      name: "customers-as-code",
      main: "index.ts",
      runtime: { name: "nodejs" },
      config: {
        protect: { type: "boolean", description: "Whether to protect.", default: true },
        stripeApiKey: { secret: true, description: "Key.", default: "" },
      },
    },
    customers: {
      acme: {
        displayName: "Acme Corporation",
        contact: "api@acme.example",
        metadata: { stripeCustomerId: "cus_1", note: "since 2020" },
        members: ["jane@acme.example"],
        clients: {
          default: { scopes: ["read:orders", "write:orders"], tokenQuota: { perDay: 50 } },
          reports: { scopes: ["read:invoices"], rotation: 2, retiring: 1 },
        },
      },
      globex: {
        displayName: "Globex",
        plan: "free",
        delivery: { awsAccountId: "123456789012" },
        clients: {
          warehouse: { scopes: ["read:orders"] },
          keyed: { scopes: ["read:orders"], authentication: "private_key_jwt", publicKey: keys.first },
        },
      },
      initech: {
        displayName: "Initech",
        status: "suspended",
        clients: { default: { scopes: ["read:orders"] } },
      },
      umbrella: {
        displayName: "Umbrella",
        status: "closing",
        clients: { default: { scopes: ["read:orders"] }, old: { scopes: ["read:orders"], closing: true } },
      },
    },
    document: {
      openapi: "3.0.3",
      info: { title: "Orders API", version: "1.0.0", description: "What the company sells." },
      security: demand(["read:orders"]),
      paths: {
        "/health": { get: { security: [], ...answers } },
        "/orders": {
          get: { operationId: "listOrders", ...answers },
          post: { security: demand(["write:orders"]), "x-backend": "warehouse", ...answers },
          delete: { security: demand(["write:orders"]), ...answers },
        },
        "/orders/{id}": {
          get: {
            parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
            ...answers,
          },
        },
        "/invoices": { get: { security: demand(["read:invoices", "read:orders"]), ...answers } },
      },
      components: {
        securitySchemes: {
          customers: {
            type: "oauth2",
            flows: {
              clientCredentials: {
                tokenUrl: "https://example.eu.auth0.com/oauth/token",
                scopes: { ...scopes },
              },
            },
          },
        },
      },
    },
    policy: { "public-routes": { allowed: ["GET /health"] } },
    imports: {},
    program: {
      "index.ts": "export {};\n",
      "package.json": "{}\n",
      "packages/customers-as-code/src/review/guards/guards.ts": "export {};\n",
      ".github/CODEOWNERS": "* @example/platform\n",
      ".github/workflows/up.yml": "on: push\n",
    },
  };
}

/** As JSON, which is YAML too. */
export function filesOfCompany(one: Company): Files {
  const customers = Object.entries(one.customers).map(([id, customer]) => [
    `customers/${id}.yaml`,
    JSON.stringify(customer),
  ]);
  return filesOf({
    "Pulumi.yaml": JSON.stringify(one.project),
    "Pulumi.dev.yaml": JSON.stringify({ ...one.stack, config: one.config }),
    "openapi.yaml": JSON.stringify(one.document),
    "policy/dev.json": JSON.stringify(one.policy),
    ...(Object.keys(one.imports).length > 0 && { "customers/imports.json": JSON.stringify(one.imports) }),
    ...Object.fromEntries(customers),
    ...one.program,
  });
}

export function declaredBy(one: Company): Declared {
  return readDeclared(filesOfCompany(one), "dev");
}
