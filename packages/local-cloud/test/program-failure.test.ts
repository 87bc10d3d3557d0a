// What is left of the engine's events if a deployment fails.
import { CommandError, ConcurrentUpdateError, type EngineEvent } from "@pulumi/pulumi/automation";
import { createFailureLog, explainFailure } from "../src/program-failure";

const stack = "urn:pulumi:local::acme::pulumi:pulumi:Stack::acme-local";

function messageOf(...events: { urn?: string; message: string; severity?: "error" | "info" }[]) {
  const log = createFailureLog();
  for (const [sequence, { severity = "error", ...event }] of events.entries()) {
    const diagnosticEvent = { color: "raw", streamID: 0, ephemeral: false, severity, ...event };
    log.onEvent({ sequence, timestamp: 0, diagnosticEvent } as EngineEvent);
  }
  return log.message();
}

test("the program's own problems are printed as they are, without what the engine adds", () => {
  expect(
    messageOf(
      { urn: stack, message: "Loading", severity: "info" },
      {
        urn: stack,
        message: "<{%fg 1%}>customers/acme.yaml:5:14  not a scope<{%reset%}>\n1 problem in 1 file.\n",
      },
      { urn: stack, message: "update failed" },
      { message: "preview failed" },
    ),
  ).toBe("customers/acme.yaml:5:14  not a scope\n1 problem in 1 file.");
});

test("an error of a resource comes with its type and name", () => {
  const urn =
    "urn:pulumi:local::acme::customers-as-code:auth0:Customer$auth0:index/client:Client::acme/default";
  expect(messageOf({ urn, message: "409 Conflict" })).toBe(
    "auth0:index/client:Client acme/default: 409 Conflict",
  );
});

test("a run without errors has no message", () => {
  expect(messageOf({ urn: stack, message: "Done", severity: "info" })).toBeUndefined();
});

test("a stack that another process deploys is no reason to delete a lock", () => {
  const locked: unknown = Object.create(ConcurrentUpdateError.prototype);
  expect(explainFailure(locked)).toBe(
    "Another process is deploying this stack. Wait until it ends, or use another cloud with --directory.",
  );
  expect(explainFailure(new Error("port 1 is taken"))).toBe("port 1 is taken");
});

test("of a command of the CLI that fails, its errors are printed once", () => {
  const failed: unknown = Object.assign(Object.create(CommandError.prototype), {
    message:
      "code: -2\n stdout: \n stderr: error: no such project\n err?: Error: Command failed\nerror: no such project\n",
  });
  expect(explainFailure(failed)).toBe("no such project");
});
