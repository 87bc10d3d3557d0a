// The command on a terminal: its questions, and Ctrl-C at any moment.
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import {
  arrowDown,
  controlC,
  controlU,
  emptyFolder,
  enter,
  readFolder,
  replaceNpm,
  TerminalRun,
} from "./run-create";

const folder = emptyFolder();

test("On a terminal, the command asks for each answer, shows what is wrong with one, and asks again.", async () => {
  writeFileSync(
    join(folder, "parcels.yaml"),
    `openapi: 3.0.3
info: { title: Parcels, version: "1" }
paths:
  /health: { get: { responses: { "200": { description: ok } } } }
  /parcels: { get: { security: [{ oauth: [read] }], responses: { "200": { description: ok } } } }
components:
  securitySchemes:
    oauth: { type: oauth2, flows: { clientCredentials: { tokenUrl: "https://x", scopes: { read: r } } } }
`,
  );
  const run = new TerminalRun(folder, ["--no-install"]);
  await run.answer("In which folder?", "asked", enter);
  await run.answer("domain of your Auth0 tenant", "https://acme.auth0.com", enter);
  await run.answer('Use "acme.auth0.com".', controlU, "acme.auth0.com", enter);
  await run.answer("identifier of your API", enter);
  await run.answer("At which URL", enter);
  await run.answer("Where is your OpenAPI document?", "missing.yaml", enter);
  await run.answer("missing.yaml cannot be read (ENOENT)", controlU, "parcels.yaml", enter);
  await run.answer("GET /health needs no token. May anyone call it?", "y");
  await run.answer("In which AWS region?", "us-east-1", enter);
  await run.answer("Which stacks", enter);
  await run.answer("Where do pull requests", arrowDown, enter);
  await run.answer("Which team", "@acme/api", enter);
  await run.answer("In which language", arrowDown, enter);
  expect({ code: await run.code(), output: run.output }).toMatchObject({ code: 0 });
  const files = readFolder(join(folder, "asked"));
  expect(parse(files["Pulumi.dev.yaml"] ?? "").config).toMatchObject({
    "auth0:domain": "acme.auth0.com",
    "aws:region": "us-east-1",
    "asked:audience": "https://api.example.com/",
    "asked:publicRoutes": ["GET /health"],
  });
  expect(files).toHaveProperty(["index.js"]);
  expect(files).toHaveProperty([".gitlab-ci.yml"]);
  expect(files.CODEOWNERS).toContain("@acme/api");
});

test("For a document without a client credentials scheme, the command offers to add one to the copy.", async () => {
  const own = emptyFolder();
  writeFileSync(
    join(own, "keys.yaml"),
    `openapi: 3.0.3
info: { title: Keys, version: "1" }
paths: { /keys: { get: { responses: { "200": { description: ok } } } } }
`,
  );
  const flags = "--no-install --domain a.auth0.com --audience urn:a --backend-url https://b.example".split(
    " ",
  );
  const others = "--region us-east-1 --stacks dev --ci none --language typescript".split(" ");
  const run = new TerminalRun(own, ["accepted", ...flags, ...others]);
  await run.answer("Where is your OpenAPI document?", "keys.yaml", enter);
  await run.answer("Add one to the copy", enter);
  expect({ code: await run.code(), output: run.output }).toMatchObject({ code: 0 });
  expect(run.output).toContain('Added the security scheme "customers" with the scopes read and write.');
  expect(parse(readFolder(join(own, "accepted"))["openapi.yaml"] ?? "")).toMatchObject({
    paths: { "/keys": { get: { security: [{ customers: ["read"] }] } } },
  });

  // One that has a scheme is taken as it is, wherever its operations are.
  const rest = `info: { title: Keys, version: "1" }
paths: { /keys: { $ref: "#/x-keys" } }
x-keys: { get: { security: [{ oauth: [read] }], responses: { "200": { description: ok } } } }
components: { securitySchemes: { oauth: { type: oauth2, flows: { clientCredentials: { tokenUrl: "https://x", scopes: { read: r } } } } } }
`;
  writeFileSync(join(own, "complete.yaml"), `openapi: 3.0.3\n${rest}`);
  const complete = new TerminalRun(own, ["complete", ...flags, ...others]);
  await complete.answer("Where is your OpenAPI document?", "complete.yaml", enter);
  expect({ code: await complete.code(), output: complete.output }).toMatchObject({ code: 0 });

  const refused = new TerminalRun(own, ["refused", ...flags, ...others]);
  await refused.answer("Where is your OpenAPI document?", "keys.yaml", enter);
  await refused.answer("Add one to the copy", "n");
  expect(await refused.code()).toBe(1);
  expect(refused.output).toContain("has no security scheme of type oauth2 with the clientCredentials flow.");
  expect(existsSync(join(own, "refused"))).toBe(false);
});

test("No question is asked whose flag is given, or with --yes.", async () => {
  const all =
    "--domain a.auth0.com --audience urn:a --backend-url https://b.example --openapi parcels.yaml --public-route";
  const flags = [
    ...all.split(" "),
    "GET /health",
    ..."--region us-east-1 --stacks dev --ci none --language typescript".split(" "),
  ];
  const answered = new TerminalRun(folder, ["answered", "--no-install", ...flags]);
  expect({ code: await answered.code(), output: answered.output }).toMatchObject({ code: 0 });
  const quiet = new TerminalRun(folder, ["quiet", "--no-install", "--yes"]);
  expect({ code: await quiet.code(), output: quiet.output }).toMatchObject({ code: 0 });
  expect(existsSync(join(folder, "answered/index.ts")) && existsSync(join(folder, "quiet/index.ts"))).toBe(
    true,
  );
});

test("A route that not anyone may call ends the command, and says what to do.", async () => {
  const run = new TerminalRun(folder, ["refused", "--no-install", "--openapi", "parcels.yaml"]);
  await run.answer("domain of your Auth0 tenant", enter);
  await run.answer("identifier of your API", enter);
  await run.answer("At which URL", enter);
  await run.answer("May anyone call it?", "n");
  expect(await run.code()).toBe(1);
  expect(run.output).toContain(
    'parcels.yaml  "GET /health" has no "security". Add it to the operation, and run this command again.',
  );
  expect(existsSync(join(folder, "refused"))).toBe(false);
});

test("Ctrl-C at a question writes nothing, and ends with 130.", async () => {
  const own = emptyFolder();
  const run = new TerminalRun(own, ["company"]);
  await run.answer("domain of your Auth0 tenant", enter);
  await run.answer("identifier of your API", controlC);
  expect(await run.code()).toBe(130);
  expect(run.output).toContain("Interrupted. Nothing was written.");
  expect(readdirSync(own)).toEqual([]);
});

test("Ctrl-C while npm installs leaves nothing, and ends with 130.", async () => {
  const own = emptyFolder();
  const run = new TerminalRun(own, ["company", "--yes"], replaceNpm("echo installing; exec sleep 60"));
  await run.shows("installing");
  expect(readdirSync(own)).not.toEqual([]);
  run.interrupt();
  expect(await run.code()).toBe(130);
  expect(readdirSync(own)).toEqual([]);
});

test("If npm install fails, the files are there, and the command ends with 1.", async () => {
  const run = new TerminalRun(folder, ["offline", "--yes"], replaceNpm("exit 7"));
  expect(await run.code()).toBe(1);
  expect(run.output).toContain("npm install ended with 7. Run it again in offline: npm install");
  expect(existsSync(join(folder, "offline/package.json"))).toBe(true);
});

test("npm installs before the folder gets its name, and so in one step.", async () => {
  const own = emptyFolder();
  const run = new TerminalRun(
    own,
    ["company", "--yes"],
    replaceNpm('ls ..; mkdir node_modules; echo "$@" > node_modules/arguments'),
  );
  expect(await run.code()).toBe(0);
  expect(readFolder(join(own, "company"))).toHaveProperty(
    ["node_modules/arguments"],
    "install --no-audit --no-fund\n",
  );
  expect(run.output.split("\n")[0]).toBe("");
});
