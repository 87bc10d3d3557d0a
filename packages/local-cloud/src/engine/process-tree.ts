// How much memory a process and all that it starts take at their peak, from /proc.
import { readdirSync, readFileSync } from "node:fs";

export interface TreeUsage {
  /** Most megabytes of one engine with its program and all else that it starts, where several run side by side. */
  stack: number;
  /** Most megabytes of all at one moment. */
  together: number;
  /** Seconds of processor time of all. */
  processor: number;
}

/** Looks five times a second. @returns a function that ends it and returns what it saw */
export function watchUsage(root: number): () => TreeUsage {
  const usage: TreeUsage = { stack: 0, together: 0, processor: 0 };
  const processor = new Map<number, number>();
  const look = () => {
    const all = processes();
    const tree = below(all, root);
    for (const { pid } of tree.filter(isEngine)) {
      usage.stack = Math.max(usage.stack, megabytesOf(below(all, pid)));
    }
    usage.together = Math.max(usage.together, megabytesOf(tree));
    for (const { pid, processorSeconds } of tree) processor.set(pid, processorSeconds);
  };
  const timer = setInterval(look, 200);
  return () => {
    clearInterval(timer);
    const seconds = [...processor.values()].reduce((total, one) => total + one, 0);
    return { ...usage, processor: seconds };
  };
}

const isEngine = ({ pid }: TreeProcess) => /^\S*pulumi\0(up|preview)/.test(commandOf(pid));
const megabytesOf = (tree: readonly TreeProcess[]) => tree.reduce((total, one) => total + one.megabytes, 0);

interface TreeProcess {
  pid: number;
  parent: number;
  megabytes: number;
  processorSeconds: number;
}

/** The process and its descendants, as they are now. */
export function readProcessTree(root: number): TreeProcess[] {
  return below(processes(), root);
}

/** Its arguments, each with a NUL after it. */
export function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`);
}

function below(all: readonly TreeProcess[], root: number): TreeProcess[] {
  const tree = all.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid));
  return tree;
}

function processes(): TreeProcess[] {
  return [...readdirSync("/proc")].flatMap((name) => {
    // Field n of proc(5) is at n - 3: what comes before is the id, and the name in parentheses.
    const fields = /^\d+$/.test(name) ? read(`/proc/${name}/stat`).split(") ").at(-1)?.split(" ") : undefined;
    const field = (n: number) => Number(fields?.[n - 3] ?? Number.NaN);
    if (Number.isNaN(field(4))) return [];
    return [
      {
        pid: Number(name),
        parent: field(4),
        megabytes: (field(24) * pageBytes) / 1e6,
        processorSeconds: (field(14) + field(15)) / ticksPerSecond,
      },
    ];
  });
}

/** USER_HZ, the same on every Linux in use. */
const ticksPerSecond = 100;
const pageBytes = 4096;

/** Empty where the process is gone. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
