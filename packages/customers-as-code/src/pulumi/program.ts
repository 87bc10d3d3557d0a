// The program as a function for Pulumi's runner, and what it turns off in the SDK to start and run faster: docs/explanation/architecture.md,
// "The start of a process".
import { log } from "@pulumi/pulumi";

/**
 * Makes a program of what declares its resources, for `export default`. It leaves out outputs without a value, and removes those frames from the program's errors that would keep Pulumi's runner from ending. The
 * runner shows an error by util.inspect with colors. In Node.js 20 and 22, that searches forever for the package of a path such as
 * node_modules/@pulumi/resource.ts, which the SDK's source maps name (lib/internal/util/inspect.js, markNodeModules; pulumi/pulumi,
 * sdk/nodejs/cmd/run/error.ts). Node.js 24 stops.
 *
 * Turns off the SDK's debug messages. They contain each answer of the engine with its secrets in clear, and `--debug` prints them. They
 * also take three calls for each resource, one after the other: a tenth of a preview's time (pulumi/pulumi#7146).
 *
 * @param declare declares the resources, and returns the stack's outputs
 * @returns what Pulumi's runner calls
 * @example
 * export default declareProgram(async () => {
 *   const { outputs } = await declareCompany();
 *   return { ...(await outputs), team: "orders" };
 * });
 */
export function declareProgram<Outputs extends object>(
  declare: () => Promise<Outputs>,
): () => Promise<Outputs> {
  return async () => {
    Object.assign(log, { debug: () => Promise.resolve() });
    try {
      return dropUndefined(await declare());
    } catch (error) {
      if (error instanceof Error && error.stack !== undefined) error.stack = withoutScopes(error.stack);
      throw error;
    }
  };
}

/** The engine would show an output without a value as one of the stack. */
function dropUndefined<Outputs extends object>(outputs: Outputs): Outputs {
  for (const [name, value] of Object.entries(outputs)) {
    if (value === undefined) Reflect.deleteProperty(outputs, name);
  }
  return outputs;
}

/** Removes the frames of files that lie in a scope's folder itself, and so in no package. */
function withoutScopes(stack: string): string {
  return stack
    .split("\n")
    .filter((line) => !/[/\\]node_modules[/\\]@[^/\\]+[/\\][^/\\]+$/.test(line))
    .join("\n");
}

/**
 * Turns off stack traces until the work is done. The SDK records one with each of a resource's dozens of promises, which takes as long as
 * everything else that it does (pulumi/pulumi, sdk/nodejs/runtime/debuggable.ts). Only its search for promises that never end shows them.
 */
export async function withoutStackTraces<T>(work: Promise<T>): Promise<T> {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return await work;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
