// Two public OpenAPI documents on the local cloud: from npm create to the first call of an own operation, in at most five commands,
// which are those of the page.
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PackageSource, runIn, servePackages } from "../../scripts/serve-packages";
import { project } from "./local-cloud";

/** The blocks of the page, as people copy them. */
const page = readFileSync(join(project, "docs/how-to/run-your-api-locally.md"), "utf8");
const [ofRclone = "", ofGalaxy = ""] = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(
  ([, block]) => block,
);

let packages: PackageSource;
let folder: string;
beforeAll(async () => {
  packages = await servePackages();
  folder = realpathSync(mkdtempSync(join(tmpdir(), "public-documents-")));
  cpSync(require.resolve("@scalar/galaxy/3.1.yaml"), join(folder, "galaxy.yaml"));
  cpSync(require.resolve("rclone-openapi/openapi.json"), join(folder, "openapi.json"));
});
afterAll(async () => {
  await packages?.close();
  if (folder) rmSync(folder, { recursive: true });
});

/** In one shell; the first command that fails ends it. */
async function runBlock(block: string): Promise<string> {
  const commands = block.replaceAll("\\\n", "").trim().split("\n");
  expect(commands).toHaveLength(4);
  const { status, stdout, stderr } = await runIn(folder, packages, ["sh", "-ec", block], {
    NO_COLOR: "1",
    npm_config_yes: "true",
  });
  expect({ status, stderr: status === 0 ? "" : `${stdout}${stderr}` }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

/** The last line that is JSON: what the local backend got. */
function answerIn(output: string): unknown {
  const json = output.split("\n").filter((line) => line.startsWith("{"));
  return JSON.parse(json.at(-1) ?? "{}");
}

test("Scalar Galaxy, which has a client credentials scheme beside six others", async () => {
  const output = await runBlock(ofGalaxy);
  expect(output).toContain('openapi.yaml  5 operations require a token of "oAuth2" and nothing else.');
  const lines = output.split("\n").map((line) => line.replace(/ \d+\.\d s$/, ""));
  expect(lines).toEqual(
    expect.arrayContaining([
      "✓ 200: acme/default calls GET /me, and the backend sees the organization",
      "✓ 401: without a token",
      "✓ 200: GET /planets/{planetId} needs no token",
      "  Every active client may call every operation, so no scope is refused.",
    ]),
  );
  expect(answerIn(output)).toMatchObject({ method: "GET", path: "/me", scopes: ["read:account"] });
});

test("rclone's 101 operations, which have no client credentials scheme", async () => {
  const output = await runBlock(ofRclone);
  expect(output).toContain(
    'openapi.json  Added the security scheme "customers" with the scopes read and write.',
  );
  expect(output).toMatch(/✓ 200: acme\/default calls POST \/[\w/]+, and the backend sees the organization/);
  expect(output).toMatch(/✓ 403: acme\/default, with read only, lacks the scope write/);
  expect(answerIn(output)).toMatchObject({ method: "POST", path: "/rc/noop", scopes: ["read", "write"] });
  // The document itself is as it was, but for its security.
  const { paths } = JSON.parse(readFileSync(join(folder, "my-company/openapi.json"), "utf8"));
  const given = JSON.parse(readFileSync(join(folder, "openapi.json"), "utf8"));
  expect(Object.keys(paths)).toEqual(Object.keys(given.paths));
  expect(paths["/rc/noop"].post).toEqual({
    ...given.paths["/rc/noop"].post,
    security: [{ customers: ["write"] }],
  });
});
