// The Pulumi CLI as the project's commands use it: the one on the PATH, in the folder of Pulumi.yaml.
import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

/** A state of 500 customers is some 8 MB. */
const maxBuffer = 2 ** 30;

/** @returns what it prints @throws {Error} with what it says where it fails */
export async function readPulumi(args: readonly string[], input?: string): Promise<string> {
  const running = promisify(execFile)("pulumi", [...args, "--non-interactive"], { maxBuffer });
  running.child.stdin?.end(input ?? "");
  try {
    return (await running).stdout;
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    throw new Error(`pulumi ${args.join(" ")} failed: ${said || String(error)}`);
  }
}

export interface CliRun {
  /** Before each line that it prints. */
  prefix: string;
  environment?: Record<string, string>;
}

/** Prints what it prints as it comes. @returns the exit code */
export function runPulumi(args: readonly string[], { prefix, environment }: CliRun): Promise<number> {
  const child = spawn("pulumi", [...args, "--non-interactive"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  for (const stream of [child.stdout, child.stderr]) {
    let line = "";
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = (line + chunk).split("\n");
      line = lines.pop() ?? "";
      for (const one of lines) console.log(`${prefix}${one}`);
    });
    stream.on("end", () => line !== "" && console.log(`${prefix}${line}`));
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}
