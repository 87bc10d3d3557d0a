// The wording of every problem of a stack's settings, in one file.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseCustomers } from "../../src/customers/load-customers";
import { checkDelivery } from "../../src/delivery/check-delivery";
import { checkAwsx } from "../../src/portal/awsx";
import type { Problem } from "../../src/problems/problem";
import { knownKeys } from "../../src/settings/settings-keys";
import { checkConfig } from "../../src/settings/settings-problems";
import { parseStackFile, readStackFile } from "../../src/settings/stack-file";
import { placementInStack } from "../../src/stacks/target";
import { expectGolden } from "../problems/golden";

const root = mkdtempSync(join(tmpdir(), "setting-problems-"));
afterAll(() => rmSync(root, { recursive: true }));

const project = "customers-as-code";
const file = "Pulumi.dev.yaml";

/** @param settings without the project's namespace, or with that of a provider */
function check(settings: Record<string, string>): () => Problem[] {
  const values = Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value]),
  );
  const known = knownKeys(project, root);
  const isEncrypted = () => false;
  return () => checkConfig({ project, known, values, isEncrypted, environment: {}, at: () => ({ file }) });
}

const parse = (text: string) => () => parseStackFile(file, text, project).problems;

function readFolder(name: string, files: Record<string, string>): () => Problem[] {
  return () => {
    const folder = join(root, name);
    mkdirSync(folder);
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
    return readStackFile(file, folder, project).problems;
  };
}

function placeShard(): Problem[] {
  const problems: Problem[] = [];
  placementInStack("prod-shard-3", { shards: "2" }, problems);
  return problems;
}

const delivered = `displayName: Acme
delivery: { awsAccountId: "111122223333" }
clients: { default: { scopes: [read] } }
`;
const certificate = (region: string, account = "111122223333") =>
  `arn:aws:acm:${region}:${account}:certificate/12345678-1234-1234-1234-123456789012`;
const domainNamed = (certificateArn: string) => JSON.stringify({ name: "api.example.com", certificateArn });

test("the wording of settings' problems is that of the golden file", () => {
  expectGolden("settings", join(__dirname, "__golden__/settings.txt"), {
    "setting-unknown": check({ audiense: "https://api.example.com/" }),
    "setting-missing": check({ customDomain: JSON.stringify({ name: "api.example.com" }) }),
    "setting-wrong-type": check({ publicRoutes: "GET /health" }),
    "setting-invalid-key": check({ plans: '{"Free plan":{}}' }),
    "setting-invalid-value": check({ apiType: "soap" }),
    "setting-invisible-character": check({ audience: "https://api\u200b.example.com/" }),
    "setting-in-clear": check({ moesifApplicationId: "ey" }),
    "setting-other-region": check({
      "aws:region": "eu-central-1",
      customDomain: domainNamed(certificate("eu-west-1")),
    }),
    "setting-other-account": check({
      "aws:allowedAccountIds": '["444455556666"]',
      customDomain: domainNamed(certificate("eu-central-1")),
    }),
    "auth0-domain-invalid": check({ "auth0:domain": "Example.eu.auth0.com" }),
    "auth0-audience-not-management-api": check({ "auth0:audience": "https://api.example.com/" }),
    "audience-is-management-api": check({ audience: "https://example.eu.auth0.com/api/v2/" }),
    "aws-region-unknown": check({ "aws:region": "eu-centrall-1" }),
    "portal-package-missing": () => {
      const fault = checkAwsx(() => {
        throw new Error("Cannot find module");
      });
      return fault ? [{ file, ...fault }] : [];
    },
    "shards-invalid": placeShard,
    "stack-file-missing": readFolder("missing", {}),
    "stack-file-shadowed": readFolder("shadowed", { [file]: "config: {}\n", "Pulumi.json": "{}" }),
    "stack-file-not-map": parse("config:\n  - audience\n"),
    "stack-file-unknown-key": parse("confg: {}\n"),
    "stack-file-invalid-key": parse("config:\n  a:b:c:d: 1\n"),
    "stack-file-setting-twice": parse("config:\n  shards: 2\n  customers-as-code:shards: 3\n"),
    "stack-file-invalid-number": parse("config:\n  shards: .nan\n"),
    "delivery-key-missing": () => {
      const files = [{ name: "acme.yaml", text: delivered }];
      return checkDelivery(parseCustomers("customers", files, ["read"]).customers, { file }).problems;
    },
  });
});
