// The commands of README and docs that test/e2e/copied-commands.test.ts doesn't run, each with the reason. A command that is neither
// here nor run fails a test, and so does a row whose command no page has any more.

export interface Row {
  /** README.md with its path; of a page in docs/ its own name. */
  page: string;
  /** `*` for all of a page. */
  command: string;
  reason: string;
}

const aws = "needs an AWS account";
const accounts =
  "needs an Auth0 tenant and an AWS account; test/e2e/deployment.test.ts deploys to local ones";
const placeholder = "the reader's own secrets belong there";
const suite = "is the whole test suite, which CI runs";
const install = "everything else in the tests begins with it";
const create =
  "installs from npm's registry; test/e2e/new-company.test.ts and test/e2e/create.test.ts run it with the packages of this repository";
const registry =
  "installs from npm's registry; test/e2e/packages.test.ts installs the packages of this repository";
const fork = "needs a fork; test/e2e/fork-to-package.test.ts converts one";
const measures = "measures for minutes; test/bench.test.ts checks the program";
const tenant = "needs a tenant with customers; test/e2e/import.test.ts runs it";
const shards = "needs shards that are deployed; test/e2e/shards.test.ts runs it";
const verify = "needs a stack that runs in AWS; test/e2e/verify.test.ts runs it against the local gateway";
const terraform =
  "needs Terraform and its provider; npm run test:go-auth0 drives the tenant with the same library";
const approval = "needs a stack that is deployed; test/e2e/pull-request.test.ts approves such a change";
const docker = "needs Docker; npm run test:readme runs the commands of the Dockerfile";
const readme = "npm run test:readme starts the tenant with it, for each example of the page";

const table: Record<string, readonly (readonly [command: string, reason: string])[]> = {
  "README.md": [["npm ci && npm test", suite]],
  "CONTRIBUTING.md": [
    ["npm ci", install],
    ["npm test", suite],
  ],
  "packages/auth0-tenant/README.md": [
    ["npx auth0-tenant --port 8443 --seed tenant.yaml", readme],
    ["terraform init", terraform],
    ["SSL_CERT_FILE=.auth0-tenant/tls/ca.pem terraform apply", terraform],
    [
      "SSL_CERT_FILE=.auth0-tenant/tls/ca.pem pulumi up",
      "needs the official provider, which Pulumi downloads",
    ],
    [
      "cat /etc/ssl/certs/ca-certificates.crt .auth0-tenant/tls/ca.pem > both.pem",
      "is for Linux with this file of authorities",
    ],
    ["docker build --tag auth0-tenant packages/auth0-tenant", docker],
    [
      'docker run --rm --publish 8443:8443 --volume "$PWD/tenant.yaml:/tenant.yaml:ro" auth0-tenant --seed /tenant.yaml',
      docker,
    ],
    ["curl --insecure https://localhost:8443/ca.pem > ca.pem", docker],
    ["export AUTH0_CLIENT_ID=... AUTH0_CLIENT_SECRET=...", placeholder],
    ["npx auth0-tenant compare --domain sandbox.eu.auth0.com", "needs an Auth0 tenant"],
  ],
  "packages/create-customers-as-code/README.md": [
    ["npm create customers-as-code my-company", create],
    ["npm create customers-as-code my-company -- --from-fork ../our-fork", fork],
  ],
  "packages/customers-as-code/README.md": [["npm create customers-as-code my-company", create]],
  "packages/local-cloud/README.md": [
    ["npm install --save-dev --save-exact customers-as-code-local", registry],
  ],
  "authorizer.md": [
    [
      'aws ssm put-parameter --overwrite --name "$(pulumi stack output suspensionsParameter)" \\\n  --value \'{"organizations": ["org_..."], "clients": [], "tokens": []}\'',
      aws,
    ],
    [
      "aws ssm update-service-setting --setting-value true \\\n  --setting-id arn:aws:ssm:REGION:ACCOUNT:servicesetting/ssm/parameter-store/high-throughput-enabled",
      aws,
    ],
  ],
  "auth0-scopes.md": [["*", "calls the Management API of an Auth0 tenant, which the reader has"]],
  "aws-permissions.md": [["*", aws]],
  "deploy.md": [["*", accounts]],
  "preview-a-pull-request.md": [
    ["*", "needs a company with a Git history; test/e2e/local-pr.test.ts runs it"],
  ],
  "run-your-api-locally.md": [
    [
      "*",
      "installs from npm's registry; test/e2e/public-documents.test.ts runs it with the packages of this repository",
    ],
  ],
  "tear-down.md": [
    ["*", "needs an Auth0 tenant and an AWS account; test/e2e/tear-down.test.ts runs it with local ones"],
  ],
  "ci-gitlab.md": [
    [
      "aws iam create-open-id-connect-provider --url https://gitlab.com --client-id-list https://gitlab.com",
      aws,
    ],
  ],
  "ci-setup.md": [
    [
      "aws iam create-open-id-connect-provider --url https://token.actions.githubusercontent.com --client-id-list sts.amazonaws.com",
      aws,
    ],
  ],
  "ci.md": [
    ["pulumi config set stageName v2", approval],
    ["pulumi config set --path 'approvedChanges[0]' stageName=v2", approval],
    [
      "pulumi up --policy-pack node_modules/customers-as-code/policy --policy-pack-config policy/dev.json",
      "needs an Auth0 tenant and an AWS account; test/e2e/pull-request.test.ts runs it with local ones",
    ],
  ],
  "delivery.md": [
    [
      "aws secretsmanager get-secret-value --secret-id arn:aws:secretsmanager:eu-central-1:123456789012:secret:globex/warehouse-... --query SecretString --output text",
      aws,
    ],
  ],
  "fork-to-package.md": [
    ["npm create customers-as-code my-company -- --from-fork ../our-fork", fork],
    ["cd my-company", fork],
    ["npm test && npm start", fork],
    ["pulumi preview --diff --stack dev", fork],
    ["cd ../our-fork", fork],
    ["git switch --create package", fork],
    ["git rm --quiet -r . && rm -rf node_modules", fork],
    ["cp -R ../my-company/. .", fork],
    ['git add --all && git commit --message "Install customers-as-code instead of forking it"', fork],
  ],
  "getting-started.md": [
    ["npm create customers-as-code my-company", create],
    [
      "npm create customers-as-code my-company -- --domain my-company.eu.auth0.com --openapi ../api/openapi.yaml --yes",
      create,
    ],
    ["mkdir my-company && cd my-company", create],
    [
      "pulumi new https://github.com/customers-as-code/customers-as-code/tree/v0.2.0/packages/create-customers-as-code/template",
      "needs a released version; test/e2e/create.test.ts runs it with the folder itself",
    ],
    ["pulumi stack init dev && pulumi up", accounts],
    ["npx customers credentials acme", accounts],
  ],
  "import.md": [
    ["export AUTH0_DOMAIN=example.eu.auth0.com AUTH0_CLIENT_ID=... AUTH0_CLIENT_SECRET=...", placeholder],
    ["npx customers import --audience https://api.example.com/ --dry-run", tenant],
    ["npx customers drift --audience https://api.example.com/", tenant],
  ],
  "operations.md": [
    ["pulumi up", accounts],
    ["aws s3api put-object --bucket BUCKET --key clients.pem --body clients.pem", aws],
    [
      'curl https://api.example.com/orders --cert client.pem --key client.key -H "Authorization: Bearer ..."',
      aws,
    ],
  ],
  "performance.md": ["authorizer", "gateway", "fork"].flatMap((name) => [
    [`npm run bench -- ${name}`, measures] as const,
    [`npm run bench -- ${name} --check`, measures] as const,
    ...(name === "fork" ? [] : [[`npm run bench -- ${name} --json measured.json`, measures] as const]),
  ]),
  "portal.md": [
    ["npm install --save-exact @pulumi/awsx@3.9.0", registry],
    ["pulumi up", "needs an AWS account; test/e2e/portal.test.ts deploys the portal to the local cloud"],
    ["pulumi stack output portalUrl", "needs an AWS account; test/e2e/portal.test.ts reads the output"],
  ],
  "runbook.md": [
    ["pulumi cancel --stack NAME --yes", "needs a killed deployment; test/e2e/runbook.test.ts runs it"],
    [
      "npx customers repair --stack NAME --delete-duplicates",
      "needs a killed deployment; test/e2e/runbook.test.ts runs it",
    ],
    ["pulumi up --stack NAME", "needs a killed deployment; test/e2e/runbook.test.ts runs it"],
  ],
  "scale.md": [
    ["npx customers shards plan --stack prod", shards],
    ["npx customers shards move --stack prod", shards],
    ["npx customers shards up --stack prod", shards],
    ["npx customers shards outputs --stack prod --show-secrets", shards],
    ["npm run bench -- scale", measures],
    ["npm run bench -- scale --check", measures],
    ["npm run bench -- scale --customers 100 --baseline 0 --limited 0", measures],
  ],
  "settings.md": [
    ["pulumi config set protect false && pulumi up", accounts],
    ["pulumi destroy", accounts],
  ],
  "tenant.md": [["npx auth0-tenant --port 8443 --seed tenant.yaml", readme]],
  "upgrade.md": [
    ["npm install --save-exact customers-as-code@0.2.1", registry],
    ["npm install --save-exact --save-dev customers-as-code-local@0.2.1", registry],
  ],
  "verify.md": [
    ["npx customers verify --stack dev --customer canary", verify],
    [
      'npx customers verify --stack dev --customer canary \\\n  --shows-headers "GET /headers" --echoes-body "POST /echo" --too-slow "GET /slow"',
      verify,
    ],
  ],
};

export const notRun: Row[] = Object.entries(table).flatMap(([page, rows]) =>
  rows.map(([command, reason]) => ({ page, command, reason })),
);

export const isNotRun = (page: string, command: string): boolean =>
  notRun.some((row) => row.page === page && (row.command === command || row.command === "*"));
