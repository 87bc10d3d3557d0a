// What people see on the terminal: steps with their times, and what the engine does to resources.
import type { EngineEvent, OpType } from "@pulumi/pulumi/automation";
import pc from "picocolors";

/** Runs a step and says how long it took; a line that `say` gets replaces the one before it on a terminal. */
export async function runStep<T>(
  title: string,
  run: (say: (line: string) => void) => Promise<T>,
): Promise<T> {
  const started = performance.now();
  const live = process.stdout.isTTY;
  let said = "";
  const say = (line: string) => {
    if (live)
      process.stdout.write(`\r\u001b[K  ${pc.dim(line.slice(0, (process.stdout.columns ?? 80) - 3))}`);
    // Without a terminal only what begins differently is news: not every package of a build.
    else if (line.split(": ")[0] !== said.split(": ")[0]) console.log(`  ${line}`);
    said = line;
  };
  const finish = (mark: string) => {
    if (live && said) process.stdout.write("\r\u001b[K");
    console.log(`${mark} ${title} ${pc.dim(formatSeconds(performance.now() - started))}`);
  };
  try {
    const result = await run(say);
    finish(pc.green("✓"));
    return result;
  } catch (error) {
    finish(pc.red("✗"));
    throw error;
  }
}

/** Says each resource as its operation ends, and counts them. */
export function resourceLog(say: (line: string) => void): {
  onEvent(event: EngineEvent): void;
  summary(): string;
  /** Of the resources that there are now. */
  types(): ReadonlySet<string>;
} {
  const counts = new Map<OpType, number>();
  const types = new Set<string>();
  return {
    onEvent(event) {
      const metadata = event.resOutputsEvent?.metadata;
      if (!metadata) return;
      counts.set(metadata.op, (counts.get(metadata.op) ?? 0) + 1);
      const word = pastTense[metadata.op];
      const [, , path = "", name = ""] = metadata.urn.split("::");
      const type = path.split("$").at(-1) ?? "";
      if (metadata.op !== "delete") types.add(type);
      if (word) say(`${word}  ${type}  ${name}`);
    },
    types: () => types,
    summary() {
      const done = [...counts].flatMap(([op, n]) => (pastTense[op] ? [`${n} ${pastTense[op]}`] : []));
      const same = counts.get("same") ?? 0;
      return [...done, ...(same > 0 ? [`${same} unchanged`] : [])].join(", ");
    },
  };
}

const pastTense: Partial<Record<OpType, string>> = {
  create: "created",
  update: "updated",
  delete: "deleted",
  replace: "replaced",
};

export function formatSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** On the standard error, which leaves the standard output to what the command prints. */
export function printProgress(line: string): void {
  console.error(pc.dim(line));
}
