// The function as it is deployed: two files in a folder, in a process of its own that knows nothing else.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { authorizerFiles } from "../build/bundle";
import { methodArn, policyAnswer, restEvent, settings } from "../testing/fixture";
import { isAllowed } from "../testing/iam";
import { type Changes, makeKey, token } from "../testing/tokens";

const key = makeKey("key-1");
// The clock of the process is the real one.
const seconds = Math.floor(Date.now() / 1000);
const signed = (changes: Changes = {}) => token(key, { iat: seconds - 60, exp: seconds + 3600, ...changes });
const good = signed({ jti: "jti-1" });

/** Takes events from the test, one after the other, and sends back what became of them; ends with the text "end", and leaves its memory in a file. */
const runtime = `
process.on("message", async (event) => {
  if (event === "end") {
    require("node:v8").writeHeapSnapshot(require("node:path").join(__dirname, "memory.json"));
    return process.disconnect();
  }
  const outcome = await require("./index.js").handler(event).then((answer) => ({ answer }), ({ message }) => ({ message }));
  process.send(outcome);
});`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "authorizer-function-"));
  for (const [name, text] of Object.entries({ ...authorizerFiles(settings(key)), "runtime.js": runtime })) {
    writeFileSync(join(folder, name), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the deployed function", () => {
  it("answers events one after the other, and writes one line to its output for each", async () => {
    const expired = signed({ exp: seconds - 10 });
    const events = [
      restEvent(`Bearer ${good}`),
      restEvent(`Bearer ${expired}`),
      {},
      restEvent(`Bearer ${good}`),
    ];
    const { outcomes, stdout, stderr } = await run(events);
    expect(outcomes).toEqual([
      { answer: expect.objectContaining({ principalId: "acmeCi" }) },
      { message: "Unauthorized" },
      { message: "event_unknown" },
      outcomes[0],
    ]);
    expect(stdout.endsWith("\n")).toBe(true);
    expect(stdout.trimEnd().split("\n").map(lineOf)).toEqual([
      ["orders", "allowed", 1],
      ["orders", "token_expired", 0],
      ["orders", "event_unknown", 0],
      ["orders", "allowed", 0],
    ]);
    expect(stderr).toBe("");
  });

  it("allows what the token's scopes suffice for, and no more", async () => {
    const { outcomes } = await run([restEvent(`Bearer ${good}`)]);
    expect(allowedBy(outcomes[0])).toEqual(["GET /orders", "POST /orders", "GET /me"]);
  });

  it("keeps no token in its memory once another has come", async () => {
    const others = ["jti-2", "jti-3"].map((jti) => restEvent(`Bearer ${signed({ jti })}`));
    const { outcomes } = await run([restEvent(`Bearer ${good}`), ...others, {}]);
    expect(outcomes).toHaveLength(4);
    const memory = readFileSync(join(folder, "memory.json"), "utf8");
    expect(memory).toContain("jti-1");
    expect(memory.includes(good.slice(-40))).toBe(false);
  });

  it("fails to start where its settings are not beside it", async () => {
    renameSync(join(folder, "config.json"), join(folder, "elsewhere.json"));
    try {
      await expect(run([{}])).rejects.toThrow(/ENOENT.*config\.json/);
    } finally {
      renameSync(join(folder, "elsewhere.json"), join(folder, "config.json"));
    }
  });
});

/** Outcomes of the events, and what the process wrote. */
async function run(events: unknown[]): Promise<{ outcomes: unknown[]; stdout: string; stderr: string }> {
  // In another directory than its files, and in no one's environment.
  const child = fork(join(folder, "runtime.js"), { cwd: tmpdir(), env: {}, execArgv: [], silent: true });
  const [stdout, stderr] = [read(child.stdout), read(child.stderr)];
  const closed = once(child, "close");
  const died = closed.then(() => {
    throw new Error(stderr());
  });
  const outcomes: unknown[] = [];
  for (const event of events) {
    child.send(Object(event));
    const [outcome] = await Promise.race([once(child, "message"), died]);
    outcomes.push(outcome);
  }
  child.send("end");
  await closed;
  await died.catch(() => {});
  return { outcomes, stdout: stdout(), stderr: stderr() };
}

function read(stream: ChildProcess["stdout"]): () => string {
  let text = "";
  stream?.setEncoding("utf8").on("data", (chunk) => {
    text += chunk;
  });
  return () => text;
}

function allowedBy(outcome: unknown): string[] {
  const { answer } = JSON.parse(JSON.stringify(outcome));
  const requests = ["GET /orders", "POST /orders", "DELETE /orders/1", "GET /me", "PUT /orders"];
  return requests.filter((request) => isAllowed(policyAnswer(answer).policyDocument, methodArn(request)));
}

function lineOf(text: string): unknown[] {
  const { Api, Reason, ColdStarts } = JSON.parse(text);
  return [Api, Reason, ColdStarts];
}
