// The command as people run it, in a process of its own without a terminal.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

const program = join(__dirname, "../bin.cjs");

/** Runs a program of the test instead of npm. @returns the environment that has it */
export function replaceNpm(script: string): NodeJS.ProcessEnv {
  const folder = join(emptyFolder(), "bin");
  mkdirSync(folder);
  writeFileSync(join(folder, "npm"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "npm"), 0o755);
  return { ...process.env, PATH: `${folder}:${process.env.PATH}` };
}

/** On what the program takes for a terminal: what is written to it are keys. */
export class TerminalRun {
  output = "";
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown[]>;

  constructor(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    const terminal = join(__dirname, "pretend-terminal.cjs");
    this.child = spawn(process.execPath, ["--require", terminal, program, ...args], { cwd, env });
    this.closed = once(this.child, "close");
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on("data", (chunk) => {
        this.output += chunk;
      });
    }
  }

  /** Presses keys once the output shows the text. */
  async answer(question: string, ...keys: string[]): Promise<void> {
    await this.shows(question);
    for (const key of keys) {
      this.child.stdin?.write(key);
      // Keys that come together are one paste.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** As a person reads it: whatever the colors and the line breaks. */
  async shows(text: string): Promise<void> {
    const isOver = this.closed.then(() => true);
    const deadline = Date.now() + 20_000;
    const isShown = () =>
      stripVTControlCharacters(this.output)
        .replaceAll(/[\s│└]+/g, " ")
        .includes(text);
    while (!isShown()) {
      const ended = await Promise.race([isOver, new Promise((resolve) => setTimeout(resolve, 20))]);
      if ((ended || Date.now() > deadline) && !isShown()) {
        this.child.kill("SIGKILL");
        throw new Error(`didn't show "${text}":\n${this.output}`);
      }
    }
  }

  interrupt(): void {
    this.child.kill("SIGINT");
  }

  /** The exit code; a command that doesn't end is killed. */
  async code(): Promise<unknown> {
    // A pipe keeps the process, a terminal doesn't.
    this.child.stdin?.end();
    const timer = setTimeout(() => this.child.kill("SIGKILL"), 20_000);
    const [code] = await this.closed;
    clearTimeout(timer);
    return code;
  }
}

export const enter = "\r";
export const arrowDown = "\x1b[B";
export const controlC = "\x03";
/** Deletes what is written so far. */
export const controlU = "\x15";

export function runCreate(
  cwd: string,
  ...args: string[]
): { code: number | null; output: string; errors: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd,
    encoding: "utf8",
    input: "",
  });
  return { code: status, output: stdout, errors: stderr };
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new empty folder, which is removed after the tests of the file. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "create-"));
  folders.push(folder);
  return folder;
}

/** By path, the content of each file. */
export function readFolder(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    entries
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, "utf8")]),
  );
}
