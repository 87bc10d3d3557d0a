// The environment in which a function runs: a process that serves one invocation after the other.
import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import type { Account, StoredResource } from "./account";
import { functionsDirectory } from "./code-archive";
import { isObject } from "./property";
import { textOf } from "./resource-type";

export type InvocationResult = { payload: unknown } | { error: FunctionError };

interface FunctionError {
  /** `Error`, `Sandbox.Timedout`, `Runtime.ImportModuleError` and the like. */
  errorType: string;
  errorMessage: string;
}

/** Lambda lets a function initialize for so long. */
const initMilliseconds = 10_000;

/** One process that runs one invocation at a time. */
export class Environment {
  isBusy = false;
  isRetired = false;
  readonly revision: unknown;
  private readonly process: ChildProcess;
  /** Resolves when the process is gone, and all of its output has been read. */
  readonly ended: Promise<void>;
  /** Why the process is gone. */
  private exit: string | undefined;
  private readonly initialized: Promise<FunctionError | undefined>;

  constructor(
    private readonly resource: StoredResource,
    account: Account,
    extraVariables: Record<string, string>,
    private readonly log: (line: string) => void,
  ) {
    this.revision = resource.state.revision;
    const codeDirectory = codeDirectoryOf(resource, account);
    this.process = fork(join(__dirname, "lambda-bootstrap.mjs"), [], {
      cwd: codeDirectory,
      env: { ...variablesOf(resource, account.region, codeDirectory), ...extraVariables },
      // Half of the memory is left for what is not the heap.
      execArgv: [`--max-old-space-size=${Math.ceil(Number(resource.inputs.memorySize) / 2)}`],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.ended = new Promise((resolve) => {
      this.process.once("error", (error) => {
        this.exit ??= error.message;
        resolve();
      });
      this.process.once("exit", (code, signal) => {
        this.exit ??= signal ? `signal: ${signal}` : `exit status ${code}`;
      });
      this.process.once("close", () => resolve());
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", log);
    }
    this.initialized = this.initialize();
  }

  get isAlive(): boolean {
    return this.process.connected && this.process.exitCode === null && this.process.signalCode === null;
  }

  async invoke(event: unknown): Promise<InvocationResult> {
    const failure = await this.initialized;
    if (failure) {
      await this.end();
      return { error: failure };
    }
    const id = randomUUID();
    const milliseconds = Number(this.resource.inputs.timeout) * 1000;
    const result = await this.exchange(id, event, milliseconds);
    if ("error" in result) this.log(`${id} ${result.error.errorType}: ${result.error.errorMessage}`);
    return result;
  }

  async end(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill("SIGKILL");
    await this.ended;
  }

  private async initialize(): Promise<FunctionError | undefined> {
    const message = await this.nextMessage(initMilliseconds, (received) => received.kind !== undefined);
    if (message === "timeout") {
      return { errorType: "Sandbox.Timedout", errorMessage: "The function took over 10 seconds to load." };
    }
    if (isExit(message)) return exitError(message.exit);
    if (message.kind === "ready") return undefined;
    const failure = errorOf(message.error);
    this.log(`${failure.errorType}: ${failure.errorMessage}`);
    return failure;
  }

  private async exchange(id: string, event: unknown, milliseconds: number): Promise<InvocationResult> {
    const { inputs, outputs } = this.resource;
    const answer = this.nextMessage(milliseconds, (received) => received.id === id);
    if (this.isAlive) {
      this.process.send({
        id,
        event,
        context: {
          functionName: inputs.name,
          functionVersion: "$LATEST",
          invokedFunctionArn: outputs.arn,
          logGroupName: logGroupOf(this.resource),
          logStreamName: "local",
          memoryLimitInMB: String(inputs.memorySize),
          remainingMilliseconds: milliseconds,
        },
      });
    }
    const message = await answer;
    if (message === "timeout") {
      await this.end();
      const seconds = (milliseconds / 1000).toFixed(2);
      return {
        error: {
          errorType: "Sandbox.Timedout",
          errorMessage: `RequestId: ${id} Error: Task timed out after ${seconds} seconds`,
        },
      };
    }
    if (isExit(message)) return { error: exitError(message.exit, id) };
    if (message.kind === "error") return { error: errorOf(message.error) };
    return { payload: JSON.parse(textOf(message.payload)) as unknown };
  }

  /** The next message for which the condition holds, or why there is none. */
  private nextMessage(
    milliseconds: number,
    isWanted: (message: Record<string, unknown>) => boolean,
  ): Promise<Record<string, unknown> | { exit: string } | "timeout"> {
    return new Promise((resolve) => {
      const finish = (result: Record<string, unknown> | { exit: string } | "timeout") => {
        clearTimeout(timer);
        this.process.off("message", receive).off("exit", leave);
        resolve(result);
      };
      const receive = (message: unknown) => {
        if (isObject(message) && isWanted(message)) finish(message);
      };
      // What the process sent last may still be on its way when it is gone.
      const leave = () => setImmediate(() => finish({ exit: this.exit ?? "" }));
      const timer = setTimeout(() => finish("timeout"), milliseconds);
      this.process.on("message", receive).once("exit", leave);
      if (this.exit !== undefined) leave();
    });
  }
}

function isExit(message: Record<string, unknown> | { exit: string }): message is { exit: string } {
  return typeof message.exit === "string";
}

export function exitError(reason: string, id?: string): FunctionError {
  const prefix = id === undefined ? "" : `RequestId: ${id} `;
  return {
    errorType: "Runtime.ExitError",
    errorMessage: `${prefix}Error: Runtime exited with error: ${reason}`,
  };
}

function errorOf(value: unknown): FunctionError {
  const error = isObject(value) ? value : {};
  return { errorType: String(error.errorType), errorMessage: String(error.errorMessage) };
}

/** Earlier versions kept the whole path, which is wrong once the state was moved. */
function codeDirectoryOf({ state }: StoredResource, account: Account): string {
  return join(functionsDirectory(account), basename(textOf(state.codeDirectory)));
}

export function logGroupOf({ id, inputs }: StoredResource): string {
  const group = isObject(inputs.loggingConfig) ? inputs.loggingConfig.logGroup : undefined;
  return typeof group === "string" ? group : `/aws/lambda/${id}`;
}

/** A clean environment: of this machine, a function sees only where programs are. */
function variablesOf(
  { inputs, id }: StoredResource,
  region: string,
  taskRoot: string,
): Record<string, string> {
  const { environment, loggingConfig } = inputs;
  const own = isObject(environment) && isObject(environment.variables) ? environment.variables : {};
  const logFormat: Record<string, string> =
    isObject(loggingConfig) && loggingConfig.logFormat === "JSON"
      ? {
          AWS_LAMBDA_LOG_FORMAT: "JSON",
          AWS_LAMBDA_LOG_LEVEL: String(loggingConfig.applicationLogLevel ?? "INFO"),
        }
      : {};
  return {
    PATH: process.env.PATH ?? "",
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name, String(value)])),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${inputs.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: id,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(inputs.memorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_ACCESS_KEY_ID: "ASIALOCALCLOUD000000",
    AWS_SECRET_ACCESS_KEY: "local-cloud-has-no-secrets",
    AWS_SESSION_TOKEN: "local",
    LAMBDA_TASK_ROOT: taskRoot,
    _HANDLER: textOf(inputs.handler),
    ...logFormat,
  };
}
