// npm run test:readme: the README's examples in their own words. Each is run in an empty folder, with packages by the names that it gives,
// against the program that `npx auth0-tenant` starts there. Only port 8443 is another one. Then the Dockerfile's commands, without Docker.
// Needs Python and Go, and the package registries. `npm run test:readme -- Go` runs one section.
import { deepEqual } from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";
import { findNode, nodeVersions } from "../../../../scripts/node-versions";
import { packPackages } from "../../../../scripts/pack";
import { startRegistry } from "../../../../scripts/registry";
import { type DockerImage, readDockerfile } from "./dockerfile";
import { type Block, findBlock, readExamples } from "./examples";

/** Never the synchronous one: the registry that npm asks is in this process. */
const execute = promisify(execFile);

const blocks = readExamples();
const seed = findBlock(blocks, { name: "tenant.yaml" });
const start = findBlock(blocks, { section: blocks[0]?.section ?? "", language: "sh" });
const environment = findBlock(blocks, { name: "environment" });

const [wanted] = process.argv.slice(2);
const isWanted = (section: string) => wanted === undefined || section === wanted;

async function main(): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), "tenant-readme-"));
  const tarballs = await packPackages(join(work, "packages"));
  const registry = await startRegistry(Object.values(tarballs));
  const env = {
    ...inherited(),
    npm_config_registry: registry.url,
    // npx asks before it installs a package.
    npm_config_yes: "true",
    npm_config_cache: join(work, "npm-cache"),
  };
  try {
    for (const run of blocks.filter(({ name, section }) => name === "run" && isWanted(section))) {
      const versions = run.section === "Node.js" ? nodeVersions : [process.versions.node];
      for (const version of versions) {
        console.log(`${run.section}, with Node.js ${version}`);
        const path = `${dirname(findNode(version))}:${process.env.PATH}`;
        await tryExample(mkdtempSync(join(work, "example-")), run, { ...env, PATH: path });
      }
    }
    if (isWanted("Docker")) await tryDockerfile(join(work, "image"), readDockerfile(), env);
  } finally {
    await registry.close();
    rmSync(work, { recursive: true });
  }
}

const maxBuffer = 16 * 1024 * 1024;

/** Without what npm has set for this script. */
function inherited(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...rest } = process.env;
  return Object.fromEntries(Object.entries(rest).filter(([name]) => !/^npm_/i.test(name)));
}

async function tryExample(folder: string, run: Block, env: NodeJS.ProcessEnv): Promise<void> {
  const { section } = run;
  const port = await findFreePort();
  const atPort = (text: string) => text.replaceAll("8443", String(port));
  for (const { name, code } of [seed, ...blocks.filter((block) => block.section === section)]) {
    if (name.includes(".")) writeFileSync(join(folder, name), atPort(code));
  }
  const tenant = startProcess(atPort(start.code), folder, env);
  try {
    await tenant.firstLine;
    const script = `set -e\n${atPort(environment.code)}\n${run.code}`;
    const { stdout: printed } = await execute("bash", ["-c", script], { cwd: folder, env, maxBuffer });
    const expected = findBlock(blocks, { section, name: "output" }).code;
    // Tools report what they do before.
    if (!printed.endsWith(expected))
      throw new Error(`${section} printed\n${printed}\ninstead of\n${expected}`);
    console.log(`  printed ${JSON.stringify(expected)}`);
  } finally {
    await tenant.stop();
  }
  if (section === "auth0-deploy-cli") await tryExportElsewhere(folder, atPort, env);
}

/** What was exported is imported into a tenant that has only the client of the CLI, and exported again. */
async function tryExportElsewhere(
  folder: string,
  atPort: (text: string) => string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { clients, ...rest } = parse(seed.code);
  const empty = {
    ...Object.fromEntries(Object.keys(rest).map((key) => [key, []])),
    clients: clients.slice(1),
  };
  writeFileSync(join(folder, "tenant.yaml"), stringify(empty));
  const tenant = startProcess(`${atPort(start.code).trim()} --reset`, folder, env);
  try {
    await tenant.firstLine;
    const script = `set -e
${atPort(environment.code)}
export NODE_EXTRA_CA_CERTS=.auth0-tenant/tls/ca.pem
npx a0deploy import --input_file exported/tenant.yaml
npx a0deploy export --format yaml --output_folder again`;
    await execute("bash", ["-c", script], { cwd: folder, env, maxBuffer });
    const [before, after] = ["exported", "again"].map((name) =>
      parse(readFileSync(join(folder, name, "tenant.yaml"), "utf8")),
    );
    // The CLI adds to a connection what nobody asked for.
    for (const kind of ["organizations", "clients", "clientGrants", "resourceServers", "tenant"]) {
      deepEqual(after[kind], before[kind], `${kind} of the second export`);
    }
    console.log("  an import into another tenant makes the same export");
  } finally {
    await tenant.stop();
  }
}

/** What the image does when it is built, and when it runs, with a folder for the container's root. */
async function tryDockerfile(root: string, image: DockerImage, env: NodeJS.ProcessEnv): Promise<void> {
  mkdirSync(root);
  const port = String(await findFreePort());
  const here = (text: string) => text.replaceAll("/tenant", join(root, "tenant")).replaceAll("8443", port);
  // Its own user does not exist here.
  const build = here(image.run).replace(/chown \S+ \S+/, "true");
  const prefix = join(root, "usr");
  const settings = Object.fromEntries(Object.entries(image.env).map(([name, value]) => [name, here(value)]));
  const path = `${join(prefix, "bin")}:${process.env.PATH}`;
  const container = { ...env, ...settings, ...image.args, npm_config_prefix: prefix, PATH: path };
  await execute("sh", ["-c", build], { env: container, maxBuffer });
  const seeded = { ...container, AUTH0_TENANT_SEED: seed.code, AUTH0_TENANT_DOMAIN: "auth0" };
  const isHealthy = () => {
    const [command = "", ...args] = image.healthcheck;
    return execute(command, args, { env: container }).then(
      () => true,
      () => false,
    );
  };
  if (await isHealthy()) throw new Error("The health check passes before the tenant runs");
  const tenant = startProcess(image.entrypoint.join(" "), here(image.workdir), seeded);
  try {
    const printed = JSON.parse(await tenant.firstLine);
    if (printed.domain !== `auth0:${port}`) throw new Error(`The container is ${printed.domain}`);
    if (!(await isHealthy())) throw new Error("The health check fails while the tenant runs");
    const args = ["--insecure", "--silent", "--fail", `https://localhost:${port}/ca.pem`];
    const { stdout: certificate } = await execute("curl", args);
    if (certificate !== readFileSync(printed.caFile, "utf8"))
      throw new Error("/ca.pem is another certificate");
    console.log(`Dockerfile: ${printed.url} is healthy`);
  } finally {
    await tenant.stop();
  }
}

function startProcess(command: string, cwd: string, env: NodeJS.ProcessEnv) {
  // In a group of its own, so that what npx starts ends with it.
  const child = spawn("sh", ["-c", command], {
    ...{ cwd, env, detached: true },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  const firstLine = new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
      const [line = "", rest] = text.split("\n");
      if (rest !== undefined) resolve(line);
    });
    void ended.then(() => reject(new Error(`${command} ended without a word`)));
  });
  return {
    firstLine,
    async stop() {
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
      await ended;
    },
  };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (typeof address !== "object" || !address) throw new Error("a server without a port");
  return address.port;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  // Some tools explain their failure there.
  const { stdout = "" } = Object(error);
  console.error(String(stdout).slice(-4000));
  process.exitCode = 1;
});
