// The example company in a Git repository of its own, with branches; and `customers local pr` as people run it.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { project } from "./local-cloud";

export interface PullRequestCompany {
  folder: string;
  git(...args: string[]): string;
  write(name: string, text: string): void;
  remove(name: string): void;
  /** Commits everything in the folder; on a new branch of `main` if it has a name, which is checked out then. */
  commit(branch?: string): void;
  /** Runs `npx customers local pr`. */
  pr(...args: string[]): Promise<Ran>;
  /** The same, without waiting for its end. */
  start(...args: string[]): Running;
  close(): void;
}

interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface Running {
  /** Resolves once the output has the text. */
  says(text: string): Promise<void>;
  interrupt(): void;
  ended: Promise<Ran>;
}

const files = [
  "customers",
  "policy",
  "index.ts",
  "openapi.yaml",
  "package.json",
  "Pulumi.yaml",
  "Pulumi.dev.yaml",
];

/** Its only commit is the example's own files, on `main`. */
export function createPullRequestCompany(): PullRequestCompany {
  // The temporary folder may be a link, and Git resolves it.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "pull-request-")));
  const at = (name: string) => join(folder, name);
  const write = (name: string, text: string) => writeFileSync(at(name), text);
  const remove = (name: string) => rmSync(at(name), { recursive: true });
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
      cwd: folder,
      encoding: "utf8",
      stdio: "pipe",
    }).trim();
  const commit = (branch?: string) => {
    if (branch !== undefined) git("checkout", "--quiet", "-b", branch, "main");
    git("add", "--all");
    git("commit", "--quiet", "--message", "change");
  };
  for (const name of files) cpSync(join(project, name), at(name), { recursive: true });
  cpSync(join(project, ".github", "CODEOWNERS"), at("CODEOWNERS"));
  // A link: the pattern for folders would not match it.
  write(".gitignore", "node_modules\n.local/\n");
  symlinkSync(join(project, "node_modules"), at("node_modules"));
  git("init", "--quiet", "--initial-branch=main");
  commit();
  const start = (...args: string[]) => startCommand(folder, args);
  const close = () => rmSync(folder, { recursive: true });
  return { folder, git, write, remove, commit, start, pr: (...args) => start(...args).ended, close };
}

function startCommand(folder: string, args: readonly string[]): Running {
  const environment: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: "1" };
  // Jest's own, which chooses the sources of the packages.
  delete environment.NODE_OPTIONS;
  const command = join(project, "packages/customers-as-code/bin.cjs");
  const child = spawn(process.execPath, [command, "local", "pr", ...args], { cwd: folder, env: environment });
  const ran: Ran = { code: null, stdout: "", stderr: "" };
  const watchers = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      ran[name] += text;
      for (const watcher of watchers) watcher();
    });
  }
  const ended = new Promise<Ran>((resolve) => child.on("close", (code) => resolve({ ...ran, code })));
  return {
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = () => ran.stdout.includes(text) && resolve();
        watchers.add(look);
        look();
        void ended.then(({ stdout, stderr }) =>
          reject(new Error(`ended without saying "${text}":\n${stdout}${stderr}`)),
        );
      }),
    interrupt: () => child.kill("SIGINT"),
    ended,
  };
}

/** A customer with one client. */
export function customerFile(displayName: string, client: string, scopes: string): string {
  return `displayName: ${displayName}\nclients:\n  ${client}:\n    scopes: [${scopes}]\n`;
}
