// Which of the clients that are there twice npx customers repair deletes.
import { planDeletions } from "../../src/reconcile/deletions";
import type { Duplicate } from "../../src/reconcile/found-in-tenant";
import { renderRepair, repairAsJson } from "../../src/reconcile/repair-report";
import { client, grant } from "../customers/tenants";

const duplicate = (id: string, isUnused: boolean): Duplicate => ({
  name: "acme/default",
  client: client("acme/default", { id }),
  grants: isUnused ? [] : [grant(id)],
  kept: client("acme/default", { id: "kept" }),
  isUnused,
});
const both = { duplicates: [duplicate("unused", true), duplicate("granted", false)] };
const plan = (unused: boolean, ...ids: string[]) => {
  const { clients, problems } = planDeletions(both, { unused, ids });
  return { ids: clients.map(({ id }) => id), problems };
};

test("without an id, only a client that can get no token is deleted", () => {
  expect(plan(false)).toEqual({ ids: [], problems: [] });
  expect(plan(true)).toEqual({ ids: ["unused"], problems: [] });
});

test("by its id, either of the two is deleted", () => {
  expect(plan(false, "granted")).toEqual({ ids: ["granted"], problems: [] });
  expect(plan(true, "granted")).toEqual({ ids: ["unused", "granted"], problems: [] });
  expect(plan(false, "kept")).toEqual({ ids: ["kept"], problems: [] });
});

test("all of them are not, nor is one that is there once; then nothing is deleted", () => {
  expect(plan(true, "granted", "kept")).toEqual({
    ids: [],
    problems: ["--delete-client: acme/default would have no client left. Leave out the one that is in use."],
  });
  expect(plan(true, "other")).toEqual({
    ids: [],
    problems: ["--delete-client other: it is not one of the clients that exist twice."],
  });
});

describe("the report", () => {
  const nothing = { customers: {}, duplicates: [], unfit: [], undeclared: [], gone: [] };
  const outcome = { stack: "prod", file: "customers/imports.json", isDry: false, deleted: [] };
  const none = { at: new Map<string, string>() };

  it("says of each client that is there twice why it could be in use, and how to delete it", () => {
    const lastTokens = { at: new Map([["granted", "2026-11-20T10:00:00.000Z"]]) };
    expect(renderRepair({ ...nothing, ...both }, { ...outcome, lastTokens })).toBe(`Created twice (2):
  client "acme/default" (unused) of acme/default, beside kept
    grants: none, so it cannot get a token; no token since Auth0's logs begin
    kept: no token since Auth0's logs begin
    delete it with: npx customers repair --stack prod --delete-duplicates
  client "acme/default" (granted) of acme/default, beside kept
    grants: https://api.example.com/ (read:orders); last token 2026-11-20T10:00:00.000Z
    kept: no token since Auth0's logs begin
    it could be in use. If it is not: npx customers repair --stack prod --delete-client granted
    if kept is not: npx customers repair --stack prod --delete-client kept`);
  });

  it("has the same as JSON", () => {
    const lastTokens = { at: new Map([["granted", "2026-11-20T10:00:00.000Z"]]) };
    const json = repairAsJson({ ...nothing, ...both, gone: ["acme"] }, { ...outcome, lastTokens });
    expect(JSON.parse(JSON.stringify(json))).toEqual({
      stack: "prod",
      dryRun: false,
      importsFile: "customers/imports.json",
      imports: [],
      deleted: [],
      duplicates: [
        { of: "acme/default", clientId: "unused", keptClientId: "kept", isUnused: true },
        {
          of: "acme/default",
          clientId: "granted",
          lastToken: "2026-11-20T10:00:00.000Z",
          keptClientId: "kept",
          isUnused: false,
        },
      ],
      changed: [],
      undeclared: [],
      gone: ["acme"],
    });
  });

  it("says when Auth0's logs cannot be read", () => {
    const lastTokens = { ...none, unknown: "403 Insufficient scope" };
    expect(renderRepair({ ...nothing, ...both }, { ...outcome, lastTokens })).toContain(
      "whether it got a token is unknown: the client needs read:logs to find out",
    );
  });

  it("says what was deleted, what would be, and that nothing is left", () => {
    const deleted = [client("acme/default", { id: "two" })];
    expect(renderRepair(nothing, { ...outcome, deleted, lastTokens: none })).toBe(
      'Created twice: deleted (1):\n  client "acme/default" (two)',
    );
    expect(renderRepair(nothing, { ...outcome, deleted, isDry: true, lastTokens: none })).toContain(
      "Created twice: would be deleted (1):",
    );
    expect(renderRepair(nothing, { ...outcome, lastTokens: none })).toBe(
      "Nothing to repair: the state has everything that the program created.",
    );
    expect(renderRepair({ ...nothing, unfit: ["x"] }, { ...outcome, lastTokens: none })).toContain(
      "Created, but changed since: undo it in Auth0, and repair again (1):\n  x",
    );
  });
});
