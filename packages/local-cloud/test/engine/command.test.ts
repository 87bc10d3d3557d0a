import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { builtVersion, findCommand } from "../../src/engine/command";

const directory = mkdtempSync(join(tmpdir(), "engine-"));
const cache = join(directory, "cache");
const onPath = join(directory, "path");
const environment = { ...process.env };
let said: string[] = [];
const find = () => findCommand((line) => said.push(line));

/** A `pulumi` that prints its version and nothing else. */
function put(folder: string, version: string): string {
  const file = join(folder, "pulumi");
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho v${version}\n`);
  chmodSync(file, 0o755);
  return file;
}

beforeEach(() => {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(onPath, { recursive: true });
  said = [];
  // Neither a CLI nor Go can be found but where the test puts one.
  process.env = { ...environment, PATH: onPath, XDG_CACHE_HOME: cache };
  // The installer would download.
  jest.spyOn(PulumiCommand, "install").mockRejectedValue(new Error("no network"));
});

afterEach(() => {
  process.env = environment;
  jest.restoreAllMocks();
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const cached = join(cache, "customers-as-code", `pulumi-${builtVersion}`, "bin");

test("the CLI on the PATH comes first", async () => {
  const path = put(onPath, "3.250.1");
  put(cached, builtVersion);
  expect(await find()).toEqual({ path, version: "3.250.1", origin: "on the PATH" });
  expect(said).toEqual([]);
});

test("one that was built before is taken from the cache, at once", async () => {
  const path = put(cached, builtVersion);
  expect(await find()).toEqual({
    path,
    version: builtVersion,
    origin: "from the cache",
    root: join(cached, ".."),
  });
  expect(PulumiCommand.install).not.toHaveBeenCalled();
});

test("one on the PATH that is too old is passed over, and it is said why", async () => {
  put(onPath, "3.199.0");
  put(cached, builtVersion);
  expect(await find()).toMatchObject({ origin: "from the cache" });
  expect(said).toEqual([
    `The Pulumi CLI cannot be had on the PATH: ${join(onPath, "pulumi")} is 3.199.0; 3.200 or newer is needed`,
  ]);
});

test("without any, the installer is asked before anything is built", async () => {
  jest.spyOn(PulumiCommand, "install").mockImplementation(async (options) => {
    const command = put(join(options?.root ?? "", "bin"), "3.260.0");
    return Object.assign(Object.create(PulumiCommand.prototype), { command });
  });
  expect(await find()).toMatchObject({ version: "3.260.0", origin: "by its installer" });
  // The next run takes what is installed.
  jest.mocked(PulumiCommand.install).mockRejectedValue(new Error("no network"));
  expect(await find()).toMatchObject({ version: "3.260.0", origin: "by its installer" });
});

test("if there is no way, reports every reason and what to do", async () => {
  await expect(find()).rejects.toThrow(
    new Error(`The Pulumi CLI cannot be had:
  on the PATH: there is none
  from the cache: there is none
  by its installer: no network
  built from its Go module: Go is not installed
Install it (https://www.pulumi.com/docs/install/), or Go 1.26.6 or newer so that it can be built.`),
  );
});

test("a build that fails prints Go's own words, and leaves nothing in the cache", async () => {
  writeFileSync(
    join(onPath, "go"),
    "#!/bin/sh\necho 'go: downloading x v1.0.0' >&2\necho 'x.go:1: does not compile' >&2\nexit 1\n",
  );
  chmodSync(join(onPath, "go"), 0o755);
  await expect(find()).rejects.toThrow(
    /built from its Go module: go ended with 1: .*x\.go:1: does not compile/s,
  );
  expect(said).toContain("Building the Pulumi CLI: downloading x v1.0.0");
});

test("Go builds in a copy of the module, without the user's workspace or flags, and nothing of it stays", async () => {
  const seen = join(directory, "seen");
  writeFileSync(
    join(onPath, "go"),
    `#!/bin/sh\n{ pwd; echo *; echo "$GOWORK,$GOFLAGS"; } > ${seen}\nwhile [ "$1" != -o ]; do shift; done\nprintf '#!/bin/sh\\necho v9.9.9\\n' > "$2"\n/bin/chmod +x "$2"\n`,
  );
  chmodSync(join(onPath, "go"), 0o755);
  Object.assign(process.env, { GOWORK: "/elsewhere/go.work", GOFLAGS: "-mod=vendor" });
  await find();
  const [folder = "", files, variables] = readFileSync(seen, "utf8").split("\n");
  expect(folder.startsWith(cached)).toBe(true);
  expect(files).toBe("go.mod go.sum tools.go");
  expect(variables).toBe("off,");
  expect(readdirSync(cached)).toEqual(["pulumi"]);
});

test("a build's result is put into the cache", async () => {
  writeFileSync(
    join(onPath, "go"),
    `#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\nprintf '#!/bin/sh\\necho v9.9.9\\n' > "$2"\n/bin/chmod +x "$2"\n`,
  );
  chmodSync(join(onPath, "go"), 0o755);
  expect(await find()).toMatchObject({
    path: join(cached, "pulumi"),
    version: "9.9.9",
    origin: "built from its Go module",
  });
  expect(await find()).toMatchObject({ origin: "from the cache" });
});
