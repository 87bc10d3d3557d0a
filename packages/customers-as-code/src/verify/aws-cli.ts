// Asks AWS by its own command-line program: a client of AWS for two claims would be a dependency for every company.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { errorCode } from "../problems/unreadable";

/** @returns what it prints, JSON @throws {Error} with the reason, without the whole command line */
export async function askAws(args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("aws", [...args, "--output", "json"], {
      env: { ...process.env, AWS_PAGER: "" },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    if (errorCode(error) === "ENOENT")
      throw new Error("There is no program aws on the PATH. Install the AWS CLI, version 2.");
    const { stderr } = error as { stderr?: unknown };
    const reason = String(stderr ?? "").trim() || "no reason was given";
    throw new Error(`aws ${args.slice(0, 2).join(" ")} failed: ${reason}`);
  }
}
