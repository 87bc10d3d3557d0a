// The commands of README and docs, as a reader copies them: page by page, in their order, on the real engine and one local cloud. Each must
// end with 0 and print what the page shows. test/docs/commands/ has what the pages need, and which commands can't run here.
// "npm ci" is left out before another command: the copy of the repository has the packages that are installed here.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { findCommand } from "../../packages/local-cloud/src/engine/command";
import { isNotRun } from "../docs/commands/not-run";
import { normalize, type Page, readPages } from "../docs/commands/read-commands";
import { type Scenario, scenarios } from "../docs/commands/scenarios";
import { project } from "./local-cloud";

const parent = mkdtempSync(join(tmpdir(), "copied-commands-"));
const repository = join(parent, "customers-as-code");
const company = join(parent, "my-company");
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  copyRepository();
  for (const folder of ["home", "state"]) mkdirSync(join(parent, folder));
  const { path } = await findCommand(() => undefined);
  environment = {
    PATH: [dirname(path), process.env.PATH].join(delimiter),
    HOME: join(parent, "home"),
    // Of the user who runs the tests: the CLI that was built, and npm's own files.
    XDG_CACHE_HOME: process.env.XDG_CACHE_HOME || join(homedir(), ".cache"),
    npm_config_cache: join(homedir(), ".npm"),
    npm_config_update_notifier: "false",
    NO_COLOR: "1",
    // A backend of their own for the stacks that a page only configures.
    PULUMI_BACKEND_URL: `file://${join(parent, "state")}`,
    PULUMI_HOME: join(parent, "home/.pulumi"),
    PULUMI_CONFIG_PASSPHRASE: "local",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const created = await new Shell(parent).run(
    `node ${project}/packages/create-customers-as-code/bin.cjs my-company --yes --no-install`,
  );
  expect(created).toMatchObject({ code: 0 });
  symlinkSync(join(project, "node_modules"), join(company, "node_modules"));
});
afterAll(() => rmSync(parent, { recursive: true }));

/** What Git knows, and what the build has made of it; the packages are those of this folder. */
function copyRepository(): void {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: project,
    encoding: "utf8",
  });
  const files = listed.split("\0").filter((file) => file !== "" && existsSync(join(project, file)));
  const built = ["auth0-tenant", "create-customers-as-code", "customers-as-code", "local-cloud"].map(
    (name) => `packages/${name}/dist`,
  );
  for (const path of [...files, ...built]) {
    cpSync(join(project, path), join(repository, path), { recursive: true, preserveTimestamps: true });
  }
  symlinkSync(join(project, "node_modules"), join(repository, "node_modules"));
}

interface Ended {
  code: number | null;
  output: string;
}

/** A terminal: the folder and the exported variables stay from command to command. */
class Shell {
  private readonly variables = mkdtempSync(join(tmpdir(), "shell-"));
  private readonly serving: { text: string; child: ChildProcess; ended: Promise<Ended> }[] = [];

  constructor(private folder: string) {}

  async run(text: string): Promise<Ended> {
    const [exported, folder] = ["exported", "folder"].map((name) => join(this.variables, name));
    const script = `[ ! -e ${exported} ] || . ${exported}
trap 'export -p > ${exported}; pwd > ${folder}' EXIT
set -o pipefail
${text}`;
    const ended = await this.start(script).ended;
    this.folder = readFileSync(String(folder), "utf8").trimEnd();
    return ended;
  }

  /** Resolves once it prints that it is ready. */
  async serve(text: string, ready: string): Promise<Ended> {
    let printed = "";
    const started = this.start(text, (chunk) => (printed += chunk));
    this.serving.push({ text, ...started });
    const isReady = new Promise<Ended>((resolve) => {
      const look = () => printed.includes(ready) && resolve({ code: 0, output: printed });
      for (const stream of [started.child.stdout, started.child.stderr]) stream?.on("data", look);
    });
    return Promise.race([isReady, started.ended]);
  }

  /** As Ctrl-C in each terminal in which something serves. @returns what failed */
  async close(): Promise<(Ended & { text: string })[]> {
    for (const { child } of this.serving) if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
    const ended = await Promise.all(
      this.serving.map(async ({ text, ended }) => ({ text, ...(await ended) })),
    );
    rmSync(this.variables, { recursive: true });
    // Without a code, the shell itself has ended by the signal.
    return ended.filter(({ code }) => code !== 0 && code !== null);
  }

  private start(script: string, onOutput: (chunk: string) => void = () => undefined) {
    const child = spawn("bash", ["-c", script], {
      cwd: this.folder,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        output += chunk;
        onOutput(chunk);
      });
    }
    const ended = new Promise<Ended>((resolve) => child.on("close", (code) => resolve({ code, output })));
    return { child, ended };
  }
}

/** The company's own files are as the repository has them, whatever the page before has changed. */
function restoreCompany(): void {
  for (const path of ["customers", "policy", "Pulumi.dev.yaml"]) {
    rmSync(join(repository, path), { recursive: true });
    cpSync(join(project, path), join(repository, path), { recursive: true });
  }
  for (const file of readdirSync(repository)) {
    if (/^Pulumi\..+\.yaml$/.test(file) && !existsSync(join(project, file))) rmSync(join(repository, file));
  }
}

const pages = readPages().flatMap((page): [string, Page, Scenario][] => {
  const scenario = scenarios[page.name];
  return scenario ? [[page.name, page, scenario]] : [];
});

test.each(pages)("the commands of %s work as they are copied", async (name, page, scenario) => {
  restoreCompany();
  const shell = new Shell(scenario.folder === "above company" ? parent : repository);
  const prepare = async (script: string | undefined) => {
    if (script === undefined) return;
    const { code, output } = await shell.run(`set -e\n${script}`);
    expect({ script, code, output }).toEqual({ script, code: 0, output });
  };
  const wrong: (Ended & { command: string; line: number })[] = [];
  const missing: { line: number; missing: string[]; output: string }[] = [];
  try {
    await prepare(scenario.setUp);
    for (const { text, line } of page.commands) {
      if (isNotRun(name, text)) continue;
      await prepare(scenario.before?.[text]);
      const command = text.replace(/^npm ci && /, "");
      const ready = scenario.serves?.[text];
      const ended = ready === undefined ? await shell.run(command) : await shell.serve(command, ready);
      if (ended.code !== 0) wrong.push({ command, line, ...ended });
      for (const shown of page.outputs.filter(({ of }) => of === command)) {
        const lines = findMissing(shown.lines, ended.output);
        if (lines.length > 0) missing.push({ line: shown.line, missing: lines, output: ended.output });
      }
    }
    const { mistakes, commands = [], last } = scenario.refused ?? {};
    await prepare(mistakes);
    for (const command of commands) {
      const { code, output } = await shell.run(command);
      // A refusal ends the output.
      expect({ command, code, last: output.trimEnd().split("\n").at(-1) }).toEqual({
        command,
        code: 1,
        last,
      });
    }
  } finally {
    const unfinished = await shell.close();
    expect(unfinished).toEqual([]);
  }
  expect({ wrong, missing }).toEqual({ wrong: [], missing: [] });
});

/** Lines that are shown, but not printed in this order; a page may leave lines out between them. */
function findMissing(shown: readonly string[], output: string): string[] {
  const printed = normalize(output);
  let next = 0;
  return normalize(shown.join("\n")).filter((line) => {
    const found = printed.indexOf(line, next);
    if (found !== -1) next = found + 1;
    return found === -1;
  });
}
