import * as pulumi from "@pulumi/pulumi";
import { findForbiddenRemovals, rememberLosses } from "../../src/deployment/guard-removals";
import { refuseDeployment } from "../../src/problems/fail";

const refuseRemovals = (...args: Parameters<typeof findForbiddenRemovals>) =>
  refuseDeployment(findForbiddenRemovals(...args));

const settings = { file: "Pulumi.prod.yaml", removalLimit: "25%" };
const customer = (id: string, status: "active" | "closing") => ({
  ...{ id, displayName: id, organization: id, metadata: {}, clients: [], status },
});
const everywhere = Object.fromEntries(
  ["acme", "globex", "initech"].map((id) => [id, { status: "active", clients: {} }]),
);

test("what closes too many customers of all stacks is refused, in the words of the check", () => {
  const closing = Object.keys(everywhere).map((id) => customer(id, "closing"));
  const guard = () => refuseRemovals(closing, settings, { everywhere });
  expect(guard).toThrow(
    "Pulumi.prod.yaml  removalLimit: this deployment closes acme, globex, initech: 3 of 3 customers",
  );
  expect(guard).toThrow(expect.objectContaining({ __pulumiRunError: true }));
});

test("what the last deployment left is held against the files and the settings", () => {
  const last = {
    ...{ unprotected: new Set<string>(), clients: {}, losses: [], formerOrganizations: {} },
    address: { domain: "example.eu.auth0.com", audience: "https://a/" },
  };
  const declared = ["acme", "globex"].map((id) => customer(id, "active"));
  const address = { domain: "other.eu.auth0.com", audience: "https://a/" };
  const guard = () =>
    refuseRemovals(declared, { ...settings, customers: "customers" }, { everywhere, last }, address);
  expect(guard).toThrow("customers/initech.yaml  protect: initech cannot be deleted");
  expect(guard).toThrow('auth0:domain: "other.eu.auth0.com" instead of "example.eu.auth0.com"');
  const approvedChanges = ["auth0:domain=other.eu.auth0.com"];
  const approved = () =>
    refuseRemovals(declared, { ...settings, approvedChanges }, { everywhere, last }, address);
  expect(approved).not.toThrow("auth0:domain");
});

test("this deployment's losses are remembered with those of the last day", () => {
  const now = new Date("2026-11-30T12:00:00Z");
  const losses = [
    { at: "2026-11-30T01:00:00Z", customer: "globex" },
    { at: "2026-11-29T01:00:00Z", customer: "initech" },
  ];
  const last = { unprotected: new Set<string>(), clients: {}, losses, formerOrganizations: {} };
  const declared = [
    customer("acme", "closing"),
    customer("globex", "closing"),
    customer("initech", "closing"),
  ];
  const before = { ...everywhere, globex: { status: "closing", clients: {} } };
  const closed = { ...before, initech: { status: "closing", clients: {} } };
  expect(rememberLosses(declared, { here: closed, everywhere: closed, last }, now)).toEqual([
    losses[0],
    { at: now.toISOString(), customer: "acme" },
  ]);
});

test("what takes nobody away is not refused", () => {
  const declared = Object.keys(everywhere).map((id) => customer(id, "active"));
  refuseRemovals(declared, settings, { everywhere });
});

describe("the client with which Pulumi signs in must not go, as it is named", () => {
  const mine = { acme: { status: "active", clients: { ci: "client-of-pulumi" } } };
  const guard = () =>
    refuseRemovals([customer("acme", "closing")], { ...settings, removalLimit: "3" }, { everywhere: mine });
  const refusal =
    'this deployment deletes the client "ci" of acme, with which Pulumi itself signs in to Auth0';

  afterEach(() => {
    pulumi.runtime.setAllConfig({});
    delete process.env.AUTH0_CLIENT_ID;
  });

  it("by the stack's settings", () => {
    pulumi.runtime.setAllConfig({ "auth0:clientId": "client-of-pulumi" });
    expect(guard).toThrow(refusal);
  });

  it("by the environment, where the settings do not name one", () => {
    process.env.AUTH0_CLIENT_ID = "client-of-pulumi";
    expect(guard).toThrow(refusal);
    pulumi.runtime.setAllConfig({ "auth0:clientId": "another" });
    guard();
  });
});
