// docs/how-to/tear-down.md, command by command, with the real CLI.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEngine } from "./engine-process";
import { openTestCloud, readTenant, type TestCloud } from "./local-cloud";

const page = readFileSync("docs/how-to/tear-down.md", "utf8");
const [, first = "", second = ""] = page.split("```sh\n").map((part) => part.split("```")[0] ?? "");
const [unprotect, up, destroy, remove] = first.trim().split("\n");

let system: TestCloud;
beforeAll(async () => {
  system = await openTestCloud({ config: { protect: { value: "true" } } });
  await system.stack.up();
});
afterAll(() => system?.close());

/** A line of the page, with the answer to Pulumi's question. */
async function run(line = "") {
  const [program, ...args] = line.split(" ");
  expect(program).toBe("pulumi");
  const asks = ["up", "destroy", "stack"].includes(args[0] ?? "");
  return startEngine(system.stack, asks ? [...args, "--yes"] : args).ended;
}

/** Where the local cloud keeps the objects of the stack's bucket. */
async function bucketFolder(): Promise<string> {
  const { resources }: { resources: { type: string; id?: string }[] } = (await system.stack.exportStack())
    .deployment;
  const id = resources.find(({ type }) => type === "aws:s3/bucket:Bucket")?.id ?? "";
  const folder = join(system.directory, "aws", "s3", id);
  mkdirSync(folder, { recursive: true });
  return folder;
}

const customersIn = async () => (await readTenant(system)).organizations?.length;

test("a protected stack is not destroyed, and the page shows what Pulumi prints", async () => {
  const { code, output } = await run(destroy);
  expect(code).not.toBe(0);
  expect(output).toMatch(/resource ".+" cannot be deleted\s+because it is protected/);
  expect(page).toMatch(/resource "\.\.\." cannot be deleted\s+because it is protected/);
  expect(await customersIn()).toBe(3);
});

test("the setting alone doesn't unprotect: the state has the protection until a deployment", async () => {
  expect(await run(unprotect)).toMatchObject({ code: 0 });
  expect((await run(destroy)).output).toContain("because it is protected");
  expect(await customersIn()).toBe(3);
});

test("after a deployment without protection, a bucket that is not empty stops it, and the next one deletes the rest", async () => {
  expect(await run(up)).toMatchObject({ code: 0 });
  const bucket = await bucketFolder();
  writeFileSync(join(bucket, "undelivered"), "{}");
  const { code, output } = await run(destroy);
  expect(code).not.toBe(0);
  expect(output).toContain("BucketNotEmpty");
  // As the page's command of the AWS CLI does.
  expect(second).toContain("aws s3 rm s3://BUCKET --recursive\npulumi destroy\n");
  rmSync(join(bucket, "undelivered"));
  expect(await run(destroy)).toMatchObject({ code: 0 });
  expect(await customersIn()).toBe(0);
});

test("then the stack has no resources, and can be removed", async () => {
  expect((await system.stack.exportStack()).deployment.resources ?? []).toEqual([]);
  expect(await run(remove)).toMatchObject({ code: 0 });
});
