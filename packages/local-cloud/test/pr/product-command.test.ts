// The product's program as a process.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findProduct, ownEnvironment, runProduct } from "../../src/pr/product-command";

const product = mkdtempSync(join(tmpdir(), "product-"));
afterAll(() => rmSync(product, { recursive: true }));

function program(text: string): void {
  writeFileSync(join(product, "package.json"), '{"bin":{"customers":"program.cjs"}}');
  writeFileSync(join(product, "program.cjs"), text);
}

const run = (signal = new AbortController().signal) =>
  runProduct(product, { folder: product, args: ["review", "--plan"], environment: { A: "1" }, signal });

test("the installed product is found from the company's folder", () => {
  expect(findProduct(resolve(__dirname, "../../../.."))).toBe(
    resolve(__dirname, "../../../customers-as-code"),
  );
});

test("its arguments, folder and environment are those of the run, and its outputs and its exit code are read", async () => {
  program(
    'console.log(process.argv.slice(2).join(" "), process.cwd(), process.env.A, process.env.HOME); console.error("why"); process.exit(1);',
  );
  expect(await run()).toEqual({
    code: 1,
    printed: expect.stringMatching(/^review --plan \S+ 1 undefined\nwhy\n$/),
  });
});

test("with the signal, everything that it started ends before the run does", async () => {
  const done = join(product, "done");
  const ready = join(product, "ready");
  const child = `process.once("SIGINT", () => setTimeout(() => { fs.writeFileSync(${JSON.stringify(done)}, ""); process.exit(); }, 500)); setInterval(() => {}, 1000); fs.writeFileSync(${JSON.stringify(ready)}, "");`;
  program(
    `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], { stdio: "ignore" }); setInterval(() => {}, 1000);`,
  );
  const controller = new AbortController();
  const running = run(controller.signal);
  while (!existsSync(ready)) await new Promise((wait) => setTimeout(wait, 20));
  controller.abort(new Error("interrupted"));
  await expect(running).rejects.toThrow("interrupted");
  expect(readFileSync(done, "utf8")).toBe("");
});

test("what belongs to real clouds and to the pull request of a CI job doesn't reach it", () => {
  const environment = {
    HOME: "/home/jane",
    CODEOWNERS_TEAMS: "{}",
    AUTH0_CLIENT_SECRET: "s",
    AWS_PROFILE: "p",
    GITHUB_SHA: "c",
    MOESIF_MANAGEMENT_API_KEY: "k",
    PR_AUTHOR: "eve",
    PULUMI_ACCESS_TOKEN: "t",
  };
  expect(ownEnvironment(environment)).toEqual({ HOME: "/home/jane", CODEOWNERS_TEAMS: "{}" });
});
