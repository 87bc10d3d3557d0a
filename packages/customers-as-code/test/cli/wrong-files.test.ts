// Files that are no such file, or that a merge has left unfinished: exactly one problem each, with its place and its remedy. One run of
// `npx customers validate` reads them all: each is of a stack of its own.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { isRecord } from "../../src/problems/record";

const folder = mkdtempSync(join(tmpdir(), "wrong-files-"));
afterAll(() => rmSync(folder, { recursive: true }));

const program = resolve("packages/customers-as-code/bin.cjs");
const settings = readFileSync("Pulumi.dev.yaml", "utf8");
const acme = readFileSync("customers/acme.yaml", "utf8");
const document = readFileSync("openapi.yaml", "utf8");
const policy = '{\n  "public-routes": { "allowed": ["GET /health"] }\n}\n';
/** A document in two files. */
const split = document.replace('"200": { description: It is. }', '"200": { $ref: responses.yaml#/isUp }');
const responses = "isUp:\n  description: It is.\n";

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function link(path: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  symlinkSync("nowhere", join(folder, path));
}

const makeFolder = (path: string) => mkdirSync(join(folder, path), { recursive: true });

/** The text with a conflict in the line, and in the one after it. */
function conflicted(text: string, line: number): string {
  const lines = text.split("\n");
  const [ours = "", theirs = ""] = lines.slice(line - 1);
  lines.splice(line - 1, 2, "<<<<<<< HEAD", ours, "||||||| 1234567", "=======", theirs, ">>>>>>> branch");
  return lines.join("\n");
}

interface Row {
  /** Writes what is wrong: the paths of a stack's own files begin with its name. */
  make: (stack: string) => void;
  /** Settings of the stack beside the common ones. */
  config?: (stack: string) => string;
  problem: (stack: string) => { code: string; file: string; line?: number; column?: number };
}

const ownCustomers = (stack: string) => `  customers-as-code:customers: ${stack}/customers\n`;
const ownDocument = (stack: string) => `  customers-as-code:openapi: ${stack}/openapi.yaml\n`;
const customer = (text: string) => (stack: string) => write(`${stack}/customers/acme.yaml`, text);
const openapi = (text: string) => (stack: string) => write(`${stack}/openapi.yaml`, text);
const references = (text: string) => (stack: string) => {
  openapi(split)(stack);
  write(`${stack}/responses.yaml`, text);
};
const at = (code: string, path: string, line: number) => (stack: string) => ({
  ...{ code, line, column: 1 },
  file: path.replace("STACK", stack),
});
const whole = (code: string, path: string) => (stack: string) => ({
  code,
  file: path.replace("STACK", stack),
});

const rows: Record<string, Row> = {
  "customer-conflict": {
    make: customer(conflicted(acme, 2)),
    config: ownCustomers,
    problem: at("yaml-merge-conflict", "STACK/customers/acme.yaml", 2),
  },
  "customer-list-conflict": {
    // Valid YAML: a list of two strings, of which each has two lines.
    make: customer(
      "displayName: Acme\nclients:\n  default:\n    scopes: [\n<<<<<<< HEAD\n      read:orders,\n=======\n      write:orders,\n>>>>>>> branch\n      read:orders]\n",
    ),
    config: ownCustomers,
    problem: at("yaml-merge-conflict", "STACK/customers/acme.yaml", 5),
  },
  "customer-two-documents": {
    make: customer(`${acme}---\n${acme}`),
    config: ownCustomers,
    problem: at("yaml-second-document", "STACK/customers/acme.yaml", 6),
  },
  "customer-end-document": {
    make: customer(`${acme}---\n`),
    config: ownCustomers,
    problem: at("yaml-second-document", "STACK/customers/acme.yaml", 6),
  },
  "customer-folder": {
    make: (stack) => {
      customer(acme)(stack);
      makeFolder(`${stack}/customers/globex.yaml`);
    },
    config: ownCustomers,
    problem: whole("customer-file-ignored", "STACK/customers/globex.yaml"),
  },
  "customer-link": {
    make: (stack) => {
      customer(acme)(stack);
      link(`${stack}/customers/globex.yaml`);
    },
    config: ownCustomers,
    problem: whole("customer-file-link", "STACK/customers/globex.yaml"),
  },
  "customers-file": {
    make: (stack) => write(`${stack}/customers`, acme),
    config: ownCustomers,
    problem: whole("folder-is-file", "STACK/customers"),
  },
  "customers-link": {
    make: (stack) => link(`${stack}/customers`),
    config: ownCustomers,
    problem: whole("link-leads-nowhere", "STACK/customers"),
  },
  "imports-conflict": {
    make: (stack) => {
      customer(acme)(stack);
      write(`${stack}/customers/imports.json`, conflicted("{\n\n\n}\n", 2));
    },
    config: ownCustomers,
    problem: at("yaml-merge-conflict", "STACK/customers/imports.json", 2),
  },
  "imports-folder": {
    make: (stack) => {
      customer(acme)(stack);
      makeFolder(`${stack}/customers/imports.json`);
    },
    config: ownCustomers,
    problem: whole("file-is-folder", "STACK/customers/imports.json"),
  },
  "document-conflict": {
    make: openapi(conflicted(document, 8)),
    config: ownDocument,
    problem: at("yaml-merge-conflict", "STACK/openapi.yaml", 8),
  },
  "document-two-documents": {
    make: openapi(`${document}---\n${document}`),
    config: ownDocument,
    problem: at("yaml-second-document", "STACK/openapi.yaml", document.split("\n").length),
  },
  "document-folder": {
    make: (stack) => makeFolder(`${stack}/openapi.yaml`),
    config: ownDocument,
    problem: whole("file-is-folder", "STACK/openapi.yaml"),
  },
  "document-link": {
    make: (stack) => link(`${stack}/openapi.yaml`),
    config: ownDocument,
    problem: whole("link-leads-nowhere", "STACK/openapi.yaml"),
  },
  "document-in-file": {
    make: (stack) => write(stack, ""),
    config: ownDocument,
    problem: whole("folder-is-file", "STACK"),
  },
  "reference-conflict": {
    make: references(conflicted(responses, 1)),
    config: ownDocument,
    problem: at("yaml-merge-conflict", "STACK/responses.yaml", 1),
  },
  "reference-two-documents": {
    make: references(`${responses}---\n${responses}`),
    config: ownDocument,
    problem: at("yaml-second-document", "STACK/responses.yaml", 3),
  },
  "reference-folder": {
    make: (stack) => {
      openapi(split)(stack);
      makeFolder(`${stack}/responses.yaml`);
    },
    config: ownDocument,
    problem: (stack) => ({
      code: "openapi-reference-broken",
      file: `${stack}/openapi.yaml`,
      line: 15,
      column: 24,
    }),
  },
  "settings-conflict": {
    make: (stack) => write(`Pulumi.${stack}.yaml`, conflicted(settings, 5)),
    problem: at("yaml-merge-conflict", "Pulumi.STACK.yaml", 5),
  },
  "settings-two-documents": {
    make: (stack) => write(`Pulumi.${stack}.yaml`, `${settings}---\nconfig: {}\n`),
    problem: at("yaml-second-document", "Pulumi.STACK.yaml", settings.split("\n").length),
  },
  "settings-folder": {
    make: (stack) => makeFolder(`Pulumi.${stack}.yaml`),
    problem: whole("file-is-folder", "Pulumi.STACK.yaml"),
  },
  "settings-link": {
    make: (stack) => link(`Pulumi.${stack}.yaml`),
    problem: whole("link-leads-nowhere", "Pulumi.STACK.yaml"),
  },
  "policy-conflict": {
    make: (stack) => write(`policy/${stack}.json`, conflicted(policy, 2)),
    problem: at("yaml-merge-conflict", "policy/STACK.json", 2),
  },
  "policy-two-documents": {
    make: (stack) => write(`policy/${stack}.json`, `${policy}---\n{}\n`),
    problem: at("yaml-second-document", "policy/STACK.json", 4),
  },
  "policy-folder": {
    make: (stack) => makeFolder(`policy/${stack}.json`),
    problem: whole("file-is-folder", "policy/STACK.json"),
  },
  "policy-link": {
    make: (stack) => link(`policy/${stack}.json`),
    problem: whole("link-leads-nowhere", "policy/STACK.json"),
  },
};

const validate = () =>
  spawnSync(process.execPath, [program, "validate", "--json"], { cwd: folder, encoding: "utf8" });

const problemsByStack = new Map<string, unknown[]>();
let messages: string[] = [];

beforeAll(() => {
  for (const name of ["Pulumi.yaml", "openapi.yaml", "customers"]) {
    cpSync(name, join(folder, name), { recursive: true });
  }
  for (const [stack, { make, config }] of Object.entries(rows)) {
    make(stack);
    if (config || stack.startsWith("policy")) {
      write(`Pulumi.${stack}.yaml`, `${settings}${config?.(stack) ?? ""}`);
    }
  }
  const { stdout, stderr } = validate();
  expect(stderr).toContain("stacks have problems");
  const { stacks }: { stacks: { stack: string; problems: unknown[] }[] } = JSON.parse(stdout);
  for (const { stack, problems } of stacks) problemsByStack.set(stack, problems);
  messages = [...problemsByStack.values()].flat().map((one) => String(isRecord(one) && one.message));
});

test.each(Object.entries(rows))("%s is one problem, at its place", (stack, { problem }) => {
  const wrong = { message: expect.any(String), remedy: expect.any(String) };
  expect(problemsByStack.get(stack)).toEqual([{ ...problem(stack), ...wrong }]);
});

test("each message says what to do, and none shows the operating system's own error codes", () => {
  expect(messages).toHaveLength(Object.keys(rows).length);
  for (const message of messages) {
    expect(message).not.toMatch(/E(ISDIR|NOTDIR)/);
    expect(message).toMatch(/\. [A-Z].*\.$/);
  }
});

test.each<[string, () => void, object]>([
  [
    "a merge conflict",
    () => write("Pulumi.yaml", conflicted(readFileSync("Pulumi.yaml", "utf8"), 1)),
    { code: "yaml-merge-conflict", file: "Pulumi.yaml", line: 1, column: 1 },
  ],
  [
    "a second document",
    () => write("Pulumi.yaml", "name: orders\nruntime: nodejs\n---\nname: other\n"),
    { code: "yaml-second-document", file: "Pulumi.yaml", line: 3, column: 1 },
  ],
  ["a folder of its name", () => makeFolder("Pulumi.yaml"), { code: "file-is-folder", file: "Pulumi.yaml" }],
])(
  "%s in Pulumi.yaml is one problem for each stack, and not one for each of its settings",
  (_, make, problem) => {
    for (const stack of Object.keys(rows))
      rmSync(join(folder, `Pulumi.${stack}.yaml`), { recursive: true, force: true });
    write("Pulumi.dev.yaml", settings);
    rmSync(join(folder, "Pulumi.yaml"), { recursive: true, force: true });
    make();
    const { stdout } = validate();
    expect(JSON.parse(stdout)).toEqual({
      stacks: [{ stack: "dev", isValid: false, problems: [expect.objectContaining(problem)] }],
    });
  },
);
