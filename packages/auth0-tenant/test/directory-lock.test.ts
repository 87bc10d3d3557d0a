// One tenant at a time has a directory.
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { DirectoryInUse, startTenant } from "../src";
import { lockDirectory } from "../src/directory-lock";
import { temporaryDirectory } from "../testing/in-process";
import { runMain } from "../testing/main-process";

jest.setTimeout(60_000);

let directory: string;
let remove: () => void;

beforeEach(() => {
  ({ directory, remove } = temporaryDirectory());
});

afterEach(() => remove());

test("a second process on one directory is refused with one sentence, whatever its port, and the first one goes on", async () => {
  const first = runMain(["--dir", directory]);
  const { url } = await first.printed;
  const message = `The directory ${directory} is in use by another running tenant. Stop that one, or choose another directory with --dir.`;
  try {
    for (const args of [[], ["--port", "0"], ["--reset"]]) {
      const second = await runMain(["--dir", directory, ...args]).ended;
      expect(second).toMatchObject({ code: 1, stdout: "", stderr: `${message}\n` });
    }
    await expect(startTenant({ directory })).rejects.toThrow(new DirectoryInUse(directory));
    await expect(fetch(url)).rejects.toMatchObject({ cause: { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" } });
  } finally {
    first.kill("SIGTERM");
    await first.ended;
  }
  await (await startTenant({ directory })).close();
});

test("a second tenant of the same process is refused, too", async () => {
  const first = await startTenant({ directory });
  await expect(startTenant({ directory, port: 0 })).rejects.toThrow(DirectoryInUse);
  await first.close();
  await (await startTenant({ directory })).close();
});

test("a killed process holds nothing", async () => {
  const killed = runMain(["--dir", directory]);
  await killed.printed;
  killed.kill("SIGKILL");
  await killed.ended;
  await (await startTenant({ directory })).close();
});

test("a path that is too long for a socket is locked all the same", async () => {
  const deep = join(directory, ...Array.from({ length: 12 }, () => "a-folder-in-a-folder"));
  mkdirSync(deep, { recursive: true });
  const unlock = await lockDirectory(deep);
  await expect(lockDirectory(deep)).rejects.toThrow(DirectoryInUse);
  await unlock();
  await (await lockDirectory(deep))();
});

test("without a directory, a tenant has a temporary one until it closes", async () => {
  const [one, other] = await Promise.all([startTenant(), startTenant()]);
  expect(one.caFile).not.toBe(other.caFile);
  expect(existsSync(one.caFile)).toBe(true);
  await one.close();
  expect(existsSync(one.caFile)).toBe(false);
  await other[Symbol.asyncDispose]();
  expect(existsSync(other.caFile)).toBe(false);
});

test("a directory of a start that fails is not left behind", async () => {
  const inner = join(directory, "new", "tenant");
  const taken = await startTenant();
  const port = Number(new URL(taken.url).port);
  await expect(startTenant({ directory: inner, port })).rejects.toThrow(
    `Port ${port} of the tenant is taken`,
  );
  expect(existsSync(join(directory, "new"))).toBe(false);
  await taken.close();
});
