// How a command of the local cloud hears that it has to end.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withCloud } from "../src/session";

let directory: string;
const { npm_lifecycle_event: event } = process.env;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "session-"));
  jest.spyOn(console, "error").mockImplementation();
});

afterEach(() => {
  if (event === undefined) delete process.env.npm_lifecycle_event;
  else process.env.npm_lifecycle_event = event;
  jest.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

test("a command that waits for Ctrl-C also ends with one that came before it waited", async () => {
  const isAborted = await withCloud({ directory }, async ({ signal, interrupted }) => {
    process.emit("SIGINT");
    await new Promise(setImmediate);
    await interrupted;
    return signal.aborted;
  });
  expect(isAborted).toBe(true);
});

test("a command that npx started ends when npx's shell is gone, since npx passes no signal on", async () => {
  process.env.npm_lifecycle_event = "npx";
  await withCloud({ directory }, async ({ interrupted }) => {
    jest.replaceProperty(process, "ppid", 1);
    await interrupted;
  });
});
