// What the pages' commands need to find: the reader's own files, which a page doesn't show, or shows elsewhere.

export interface Scenario {
  /**
   * Where the reader is: in the example's repository, or above the folder of a company that `npm create` has
   * written. Default: "repository".
   */
  folder?: "repository" | "above company";
  /** A shell script that runs first. */
  setUp?: string;
  /** By command: a shell script that runs before it, as for one of several that are alternatives. */
  before?: Record<string, string>;
  /** By command that serves until Ctrl-C: what it prints once it is ready. */
  serves?: Record<string, string>;
  /** After the commands of the page: mistakes, and commands that report them, end with 1, and print nothing after it. */
  refused?: { mistakes: string; commands: readonly string[]; last: string };
}

/** A local cloud without anything of the page before. */
const freshCloud = "rm -rf .local";

/** A project with a stack in a file, so that the CLI can keep its settings. */
const withStack = (...names: string[]) =>
  [...names, "dev"].map((name) => `pulumi stack select ${name} --create`).join(" && ");

const withProduction = `cat > Pulumi.prod.yaml <<'END'
config:
  auth0:domain: prod.eu.auth0.com
  aws:region: eu-central-1
  customers-as-code:audience: https://api.example.com/
  customers-as-code:backendUrl: https://backend.example.com
  customers-as-code:publicRoutes: ["GET /health"]
  customers-as-code:plans: { gold: { throttle: { rate: 50, burst: 100 } } }
END`;

const generateKey = (privateFile: string, publicFile: string) =>
  `openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out ${privateFile}
openssl pkey -in ${privateFile} -pubout -out ${publicFile}`;

/** A client of globex authenticates with a key pair. */
const keyPair = (client: string) =>
  `${generateKey("private.pem", "public.pem")}
node -e '
const { readFileSync, writeFileSync } = require("node:fs");
const { parseDocument } = require("yaml");
const file = parseDocument(readFileSync("customers/globex.yaml", "utf8"));
file.setIn(["clients", "${client}", "authentication"], "private_key_jwt");
file.setIn(["clients", "${client}", "publicKey"], readFileSync("public.pem", "utf8"));
writeFileSync("customers/globex.yaml", String(file));'`;

/** The stack with the state of the local one, as if it were deployed to real accounts. */
const deployed = (stack: string) => `npm start
(cd .local/engine/project && PULUMI_BACKEND_URL="file://$OLDPWD/.local/engine/state?metadata=skip" \\
  pulumi stack export --stack local) | sed 's/urn:pulumi:local::/urn:pulumi:${stack}::/g' > state.json
pulumi stack select ${stack} --create
pulumi stack import --file state.json --force`;

const rotating = "npx customers rotate globex warehouse";
const notRotating = "cp globex.before customers/globex.yaml";

const askForToken = `curl --cacert "$caFile" "$url/oauth/token" -d grant_type=client_credentials -d "audience=$url/api/v2/" \\
  -d "client_id=$clientId" -d "client_secret=$clientSecret"`;
const withFaults = `npx auth0-tenant --fault "POST /api/v2/clients 500-after count=1" \\
  --fault "GET /api/v2/organizations/* 429 probability=0.2 seed=7 reset=3"`;

/** By page: a page of docs/ by its own name. */
export const scenarios: Record<string, Scenario> = {
  "README.md": {
    setUp: freshCloud,
    refused: {
      mistakes: `sed -i 's/read:orders,/read:order,/' customers/acme.yaml
sed -i '1a organization: acme' customers/globex.yaml`,
      commands: ["npm start", "npx customers local up", "npx customers local preview"],
      last: "2 problems in 2 of 4 files. docs/reference/problems.md explains organization-name-taken, scope-not-in-api",
    },
  },
  "CONTRIBUTING.md": {},
  "packages/customers-as-code/README.md": { folder: "above company" },
  "packages/local-cloud/README.md": {
    setUp: freshCloud,
    serves: { "npx customers local start --keep": "The cloud stays up until Ctrl-C." },
  },
  "commands.md": { setUp: "mkdir -p ~/.config/fish/completions" },
  "customers.md": {
    setUp: `${withProduction}
cp customers/globex.yaml globex.before`,
    before: {
      "npx customers rotate globex warehouse --cancel": `${notRotating}; ${rotating}`,
      "npx customers rotate globex warehouse --stack prod": notRotating,
    },
  },
  "delivery.md": { setUp: `${keyPair("warehouse")}; ${deployed("dev")}` },
  "gateway.md": { setUp: withStack() },
  "getting-started.md": { folder: "above company" },
  "local-cloud.md": { setUp: freshCloud },
  "moesif.md": { setUp: withStack() },
  "operations.md": { setUp: withStack() },
  "portal.md": { setUp: withStack() },
  "rotation.md": {
    setUp: `${keyPair("bookkeeping")}; ${deployed("production")}
${generateKey("new.pem", "new-public.pem")}; cp customers/globex.yaml globex.before`,
    before: {
      "npx customers rotate globex warehouse --cancel": `${notRotating}; ${rotating}`,
      "npx customers rotate globex warehouse --cancel --deployed": rotating,
    },
  },
  "scale.md": {
    setUp: `${withProduction}
${withStack("prod")}`,
  },
  "settings.md": {},
  "tenant.md": {
    before: {
      // The variables are those of the line that a tenant prints.
      [askForToken]: `npx auth0-tenant > tenant.json 2> /dev/null & echo $! > tenant.pid
until grep -q clientSecret tenant.json; do sleep 0.1; done
for name in caFile url clientId clientSecret; do
  export $name="$(node -p "JSON.parse(fs.readFileSync('tenant.json'))['$name']")"
done`,
      [withFaults]:
        "kill $(cat tenant.pid); while kill -0 $(cat tenant.pid) 2> /dev/null; do sleep 0.1; done",
    },
    serves: { [withFaults]: '"clientSecret"' },
  },
  "upgrade.md": {},
};
