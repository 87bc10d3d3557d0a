// The awsx plugin of the local cloud: a process of its own, as the official one is.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

interface RunningAwsx {
  port: number;
  close(): void;
}

/** Starts it, which takes seconds. The engine gives a plugin ten of them to answer, so that it must run before. */
export async function startAwsx(): Promise<RunningAwsx> {
  // Compiled, also for tests: it is a process of its own.
  const main = join(__dirname, "../../dist/awsx/main.js");
  const child = spawn(process.execPath, [main], { stdio: ["ignore", "pipe", "inherit"] });
  const kill = () => child.kill();
  process.once("exit", kill);
  // It prints its port, as plugins do.
  const [line] = await Promise.race([
    once(child.stdout, "data"),
    once(child, "exit").then(() => {
      throw new Error("the local awsx plugin ended before it was ready");
    }),
  ]);
  child.stdout.resume();
  return {
    port: Number(String(line).trim()),
    close() {
      process.off("exit", kill);
      kill();
    },
  };
}
