// The wording of every problem of what a command was asked to do, in one file.
import { join } from "node:path";
import { findProblems } from "../../src/cli/failure";
import type { CustomerFiles } from "../../src/customers/load-customers";
import { printCredentials } from "../../src/delivery/print";
import { addCustomer, suspendCustomer } from "../../src/edit/change";
import { renameCustomer } from "../../src/edit/rename-customer";
import { rotateClient } from "../../src/edit/rotate-client";
import { ProblemsError, UsageError } from "../../src/problems/command";
import type { Problem } from "../../src/problems/problem";
import { plansOf } from "../../src/stacks/stack-settings";
import { findTarget } from "../../src/stacks/target";
import { TenantError } from "../../src/tenant/tenant-access";
import { expectGolden } from "../problems/golden";

const before = { ...process.env };
beforeAll(() => {
  process.env = { ...before, AUTH0_DOMAIN: "example.eu.auth0.com", AUTH0_CLIENT_ID: "abc" };
  delete process.env.AUTH0_CLIENT_SECRET;
});
afterAll(() => {
  process.env = before;
});

const acme = "displayName: Acme\nclients:\n  default:\n    scopes: [read:orders]\n";
const initech = `displayName: Initech
clients:
  default: &default
    scopes: [read:orders]
  reports: *default
`;
const globex = `displayName: Globex
status: closing
clients:
  warehouse:
    scopes: [read:orders]
    rotation: 2
    retiring: 1
`;
const all: CustomerFiles = {
  folder: "customers",
  files: [
    { name: "acme.yaml", text: acme },
    { name: "globex.yaml", text: globex },
    { name: "initech.yaml", text: initech },
  ],
  scopes: ["read:orders"],
};
const added = { displayName: "Umbrella", clients: { default: { scopes: ["read:orders"] } } };
const today = "2026-11-30";

/** Of the example's files, without a stack. */
function target(): Problem[] {
  try {
    findTarget({});
  } catch (error) {
    if (error instanceof ProblemsError) return [...error.problems];
    throw error;
  }
  return [];
}

function plans(): Problem[] {
  const problems: Problem[] = [];
  plansOf("dev", { plans: "gold" }, problems);
  return problems;
}

const request = { outputs: {}, customer: "acme", format: "env", retiring: false } as const;

function failWith(run: () => unknown): Problem[] {
  try {
    run();
  } catch (error) {
    return [...findProblems(error)];
  }
  return [];
}

test("the wording of commands' problems is that of the golden file", () => {
  expectGolden("commands", join(__dirname, "__golden__/commands.txt"), {
    "environment-variable-missing": target,
    "audience-not-given": target,
    "customer-unknown": () => suspendCustomer(all, "globx").problems,
    "customer-invalid-id": () => addCustomer(all, "Umbrella", added, "schema.json").problems,
    "customer-exists": () => addCustomer(all, "acme", added, "schema.json").problems,
    "rename-unfinished": () =>
      renameCustomer(
        { ...all, files: [{ name: "acme.yaml", text: `${acme}previously: apex\n` }] },
        ...(["acme", "acme-eu", [], { project: "orders", fromRoot: "" }] as const),
      ).problems,
    "customer-status-refused": () => suspendCustomer(all, "globex").problems,
    "client-unknown": () => rotateClient(all, "acme", "defualt", { today }).problems,
    "rotation-refused": () => rotateClient(all, "globex", "warehouse", { today }).problems,
    "edit-by-hand": () => rotateClient(all, "initech", "default", { today }).problems,
    "plans-invalid": plans,
    "credentials-unavailable": () => failWith(() => printCredentials(request)),
    "tenant-unreadable": () =>
      failWith(() => {
        throw new TenantError("The clients of example.eu.auth0.com cannot be read: too many requests.", 429);
      }),
    "command-line-invalid": () =>
      failWith(() => {
        throw new UsageError("Name a command.");
      }),
    "command-failed": () =>
      failWith(() => {
        throw new Error("pulumi stack export failed");
      }),
  });
});
