// Runs inside an execution environment: loads the handler and answers invocations from the parent process.
// It is plain JavaScript, so that a function starts without a compiler and sees nothing but its own code.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "node:util";

const {
  LAMBDA_TASK_ROOT = ".",
  _HANDLER = "",
  AWS_EXECUTION_ENV = "",
  AWS_LAMBDA_LOG_FORMAT,
  AWS_LAMBDA_LOG_LEVEL,
} = process.env;
const send = process.send?.bind(process);
let requestId = "";

// Without a parent there is nobody to serve.
process.on("disconnect", () => process.exit(0));
if (AWS_LAMBDA_LOG_FORMAT === "JSON") writeLogAsJson(AWS_LAMBDA_LOG_LEVEL);
try {
  const handler = await loadHandler();
  process.on("message", (invocation) => answer(handler, invocation));
  send({ kind: "ready" });
} catch (error) {
  send({ kind: "failed", error: describe(error) });
  process.disconnect();
}

async function answer(handler, { id, event, context }) {
  requestId = id;
  const deadline = Date.now() + context.remainingMilliseconds;
  const { remainingMilliseconds: _, ...facts } = context;
  const facade = {
    ...facts,
    awsRequestId: id,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  try {
    const result = await call(handler, event, facade);
    send({ kind: "result", id, payload: JSON.stringify(result ?? null) });
  } catch (error) {
    console.error("Invoke Error", describe(error));
    send({ kind: "error", id, error: describe(error) });
  }
}

/** Handlers with a callback were removed with nodejs24.x. */
function call(handler, event, context) {
  if (handler.length < 3) return handler(event, context);
  return new Promise((resolve, reject) => {
    const callback = (error, result) => (error ? reject(error) : resolve(result));
    const returned = handler(event, context, callback);
    if (typeof returned?.then === "function") returned.then(resolve, reject);
  });
}

async function loadHandler() {
  const position = _HANDLER.lastIndexOf(".");
  const [module, name] = [_HANDLER.slice(0, position), _HANDLER.slice(position + 1)];
  const file = [".js", ".mjs", ".cjs"]
    .map((ending) => join(LAMBDA_TASK_ROOT, module + ending))
    .find(existsSync);
  if (position < 1 || !file) {
    throw typed("Runtime.ImportModuleError", `Cannot find module '${module || _HANDLER}'`);
  }
  const loaded = await import(pathToFileURL(file)).catch((error) => {
    throw error instanceof SyntaxError ? typed("Runtime.UserCodeSyntaxError", String(error)) : error;
  });
  const handler = loaded[name] ?? loaded.default?.[name];
  if (typeof handler !== "function") {
    throw typed("Runtime.HandlerNotFound", `${_HANDLER} is undefined or not exported`);
  }
  if (handler.length >= 3 && AWS_EXECUTION_ENV === "AWS_Lambda_nodejs24.x") {
    throw typed(
      "Runtime.CallbackHandlerDeprecated",
      "handlers with a callback are not supported from nodejs24.x on. Return a promise instead.",
    );
  }
  return handler;
}

function typed(name, message) {
  return Object.assign(new Error(message), { name });
}

/** A thrown value as Lambda reports it. */
function describe(error) {
  return error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: stackOf(error) }
    : { errorType: typeof error, errorMessage: String(error), trace: [] };
}

function stackOf(error) {
  return (error.stack ?? "").split("\n");
}

/**
 * What the functions of console write where the function's log format is JSON.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
function writeLogAsJson(least = "INFO") {
  const severities = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
  const levels = { trace: "TRACE", debug: "DEBUG", info: "INFO", log: "INFO", warn: "WARN", error: "ERROR" };
  for (const [name, level] of Object.entries(levels)) {
    const isLogged = severities.indexOf(level) >= severities.indexOf(least);
    console[name] = (...values) => {
      if (isLogged) process.stdout.write(`${logLine(level, values)}\n`);
    };
  }
}

function logLine(level, values) {
  const [first] = values;
  const line = { timestamp: new Date().toISOString(), level, requestId };
  const error = values.find((value) => value instanceof Error);
  const details = error && { errorType: error.name, errorMessage: error.message, stackTrace: stackOf(error) };
  if (values.length > 1) return JSON.stringify({ ...line, message: format(...values), ...details });
  try {
    return JSON.stringify({ ...line, message: details ?? first });
  } catch {
    // Such as an object that holds itself.
    return JSON.stringify({ ...line, message: format(first) });
  }
}
