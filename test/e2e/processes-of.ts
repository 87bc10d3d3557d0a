// Which processes a command has left behind, from /proc.
import { readdirSync, readFileSync } from "node:fs";

/** Command lines of processes that have to do with the folder. */
export function processesOf(directory: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const [command, environment] = ["cmdline", "environ"].map((file) =>
          readFileSync(`/proc/${pid}/${file}`, "utf8"),
        );
        return `${command}${environment}`.includes(directory) ? [String(command).replaceAll("\0", " ")] : [];
      } catch {
        return [];
      }
    });
}
