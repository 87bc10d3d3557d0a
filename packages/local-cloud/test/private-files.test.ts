// What the emulators write is for their owner's eyes only, whatever the umask is and whatever was there before.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { startTenant } from "../../auth0-tenant/src";
import { storeFiles } from "../src/aws/code-archive";
import { LogFiles } from "../src/aws/logs";
import { startCloud } from "../src/cloud";

jest.setTimeout(60_000);

let directory: string;
let umask: number;
beforeEach(() => {
  umask = process.umask(0);
  directory = mkdtempSync(join(tmpdir(), "private-files-"));
  chmodSync(directory, 0o755);
});
afterEach(() => {
  process.umask(umask);
  rmSync(directory, { recursive: true });
});

/** What anyone but the owner may do something with, below the folder. */
function openToOthers(folder = directory): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const { mode } = lstatSync(path);
    const own = (mode & 0o077) === 0 ? [] : [`${relative(directory, path)} ${(mode & 0o777).toString(8)}`];
    return lstatSync(path).isDirectory() ? [...own, ...openToOthers(path)] : own;
  });
}

function filesIn(folder = directory): string[] {
  return readdirSync(folder, { recursive: true }).map(String);
}

it("finds what is open to others", () => {
  writeFileSync(join(directory, "open"), "");
  expect(openToOthers()).toEqual(["open 666"]);
});

it("the tenant's store, keys and log are private in a folder that others may read", async () => {
  const tenant = await startTenant({ directory });
  try {
    expect(filesIn()).toEqual(
      expect.arrayContaining([
        "requests.jsonl",
        "store/data.mdb",
        "store/lock.mdb",
        "tls/ca.key",
        "tls/ca.pem",
      ]),
    );
    expect(openToOthers()).toEqual([]);
  } finally {
    await tenant.close();
  }
  expect(openToOthers()).toEqual([]);
  // The folder is the user's.
  expect(lstatSync(directory).mode & 0o777).toBe(0o755);
});

it("what an earlier version left open is taken back, and nothing beside it", async () => {
  await (await startTenant({ directory })).close();
  for (const name of filesIn()) chmodSync(join(directory, name), 0o755);
  mkdirSync(join(directory, "mine"));
  writeFileSync(join(directory, "mine", "notes.txt"), "");
  expect(openToOthers().length).toBeGreaterThan(5);
  const tenant = await startTenant({ directory });
  await tenant.close();
  expect(openToOthers().sort()).toEqual(["mine 777", "mine/notes.txt 666"]);
});

it("the whole cloud's files are private", async () => {
  const cloud = await startCloud(directory);
  try {
    expect(filesIn()).toEqual(
      expect.arrayContaining(["cloud.json", "pid", "moesif/port", "backend/port", "tenant/store/data.mdb"]),
    );
    expect(filesIn(join(directory, "aws"))).toEqual(expect.arrayContaining(["account/data.mdb"]));
    expect(openToOthers()).toEqual([]);
  } finally {
    await cloud.close();
  }
});

it("functions' code and logs are private", async () => {
  await storeFiles(new Map([["lib/index.js", Buffer.from("secret")]]), join(directory, "code"));
  const logs = new LogFiles(join(directory, "logs"));
  logs.append("/aws/lambda/authorizer", "a line");
  await logs.close();
  expect(filesIn().filter((name) => /index\.js|\.log$/.test(name))).toHaveLength(2);
  expect(openToOthers()).toEqual([]);
});

it.each([
  ["packages/auth0-tenant/bin.cjs", ["--dir"]],
  ["packages/customers-as-code/bin.cjs", ["local", "outputs", "--directory"]],
  ["packages/customers-as-code/bin.cjs", ["local", "start", "--directory"]],
])("a process of %s gives the files of all that it starts to nobody else", async (main, args) => {
  const child = spawn(
    process.execPath,
    ["--require", "./packages/local-cloud/test/print-umask.cjs", main, ...args, directory],
    {
      cwd: join(__dirname, "../../.."),
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, PATH: "" },
    },
  );
  let printed = "";
  child.stderr.on("data", (chunk) => {
    printed += chunk;
  });
  await once(child, "close");
  expect(printed).toContain("umask 77");
});
