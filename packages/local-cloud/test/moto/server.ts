// moto, which answers the AWS SDK as AWS does (https://docs.getmoto.org), in a process and a Python environment of its own.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const requirements = join(__dirname, "requirements.txt");

export interface Moto {
  url: string;
  close(): Promise<void>;
}

/** @throws where there is no Python, or its packages cannot be had */
export async function startMoto(): Promise<Moto> {
  const python = await installed();
  const child = spawn(python, ["-m", "moto.server", "-H", "127.0.0.1", "-p", "0"], {
    stdio: ["ignore", "ignore", "pipe"],
    // Roles have AWS's own policies attached.
    env: { ...process.env, PYTHONUNBUFFERED: "1", MOTO_IAM_LOAD_MANAGED_POLICIES: "true" },
  });
  return { url: await urlOf(child), close: () => end(child) };
}

/** The server says at which port it listens, and then of each request. */
function urlOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    if (!child.stderr) return reject(new Error("moto has no output"));
    createInterface({ input: child.stderr }).on("line", (line) => {
      // What it does not implement, it answers with a page that says nothing.
      if (/^\w*Error: /.test(line)) console.error(`moto: ${line}`);
      if (said.push(line) > 20) said.shift();
      const url = /Running on (http:\S+)/.exec(line)?.[1];
      if (url) resolve(url);
    });
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`moto ended with ${code}:\n${said.join("\n")}`)));
  });
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill();
  });
}

/**
 * The interpreter of an environment that has just the pinned packages; made once, for each state of the file.
 * @returns its path
 */
async function installed(): Promise<string> {
  const text = readFileSync(requirements);
  const version = /^moto(?:\[.*\])?==(\S+)/m.exec(text.toString())?.[1];
  const state = createHash("sha256").update(text).digest("hex").slice(0, 8);
  const folder = join(homedir(), ".cache", "customers-as-code", `moto-${version}-${state}`);
  const python = (root: string) => join(root, "bin", "python");
  if (existsSync(folder)) return python(folder);
  console.info(`Installing moto ${version} into ${folder}; once`);
  // An environment remembers where it was made: packages go to a folder that is renamed when all of them are there.
  const partial = `${folder}.${process.pid}`;
  mkdirSync(dirname(folder), { recursive: true });
  try {
    await run("python3", ["-m", "venv", "--copies", partial]);
    const options = ["--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes"];
    await run(python(partial), ["-m", "pip", "install", ...options, "--requirement", requirements]);
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return python(folder);
}

async function run(command: string, args: string[]): Promise<void> {
  try {
    await promisify(execFile)(command, args);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`moto needs Python 3.10 or newer with venv, and PyPI: ${reason}`);
  }
}
