// How the stack of the local cloud is opened, with a script instead of the Pulumi CLI.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { openStack } from "../../src/engine/stack";

let directory: string;
const before = { ...process.env };

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "stack-"));
});

afterEach(() => {
  process.env = { ...before };
  rmSync(directory, { recursive: true });
});

/** @param script of a shell, for each call of the CLI */
async function open(script: string, more: Partial<Parameters<typeof openStack>[0]> = {}) {
  const root = join(directory, "cli");
  await mkdir(join(root, "bin"), { recursive: true });
  writeFileSync(join(root, "bin", "pulumi"), `#!/bin/sh\n${script}\n`, { mode: 0o700 });
  return openStack({
    command: { path: join(root, "bin", "pulumi"), root, version: "3.276.0", origin: "of the test" },
    project: join(__dirname, "../../../.."),
    name: "local",
    directory: join(directory, "engine"),
    config: {
      "auth0:clientId": { value: "public-id" },
      "auth0:clientSecret": { value: "hidden-secret", secret: true },
    },
    providers: { auth0: 1 },
    environment: {},
    ...more,
  });
}

test.each([
  ["no host", {}, ""],
  ["NO_PROXY", { NO_PROXY: "intranet.example" }, "intranet.example,"],
  ["no_proxy", { no_proxy: "intranet.example", NO_PROXY: "other.example" }, "intranet.example,"],
])(
  "a proxy in the environment is not asked for what runs on this machine, if %s is excepted",
  async (_, variables, kept) => {
    for (const name of ["NO_PROXY", "no_proxy"]) delete process.env[name];
    Object.assign(process.env, { HTTPS_PROXY: "http://127.0.0.1:9", ...variables });
    const seen = join(directory, "seen");
    await open(`echo "$NO_PROXY $no_proxy" >> ${seen}`);
    const hosts = `${kept}localhost,127.0.0.1,::1`;
    expect(new Set(readFileSync(seen, "utf8").trim().split("\n"))).toContain(`${hosts} ${hosts}`);
  },
);

test("a CLI that fails or is killed while it sets the configuration shows no secret", async () => {
  const failure: unknown = await open('[ "$1" = config ] && kill -INT $$; exit 0').then(
    () => undefined,
    (error) => error,
  );
  expect(failure).toBeInstanceOf(Error);
  const { message, stack } = failure as Error;
  expect(message).toContain("auth0:clientSecret=[secret]");
  expect(message).toContain("public-id");
  expect(`${message}${stack}`).not.toContain("hidden-secret");
});

const read = (name: string): unknown =>
  parse(readFileSync(join(directory, "engine", "project", name), "utf8"));

test("a deployment's settings replace all others, but the salt and the secrets that the CLI sets again stay", async () => {
  await mkdir(join(directory, "engine", "project"), { recursive: true });
  const before = {
    config: {
      "acme:gone": "x",
      "acme:other": { secure: "v1:c" },
      "acme:moesifApplicationId": { secure: "v1:a" },
      "auth0:clientSecret": { secure: "v1:b" },
    },
    encryptionsalt: "v1:salt",
  };
  writeFileSync(join(directory, "engine", "project", "Pulumi.local.yaml"), stringify(before));
  await open("exit 0", {
    settings: { "acme:tags": '{"a": "0042"}', "acme:tokenLifetime": "010" },
    config: {
      "auth0:clientSecret": { value: "s", secret: true },
      moesifApplicationId: { value: "m", secret: true },
    },
  });
  expect(read("Pulumi.local.yaml")).toEqual({
    config: {
      "acme:tags": { a: "0042" },
      "acme:tokenLifetime": 10,
      "acme:moesifApplicationId": { secure: "v1:a" },
      "auth0:clientSecret": { secure: "v1:b" },
    },
    encryptionsalt: "v1:salt",
  });
});

test("the project's own file is copied, with its program and without what leads elsewhere", async () => {
  const project = join(directory, "acme");
  await mkdir(project);
  const file = {
    name: "acme",
    main: "src/index.ts",
    backend: { url: "s3://state" },
    stackConfigDir: "config",
    config: { "acme:portal": { default: { domainName: "x" } }, kmsKeyArn: "arn:x", openapi: "api.json" },
  };
  writeFileSync(join(project, "Pulumi.yaml"), stringify(file));
  await open("exit 0", { project, withoutDefault: ["portal", "kmsKeyArn", "customDomain"] });
  expect(read("Pulumi.yaml")).toEqual({
    name: "acme",
    main: join(project, "src/index.ts"),
    config: { openapi: "api.json" },
  });
  expect(readdirSync(project)).toEqual(["Pulumi.yaml"]);
});
