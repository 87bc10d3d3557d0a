// The wording of every problem of customer files, in one file.
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkKeys } from "../../src/customers/check-plan";
import { customerFile } from "../../src/customers/customer-schema";
import { loadCustomers, parseCustomers, type Stacks } from "../../src/customers/load-customers";
import { type PlanSettings, usagePlanLimits } from "../../src/customers/plans";
import type { Problem } from "../../src/problems/problem";
import { expectGolden } from "../problems/golden";

const root = mkdtempSync(join(tmpdir(), "customer-problems-"));
afterAll(() => rmSync(root, { recursive: true }));

const plans: PlanSettings = { plans: { free: {}, gold: {} }, defaultPlan: "free" };
const acme = "displayName: Acme\nclients:\n  default:\n    scopes: [read:orders]\n";
const globex = acme.replace("Acme", "Globex");

const { publicKey: key } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

function parse(files: Record<string, string>, stacks: Partial<Stacks> = {}) {
  const named = Object.entries(files).map(([name, text]) => ({ name, text }));
  const scopes = ["read:orders", "write:orders"];
  return () => parseCustomers("customers", named, scopes, { known: [], ...stacks }).problems;
}
const ofFile = (...lines: string[]) =>
  parse({ "acme.yaml": acme + lines.map((line) => `${line}\n`).join("") });
const ofClient = (...lines: string[]) => ofFile(...lines.map((line) => `    ${line}`));

/** Of a folder on the disk, whose name is cut off. */
function load(name: string, write: (folder: string) => void): () => Problem[] {
  return () => {
    const folder = join(root, name);
    mkdirSync(folder);
    writeFileSync(join(folder, "acme.yaml"), acme);
    write(folder);
    const { problems } = loadCustomers(folder, ["read:orders"]);
    return problems.map((problem) => ({ ...problem, file: problem.file.replace(folder, "customers") }));
  };
}

/** A new key must not change the wording. */
const withoutKeys = (report: () => Problem[]) => () =>
  report().map((problem) => ({
    ...problem,
    message: problem.message.replace(Object.keys(customerFile.shape).join(", "), "KEYS"),
  }));

test("the wording of customer files' problems is that of the golden file", () => {
  expectGolden("customers", join(__dirname, "__golden__/customers.txt"), {
    "customer-file-ignored": load("ignored", (folder) => writeFileSync(join(folder, "globex.YAML"), globex)),
    "customer-file-link": load("link", (folder) => symlinkSync("/etc/hosts", join(folder, "globex.yaml"))),
    "customer-file-invalid-name": parse({ "Acme.yaml": acme }),
    "customer-file-invisible-character": ofFile("contact: a\u200b@acme.example"),
    "customer-file-byte-order-mark": parse({ "acme.yaml": `\ufeff${acme}` }),
    "customer-file-not-map": withoutKeys(parse({ "acme.yaml": "- displayName: Acme\n" })),
    "customer-file-unknown-key": ofFile("contcat: api@acme.example"),
    "customer-file-missing-value": parse({
      "acme.yaml": "clients:\n  default:\n    scopes: [read:orders]\n",
    }),
    "customer-file-wrong-type": ofFile("contact: 42"),
    "customer-file-invalid-key": ofFile("metadata:", "  customer: acme"),
    "customer-file-invalid-value": ofFile("status: suspendet"),
    "customer-stack-unknown": parse(
      { "acme.yaml": `${acme}stacks:\n  prd: { contact: api@acme.example }\n` },
      { known: ["dev", "prod"] },
    ),
    "customer-declared-twice": parse({ "acme.yaml": acme, "acme.yml": acme }),
    "organization-name-taken": parse({ "acme.yaml": acme, "globex.yaml": `${globex}organization: acme\n` }),
    "display-name-taken": parse({ "acme.yaml": acme, "globex.yaml": acme.replace("Acme", "ACME") }),
    "member-listed-twice": ofFile("members: [ann@acme.example, Ann@acme.example]"),
    "scope-not-in-api": parse({ "acme.yaml": acme.replace("read:orders", "read:order") }),
    "scope-listed-twice": parse({ "acme.yaml": acme.replace("read:orders", "read:orders, read:orders") }),
    "plan-unknown": parse({ "acme.yaml": `${acme}plan: silver\n` }, { plans }),
    "plans-too-many-customers": () => checkKeys("customers", usagePlanLimits.keys, plans),
    "public-key-missing": ofClient("authentication: private_key_jwt"),
    "public-key-unused": ofClient(`publicKey: ${JSON.stringify(key)}`),
    "public-key-repeated": ofClient(
      "authentication: private_key_jwt",
      `publicKey: ${JSON.stringify(key)}`,
      `retiringPublicKey: ${JSON.stringify(key)}`,
    ),
    "rotation-in-future": ofClient("rotation: 2999-01-01"),
    "rotation-not-for-keys": ofClient("authentication: private_key_jwt", "rotation: 2", "retiring: 1"),
    "retiring-order": ofClient("rotation: 3", "retiring: 1"),
    "cancelled-order": ofClient("rotation: 3", "cancelled: 2"),
    "previously-same-name": ofFile("previously: acme"),
    "previously-still-exists": parse({ "acme.yaml": acme, "globex.yaml": `${globex}previously: acme\n` }),
    "previously-claimed-twice": parse({
      "acme.yaml": `${acme}previously: initech\n`,
      "globex.yaml": `${globex}previously: initech\n`,
    }),
  });
});
