// The tenant as a process of its own, as its program starts it.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { bin } from "../package.json";

export interface Printed {
  domain: string;
  url: string;
  caFile: string;
  clientId: string;
  clientSecret: string;
  /** Only if the tenant has a seed that saved something. */
  seeded?: unknown;
}

export interface TenantProcess {
  /** What it prints once it answers requests. */
  printed: Promise<Printed>;
  /** How it ended. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>;
  kill(signal: NodeJS.Signals): void;
}

const program = join(__dirname, "..", bin["auth0-tenant"]);

interface ProcessOptions {
  cwd?: string;
  /** Beside that of this process. */
  env?: Record<string, string>;
}

export function runMain(args: string[], { cwd, env }: ProcessOptions = {}): TenantProcess {
  const child = spawn(process.execPath, [program, ...args], {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Awaited<TenantProcess["ended"]>>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      const [line, ...rest] = stdout.split("\n");
      if (line !== undefined && rest.length > 0) resolve(line);
    });
    void ended.then(({ code }) => reject(new Error(`the tenant ended with ${code}: ${stderr}`)));
  });
  const printed = firstLine.then(parsePrinted);
  // Who waits for the end alone is not to fail by the line that did not come.
  printed.catch(() => {});
  return { printed, ended, kill: (signal) => child.kill(signal) };
}

function parsePrinted(line: string): Printed {
  const value: unknown = JSON.parse(line);
  const textOf = (name: string): string => {
    const text: unknown = typeof value === "object" && value ? Reflect.get(value, name) : undefined;
    if (typeof text !== "string") throw new Error(`the tenant printed no ${name}: ${line}`);
    return text;
  };
  return {
    domain: textOf("domain"),
    url: textOf("url"),
    caFile: textOf("caFile"),
    clientId: textOf("clientId"),
    clientSecret: textOf("clientSecret"),
    ...(typeof value === "object" && value && "seeded" in value && { seeded: value.seeded }),
  };
}
