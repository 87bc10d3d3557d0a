// A process that prints a line when it is ready.
import { execFileSync, spawn } from "node:child_process";
import { join } from "node:path";

export interface Started {
  pid: number;
  line: string;
  end(): Promise<void>;
}

export function startProcess(args: string[]): Promise<Started> {
  const child = spawn(process.execPath, args, {
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

/** Of the process itself, with the pages of its database that it has touched. */
export function residentMegabytes(pid: number): number {
  return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) / 1024;
}
