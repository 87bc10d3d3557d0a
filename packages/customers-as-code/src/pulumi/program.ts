// The program as a function for Pulumi's runner, which shows what it throws.
import { log } from "@pulumi/pulumi";

/**
 * A program whose errors have no frames by which the runner would never end: it shows each by util.inspect with colors, which in
 * Node.js 20 and 22 searches forever for the package of a path such as node_modules/@pulumi/resource.ts, where the SDK's source
 * maps lead (lib/internal/util/inspect.js, markNodeModules; pulumi/pulumi, sdk/nodejs/cmd/run/error.ts). 24 finds an end.
 *
 * The SDK's debug messages are left out. They tell the engine, where `--debug` prints them, of each answer with the secrets that are in
 * it in clear; and they are three calls for each resource, one after the other, a tenth of a preview's time (pulumi/pulumi#7146).
 */
export function declareProgram<Outputs>(declare: () => Promise<Outputs>): () => Promise<Outputs> {
  return async () => {
    Object.assign(log, { debug: () => Promise.resolve() });
    try {
      return await declare();
    } catch (error) {
      if (error instanceof Error && error.stack !== undefined) error.stack = withoutScopes(error.stack);
      throw error;
    }
  };
}

/** Without the frames in files that are in a scope's folder itself, and so in no package. */
function withoutScopes(stack: string): string {
  return stack
    .split("\n")
    .filter((line) => !/[/\\]node_modules[/\\]@[^/\\]+[/\\][^/\\]+$/.test(line))
    .join("\n");
}
