// How much memory a process and all that it starts take at their peak, from /proc.
import { readdirSync, readFileSync } from "node:fs";

export interface Usage {
  /** Most megabytes of one engine with its program and all else that it starts, where several run side by side. */
  stack: number;
  /** Most megabytes of all at one moment. */
  together: number;
  /** Seconds of processor time of all. */
  processor: number;
}

/** Looks every 50 ms. @returns a function that ends it and tells what it saw */
export function watchUsage(root: number): () => Usage {
  const usage: Usage = { stack: 0, together: 0, processor: 0 };
  const processor = new Map<number, number>();
  const look = () => {
    const tree = processTree(root);
    const sum = (processes: readonly TreeProcess[]) =>
      processes.reduce((total, one) => total + one.megabytes, 0);
    const engines = tree.filter(({ command }) => /^\S*pulumi\0(up|preview)/.test(command));
    for (const { pid } of engines) usage.stack = Math.max(usage.stack, sum(processTree(pid)));
    usage.together = Math.max(usage.together, sum(tree));
    for (const { pid, processorSeconds } of tree) processor.set(pid, processorSeconds);
    usage.processor = [...processor.values()].reduce((total, one) => total + one, 0);
  };
  const timer = setInterval(look, 50);
  return () => {
    clearInterval(timer);
    return usage;
  };
}

export interface TreeProcess {
  pid: number;
  /** Arguments, each with a NUL after it. */
  command: string;
  megabytes: number;
  processorSeconds: number;
}

/** The process and its descendants, as they are now. */
export function processTree(root: number): TreeProcess[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const parent = /^\d+$/.test(name) ? parentOf(Number(name)) : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const pids = [root];
  for (const pid of pids) pids.push(...(children.get(pid) ?? []));
  return pids.flatMap((pid) => {
    const resident = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1];
    if (resident === undefined) return [];
    // After the name in parentheses: state is the third field, user and system time the 14th and 15th (proc(5)).
    const fields = read(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ") ?? [];
    const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
    const command = read(`/proc/${pid}/cmdline`);
    return [{ pid, command, megabytes: Number(resident) / 1000, processorSeconds: ticks / ticksPerSecond }];
  });
}

/** USER_HZ, the same on every Linux in use. */
const ticksPerSecond = 100;

function parentOf(pid: number): number | undefined {
  const parent = /^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1];
  return parent === undefined ? undefined : Number(parent);
}

/** Empty where the process is gone. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
