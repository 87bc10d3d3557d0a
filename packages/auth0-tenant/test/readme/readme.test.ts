// What the README and the Dockerfile promise, as far as it needs only this repository; `npm run test:readme` runs the rest.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { ManagementClient } from "auth0";
import { parse } from "yaml";
import { version } from "../../package.json";
import { parseSeed, startTenant } from "../../src";
import { openSession, withTenant } from "../../testing/main-session";
import { officialRequests, parseRecordedRequest } from "../../testing/official-requests";
import { readDockerfile } from "./dockerfile";
import { findBlock, readExamples } from "./examples";

const blocks = readExamples();

test("the README's example reads a seeded organization, whatever the fault", async () => {
  const tenant = await startTenant({
    seed: { organizations: [{ name: "acme" }] },
    faults: ["GET /api/v2/organizations/* 429 count=1"],
  });
  const { domain, clientId, clientSecret, fetch } = tenant;
  const management = new ManagementClient({ domain, clientId, clientSecret, fetch });
  const acme = await management.organizations.get(tenant.seeded.organizations.acme ?? "");
  await tenant.close();

  expect(acme).toMatchObject({ id: tenant.seeded.organizations.acme, name: "acme" });
});

test("the README shows the example as it runs", () => {
  const { code } = findBlock(blocks, { section: "Node.js", language: "ts" });
  const [, body = ""] = /^(?:import .*\n)+\n(.+)$/s.exec(code) ?? [];
  expect(body).not.toBe("");
  expect(readFileSync(__filename, "utf8")).toContain(`\n${body.replace(/^(?=.)/gm, "  ")}\n`);
});

test("the README's seed fills a tenant, in at most 20 lines without the editor's", async () => {
  const { code } = findBlock(blocks, { name: "tenant.yaml" });
  expect(code.trimEnd().split("\n").length - 1).toBeLessThanOrEqual(20);
  await withTenant({ seed: parseSeed(code, "tenant.yaml") }, async ({ url, caFile, seeded }) => {
    expect(seeded).toMatchObject({ clients: { "Acme sync": "acme-sync", Tests: "tests" } });
    const tests = { url, caFile, clientId: "tests", clientSecret: "only-for-tests-tests" };
    const { call } = await openSession(tests);
    expect(await call("GET", "/organizations/name/acme")).toMatchObject({ status: 200 });
  });
});

test("the reference's seed fills a tenant, and names every key", async () => {
  const reference = readFileSync(join(__dirname, "../../../../docs/reference/tenant.md"), "utf8");
  const [, code = ""] = /^## Seeds\n.*?^```yaml\n(.*?)^```/ms.exec(reference) ?? [];
  const keys = Object.keys(parse(code));
  expect(keys.sort()).toEqual([
    "apis",
    "clients",
    "connections",
    "organizations",
    "requests",
    "roles",
    "tenant",
    "users",
  ]);
  await withTenant({ seed: parseSeed(code, "tenant.md") }, async ({ seeded }, { call }) => {
    expect(await call("GET", `/organizations/${seeded.organizations.acme}/members`)).toMatchObject({
      body: [{ email: "ada@acme.example" }, { email: "bob@acme.example" }],
    });
  });
});

// The providers can't be had here. This is what the official one sends for such a resource (packages/auth0-tenant/testing/official-requests.ts).
test("the tenant answers what Terraform's and Pulumi's examples make the provider send", async () => {
  const { code: terraform } = findBlock(blocks, { name: "main.tf" });
  const { code: pulumi } = findBlock(blocks, { name: "index.ts" });
  const [, name, display_name] =
    /"auth0_organization" .*name += "(\w+)"\n +display_name = "(\w+)"/s.exec(terraform) ?? [];
  expect(pulumi).toContain(
    `new auth0.Organization("${name}", { name: "${name}", displayName: "${display_name}" })`,
  );
  const recorded = officialRequests.create.find(({ resource }) => resource === `Organization ${name}`);
  const [post, get] = (recorded?.requests ?? []).map(parseRecordedRequest);
  expect(post?.body).toMatchObject({ name, display_name });
  await withTenant({}, async (_, { call }) => {
    const created = await call(post?.method ?? "", post?.path ?? "", Object(post?.body));
    expect(created).toMatchObject({ status: 201, body: { name, display_name } });
    const path = get?.path.replace(`{${post?.name}}`, Object(created.body).id) ?? "";
    expect(await call("GET", path)).toMatchObject({ status: 200, body: { name, display_name } });
  });
});

test("the workflow with a service has a seed that fills a tenant with the client that its steps use", async () => {
  const { jobs } = parse(findBlock(blocks, { name: "workflow-service.yml" }).code);
  const { services, env } = jobs.test;
  expect(services.auth0.image).toMatch(new RegExp(`:${version}$`));
  const seed = parseSeed(services.auth0.env.AUTH0_TENANT_SEED, "AUTH0_TENANT_SEED");
  await withTenant({ seed }, async ({ url, caFile }) => {
    const client = { clientId: env.AUTH0_CLIENT_ID, clientSecret: env.AUTH0_CLIENT_SECRET };
    const { call } = await openSession({ url, caFile, ...client });
    expect(await call("GET", "/organizations/name/acme")).toMatchObject({ status: 200 });
  });
});

test("the workflow with a process starts the tenant as the README begins, under the client that its steps use", () => {
  const { jobs } = parse(findBlock(blocks, { name: "workflow-process.yml" }).code);
  const { env, steps } = jobs.test;
  expect(steps.at(-1).run).toContain(
    findBlock(blocks, { section: blocks[0]?.section ?? "", language: "sh" }).code.trim(),
  );
  const { code } = findBlock(blocks, { name: "environment" });
  for (const name of ["AUTH0_DOMAIN", "AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET"]) {
    expect(code).toContain(`${name}=${env[name]}`);
  }
});

describe("the image", () => {
  const image = readDockerfile();

  test("has this version, a pinned Node.js, and a user without privileges", () => {
    expect(image.from).toMatch(/^node:24-slim$/);
    expect(image.args).toEqual({ VERSION: version });
    expect(image.run).toContain("auth0-tenant@$" + "{VERSION}");
    expect(image.user).toBe("node");
    // As the user, after all that root does.
    expect(image.instructions.indexOf("USER")).toBeGreaterThan(image.instructions.lastIndexOf("RUN"));
    expect(image.port).toBe(image.env.AUTH0_TENANT_PORT);
    expect(image.env.AUTH0_TENANT_HOST).toBe("0.0.0.0");
    expect(image.workdir).toBe(image.env.AUTH0_TENANT_DIR);
    expect(image.entrypoint).toEqual(["auth0-tenant"]);
  });

  test("is healthy while its tenant answers, and not before or after", async () => {
    const tenant = await startTenant();
    const [command = "", ...args] = image.healthcheck;
    const env = { ...process.env, AUTH0_TENANT_PORT: new URL(tenant.url).port };
    const check = () => promisify(execFile)(command, args, { env });
    await check();
    await tenant.close();
    await expect(check()).rejects.toMatchObject({ code: 1 });
  });
});
