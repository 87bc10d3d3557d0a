// A process that prints a line when it is ready.
import { execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Started {
  pid: number;
  line: string;
  end(): Promise<void>;
}

/** @param core to bind it to, by taskset */
export function startProcess(args: string[], core?: number): Promise<Started> {
  const command = core === undefined ? [] : ["taskset", "-c", String(core)];
  const [program = process.execPath, ...rest] = [...command, process.execPath, ...args];
  const child = spawn(program, rest, {
    cwd: join(__dirname, "../.."),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
      const [line, ...more] = text.split("\n");
      if (line === undefined || more.length === 0 || child.pid === undefined) return;
      const end = () => {
        child.kill("SIGTERM");
        return ended;
      };
      resolve({ pid: child.pid, line, end });
    });
    void ended.then(() => reject(new Error(`${args.join(" ")} ended without a word`)));
  });
}

/** Seconds on a processor, of all the process's threads since its start; undefined if the system does not report it. */
export function processorSeconds(pid: number): number | undefined {
  try {
    // Fields 14 and 15, in hundredths (proc_pid_stat(5)); the name in field 2 may hold spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}

/** Of the process itself, with the pages of its database that it has touched. */
export function residentMegabytes(pid: number): number {
  return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) / 1024;
}
