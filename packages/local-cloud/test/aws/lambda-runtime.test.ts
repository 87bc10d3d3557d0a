// Functions in execution environments: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
import { readFileSync, renameSync } from "node:fs";
import type { InvocationResult } from "../../src/aws/execution-environment";
import { Lambda } from "../../src/aws/lambda-runtime";
import { isObject } from "../../src/aws/property";
import type { Properties } from "../../src/engine/provider";
import {
  archive,
  type Backend,
  type Created,
  Fixture,
  fakeSetTimeout,
  startBackend,
  typeOf,
} from "../../testing/fixture";

let fixture: Fixture;
let backend: Backend;
let lambda: Lambda;

beforeAll(async () => {
  backend = await startBackend();
});

beforeEach(async () => {
  fixture = await Fixture.start();
  lambda = new Lambda(fixture.aws.account, fixture.aws.logs, fixture.aws.metrics, {
    environment: { EXTRA: "for all" },
  });
});

afterEach(async () => {
  jest.useRealTimers();
  await lambda.close();
  await fixture.close();
});

afterAll(() => backend.close());

const invoke = (fn: Created, event: unknown = {}) => lambda.invoke(String(fn.outputs.arn), event);

async function payloadOf(result: Promise<InvocationResult>): Promise<Properties> {
  const settled = await result;
  if (!("payload" in settled) || !isObject(settled.payload)) throw new Error(JSON.stringify(settled));
  return settled.payload;
}

const isRunning = (pid: unknown) => {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
};

const counting = `
let calls = 0;
export const handler = async ({ wait }) => {
  calls += 1;
  if (wait) await fetch(wait, { method: "POST" });
  return { pid: process.pid, calls };
};`;

// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
describe("an environment", () => {
  it("is a process of its own, which is kept for the next invocation", async () => {
    const fn = await fixture.function(counting);
    const { pid } = await payloadOf(invoke(fn));
    expect(pid).not.toBe(process.pid);
    expect(await payloadOf(invoke(fn))).toEqual({ pid, calls: 2 });
  });

  it("runs one invocation at a time, so that two at once have two", async () => {
    const fn = await fixture.function(counting);
    const [one, two] = await Promise.all([payloadOf(invoke(fn)), payloadOf(invoke(fn))]);
    expect(one.pid).not.toBe(two.pid);
    expect([one.calls, two.calls]).toEqual([1, 1]);
  });

  it.each(["the name of its code", "the whole path, as earlier versions kept it"])(
    "starts after the account's folder was moved, from %s",
    async (kept) => {
      const { directory, aws } = fixture;
      const fn = await fixture.function(counting);
      if (kept !== "the name of its code") {
        const stored = aws.account.get(typeOf("lambda/function"), fn.id);
        const state = { ...stored?.state, codeDirectory: `/gone/functions/${stored?.state.codeDirectory}` };
        if (stored) await aws.account.put({ ...stored, state });
      }
      await fixture.close({ keep: true });
      renameSync(directory, `${directory}-moved`);
      fixture = await Fixture.start({ directory: `${directory}-moved` });
      const moved = new Lambda(fixture.aws.account, fixture.aws.logs, fixture.aws.metrics, {});
      expect(await payloadOf(moved.invoke(String(fn.outputs.arn), {}))).toMatchObject({ calls: 1 });
      await moved.close();
    },
  );

  it("is waited for where there are as many as the machine may have", async () => {
    const one = new Lambda(fixture.aws.account, fixture.aws.logs, fixture.aws.metrics, {
      maxEnvironments: 1,
    });
    const fn = await fixture.function(counting);
    const results = await Promise.all([1, 2, 3].map(() => payloadOf(one.invoke(String(fn.outputs.arn), {}))));
    expect(results.map(({ calls }) => calls)).toEqual([1, 2, 3]);
    await one.close();
  });

  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
  it("has the function's variables and Lambda's own, and none of this machine's", async () => {
    const mine = "AWS_PROFILE_OF_THE_USER";
    process.env[mine] = "secret";
    const fn = await fixture.function("export const handler = async () => process.env;", {
      environment: { variables: { STAGE: "test", EXTRA_ONE: "1" } },
    });
    const variables = await payloadOf(invoke(fn));
    delete process.env[mine];
    expect(variables).toMatchObject({
      STAGE: "test",
      EXTRA_ONE: "1",
      EXTRA: "for all",
      TZ: ":UTC",
      AWS_REGION: "eu-central-1",
      AWS_LAMBDA_FUNCTION_NAME: "authorizer",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      _HANDLER: "index.handler",
    });
    expect(variables).not.toHaveProperty(mine);
    expect(variables).not.toHaveProperty("HOME");
    expect(variables).not.toHaveProperty("NODE_OPTIONS");
  });

  it("is where the code is, with all of its files", async () => {
    const fn = await fixture.function({
      "index.mjs": `
        import { readFileSync, renameSync } from "node:fs";
        import { greeting } from "./lib/greeting.mjs";
        export const handler = async () => ({ greeting, config: JSON.parse(readFileSync("config.json", "utf8")) });`,
      "lib/greeting.mjs": 'export const greeting = "hello";',
      "config.json": '{"a":1}',
    });
    expect(await payloadOf(invoke(fn))).toEqual({ greeting: "hello", config: { a: 1 } });
  });
});

// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
it("gives the function its identity and the time that is left", async () => {
  const fn = await fixture.function(
    "export const handler = async (event, context) => ({ event, ...context, left: context.getRemainingTimeInMillis() });",
    { timeout: 5 },
  );
  const payload = await payloadOf(invoke(fn, { a: [1] }));
  expect(payload).toMatchObject({
    event: { a: [1] },
    functionName: "authorizer",
    functionVersion: "$LATEST",
    invokedFunctionArn: fn.outputs.arn,
    memoryLimitInMB: "128",
    logGroupName: "/aws/lambda/authorizer",
    awsRequestId: expect.stringMatching(/^[\da-f-]{36}$/),
  });
  expect(payload.left).toBeGreaterThan(0);
  expect(payload.left).toBeLessThanOrEqual(5_000);
});

// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
it("gives null where the function returns nothing", async () => {
  const fn = await fixture.function("export const handler = async () => undefined;");
  expect(await invoke(fn)).toEqual({ payload: null });
});

// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html for the shape of an error
describe("an error", () => {
  it.each([
    ["an error", 'throw new TypeError("no")', "TypeError", "no"],
    ["a rejection", 'await Promise.reject(new Error("Unauthorized"))', "Error", "Unauthorized"],
    ["a text", 'throw "just a text"', "string", "just a text"],
  ])(
    "that is %s has its type and message, and the environment stays",
    async (_title, statement, errorType, errorMessage) => {
      const fn = await fixture.function(
        `export const handler = async ({ ok }) => { if (ok) return { pid: process.pid }; ${statement}; };`,
      );
      const { pid } = await payloadOf(invoke(fn, { ok: true }));
      expect(await invoke(fn)).toEqual({ error: { errorType, errorMessage } });
      expect(await payloadOf(invoke(fn, { ok: true }))).toEqual({ pid });
    },
  );

  it.each([
    ["exits", "process.exit(3)", /^RequestId: [\da-f-]+ Error: Runtime exited with error: exit status 3$/],
    ["is killed", 'process.kill(process.pid, "SIGKILL")', /signal: SIGKILL$/],
    ["throws outside of the handler", 'setImmediate(() => { throw new Error("late"); })', /exit status 1$/],
  ])(
    "of a process that %s is an exit, and the next invocation has another one",
    async (_title, statement, message) => {
      const fn = await fixture.function(
        `export const handler = async ({ ok }) => { if (!ok) { ${statement}; await new Promise(() => setTimeout(() => {}, 60_000)); } return { pid: process.pid }; };`,
      );
      const { pid } = await payloadOf(invoke(fn, { ok: true }));
      expect(await invoke(fn)).toEqual({
        error: { errorType: "Runtime.ExitError", errorMessage: expect.stringMatching(message) },
      });
      const next = await payloadOf(invoke(fn, { ok: true }));
      expect(next.pid).not.toBe(pid);
    },
  );

  // https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html
  it.each([
    [
      "the module is missing",
      { handler: "main.handler" },
      "export const handler = 1;",
      "Runtime.ImportModuleError",
    ],
    ["the handler is missing", {}, "export const other = async () => 1;", "Runtime.HandlerNotFound"],
    ["the handler is no function", {}, "export const handler = 1;", "Runtime.HandlerNotFound"],
    ["the code is none", {}, "export const handler = ;", "Runtime.UserCodeSyntaxError"],
    ["the code throws while it loads", {}, 'throw new RangeError("at load");', "RangeError"],
  ])("says so where %s", async (_title, inputs, code, errorType) => {
    const fn = await fixture.function(code, inputs);
    expect(await invoke(fn)).toMatchObject({ error: { errorType } });
    // And again: a failed environment is not kept.
    expect(await invoke(fn)).toMatchObject({ error: { errorType } });
  });

  it("says so where there is no such function", async () => {
    expect(await lambda.invoke("arn:aws:lambda:eu-central-1:123456789012:function:nobody", {})).toMatchObject(
      {
        error: { errorType: "ResourceNotFoundException" },
      },
    );
  });
});

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html for the 10 seconds to load
describe("time", () => {
  it("that is over ends the environment", async () => {
    fakeSetTimeout();
    const fn = await fixture.function(
      `export const handler = async ({ url }) => {
        if (!url) return { pid: process.pid };
        await fetch(url, { method: "POST" });
        await new Promise(() => setTimeout(() => {}, 60_000));
      };`,
      { timeout: 2 },
    );
    const { pid } = await payloadOf(invoke(fn));
    const called = backend.nextRequest("/hang");
    const result = invoke(fn, { url: `${backend.url}/hang` });
    await called;
    jest.advanceTimersByTime(2_000);
    expect(await result).toEqual({
      error: {
        errorType: "Sandbox.Timedout",
        errorMessage: expect.stringMatching(
          /^RequestId: [\da-f-]+ Error: Task timed out after 2.00 seconds$/,
        ),
      },
    });
    expect(isRunning(pid)).toBe(false);
    expect((await payloadOf(invoke(fn))).pid).not.toBe(pid);
  });

  it("to load is 10 seconds", async () => {
    fakeSetTimeout();
    const called = backend.nextRequest("/load");
    const fn = await fixture.function(
      `await fetch("${backend.url}/load", { method: "POST" });
      await new Promise(() => setTimeout(() => {}, 60_000));
      export const handler = async () => 1;`,
      { timeout: 60 },
    );
    const result = invoke(fn);
    await called;
    jest.advanceTimersByTime(10_000);
    expect(await result).toMatchObject({ error: { errorType: "Sandbox.Timedout" } });
  });
});

// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
describe("a handler", () => {
  const withCallback =
    "export const handler = (event, context, callback) => callback(null, { called: true });";

  // https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
  it("with a callback is refused on nodejs24.x", async () => {
    const fn = await fixture.function(withCallback, { runtime: "nodejs24.x" });
    expect(await invoke(fn)).toEqual({
      error: {
        errorType: "Runtime.CallbackHandlerDeprecated",
        errorMessage: expect.stringMatching(/not supported from nodejs24.x on. Return a promise instead/),
      },
    });
  });

  it("with a callback runs on nodejs22.x", async () => {
    const fn = await fixture.function(withCallback, { runtime: "nodejs22.x" });
    expect(await invoke(fn)).toEqual({ payload: { called: true } });
    const failing = await fixture.function(
      'export const handler = (event, context, callback) => callback(new Error("Unauthorized"));',
      { runtime: "nodejs22.x", name: "failing" },
    );
    expect(await invoke(failing)).toMatchObject({ error: { errorMessage: "Unauthorized" } });
  });

  it.each(["index.js", "index.cjs"])("may be a CommonJS module: %s", async (file) => {
    const fn = await fixture.function({ [file]: "exports.handler = async () => ({ common: true });" });
    expect(await invoke(fn)).toEqual({ payload: { common: true } });
  });
});

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-zip.html and lambda-runtime-environment.html
describe("a change", () => {
  const version = (number: number) =>
    `export const handler = async () => ({ version: ${number}, pid: process.pid });`;

  it("of the code holds from the next invocation on, and ends the old environment", async () => {
    const fn = await fixture.function(version(1));
    const old = await payloadOf(invoke(fn));
    await fixture.update("lambda/function", fn, { code: archive(version(2)) });
    const updated = await payloadOf(invoke(fn));
    expect([old.version, updated.version]).toEqual([1, 2]);
    await lambda.close();
    expect(isRunning(old.pid)).toBe(false);
  });

  it("of a variable holds from the next invocation on", async () => {
    const fn = await fixture.function("export const handler = async () => ({ a: process.env.AA });", {
      environment: { variables: { AA: "1" } },
    });
    expect(await invoke(fn)).toEqual({ payload: { a: "1" } });
    await fixture.update("lambda/function", fn, { environment: { variables: { AA: "2" } } });
    expect(await invoke(fn)).toEqual({ payload: { a: "2" } });
  });

  it("lets an invocation under way finish", async () => {
    let finish = () => undefined as unknown;
    const slow = await startBackend((_request, response) => {
      finish = () => response.end();
    });
    const called = slow.nextRequest("/");
    const fn = await fixture.function(counting, { timeout: 60 });
    const result = payloadOf(invoke(fn, { wait: slow.url }));
    await called;
    await fixture.update("lambda/function", fn, { code: archive(version(2)) });
    expect((await payloadOf(invoke(fn))).version).toBe(2);
    finish();
    expect(await result).toMatchObject({ calls: 1 });
    await slow.close();
  });

  it("that deletes the function ends it", async () => {
    const fn = await fixture.function(version(1));
    const { pid } = await payloadOf(invoke(fn));
    await fixture.aws.provider.delete("aws:lambda/function:Function", fn.id, fn.outputs);
    expect(await invoke(fn)).toMatchObject({ error: { errorType: "ResourceNotFoundException" } });
    await lambda.close();
    expect(isRunning(pid)).toBe(false);
  });
});

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
describe("reserved concurrency", () => {
  it("refuses what goes beyond it", async () => {
    const fn = await fixture.function(counting, { reservedConcurrentExecutions: 1 });
    const results = await Promise.all([invoke(fn), invoke(fn)]);
    expect(results[0]).toHaveProperty("payload");
    expect(results[1]).toMatchObject({ error: { errorType: "TooManyRequestsException" } });
    expect(await invoke(fn)).toHaveProperty("payload");
  });

  it("of 0 refuses everything", async () => {
    const fn = await fixture.function(counting, { reservedConcurrentExecutions: 0 });
    expect(await invoke(fn)).toMatchObject({ error: { errorType: "TooManyRequestsException" } });
  });
});

// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
describe("the log", () => {
  const linesOf = async (group: string) => {
    await fixture.aws.logs.flush();
    return readFileSync(fixture.aws.logs.fileOf(group), "utf8").trimEnd().split("\n");
  };
  const recordsOf = async (group: string): Promise<Properties[]> =>
    (await linesOf(group)).map((line) => JSON.parse(line));
  const logging = `
    export const handler = async () => {
      console.debug("quiet");
      console.log("a %s", "text");
      console.info({ an: "object" });
      console.warn("broken", new TypeError("why"));
      console.error(new RangeError("alone"));
      const ring = {};
      ring.ring = ring;
      console.log(ring);
      process.stdout.write("done\\n");
    };`;

  it("in JSON has one record an event, with the request's id", async () => {
    const fn = await fixture.function(logging.replace(/process.stdout.*/, ""), {
      loggingConfig: { logFormat: "JSON", logGroup: "/orders/authorizer" },
    });
    expect(await invoke(fn)).toEqual({ payload: null });
    // Lines come through a pipe of their own, which ends with the process.
    await lambda.close();
    const records = await recordsOf("/orders/authorizer");
    const ids = new Set(records.map(({ requestId }) => requestId));
    expect(ids.size).toBe(1);
    const stackTrace = expect.arrayContaining([expect.stringContaining("index.mjs")]);
    expect(records.map(({ timestamp, requestId, ...rest }) => rest)).toEqual([
      { level: "INFO", message: "a text" },
      { level: "INFO", message: { an: "object" } },
      {
        level: "WARN",
        message: expect.stringContaining("broken TypeError: why"),
        errorType: "TypeError",
        errorMessage: "why",
        stackTrace,
      },
      { level: "ERROR", message: { errorType: "RangeError", errorMessage: "alone", stackTrace } },
      { level: "INFO", message: expect.stringContaining("[Circular *1]") },
    ]);
  });

  it("in JSON has the levels that the function asks for", async () => {
    const fn = await fixture.function(
      'export const handler = async () => { console.debug("d"); console.info("i"); console.error("e"); };',
      {
        loggingConfig: { logFormat: "JSON", applicationLogLevel: "ERROR" },
      },
    );
    await invoke(fn);
    await fixture.update("lambda/function", fn, {
      loggingConfig: { logFormat: "JSON", applicationLogLevel: "DEBUG" },
    });
    await invoke(fn);
    await lambda.close();
    const levels = (await recordsOf("/aws/lambda/authorizer")).map(({ level }) => level);
    expect(levels.sort()).toEqual(["DEBUG", "ERROR", "ERROR", "INFO"]);
  });

  it("as text has what the function writes, and why it failed", async () => {
    const fn = await fixture.function(
      'export const handler = async () => { console.log("a\\nb"); throw new Error("broken"); };',
    );
    await invoke(fn);
    await lambda.close();
    const lines = await linesOf("/aws/lambda/authorizer");
    expect(lines).toEqual(
      expect.arrayContaining(["a", "b", expect.stringMatching(/^[\da-f-]+ Error: broken$/)]),
    );
  });
});

// Local: AWS does not close.
describe("closing", () => {
  it("leaves no process, neither idle nor at work", async () => {
    const idle = await fixture.function(counting);
    const { pid } = await payloadOf(invoke(idle));
    const called = backend.nextRequest("/closing");
    const working = await fixture.function(
      `export const handler = async () => {
        await fetch("${backend.url}/closing", { method: "POST", body: String(process.pid) });
        await new Promise(() => setTimeout(() => {}, 60_000));
      };`,
      { name: "working", timeout: 60 },
    );
    const result = invoke(working);
    await called;
    await lambda.close();
    expect(isRunning(pid)).toBe(false);
    expect(await result).toMatchObject({ error: { errorType: "Runtime.ExitError" } });
  });

  it("leaves none where invocations wait for an environment", async () => {
    const one = new Lambda(fixture.aws.account, fixture.aws.logs, fixture.aws.metrics, {
      maxEnvironments: 1,
    });
    const called = backend.nextRequest("/waiting");
    const fn = await fixture.function(
      `export const handler = async () => {
        await fetch("${backend.url}/waiting", { method: "POST" });
        await new Promise(() => setTimeout(() => {}, 60_000));
      };`,
      { timeout: 60 },
    );
    const results = [1, 2, 3].map(() => one.invoke(String(fn.outputs.arn), {}));
    await called;
    await one.close();
    const again = backend.nextRequest("/waiting").then(() => "started");
    const ended = { error: expect.objectContaining({ errorType: "Runtime.ExitError" }) };
    expect(await Promise.race([again, Promise.all(results)])).toEqual([ended, ended, ended]);
  });
});
