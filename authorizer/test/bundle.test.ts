import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { authorizerFiles, bundleAuthorizer, bundleChecksum, bundleForLambda } from "../build/bundle";
import { authorizerConfig, generateSigningKey } from "../testing/auth0-tokens";

const repository = join(__dirname, "../..");
const authorizer = join(repository, "authorizer");

describe("the authorizer's bundle", () => {
  const code = bundleAuthorizer();
  const required = [...code.matchAll(/\b(?:require|import)\("([^"]*)"\)/g)].map(([, name = ""]) => name);
  let elsewhere: string;

  beforeAll(() => {
    elsewhere = mkdtempSync(join(tmpdir(), "authorizer-bundle-"));
    for (const [name, text] of Object.entries(authorizerFiles(authorizerConfig(generateSigningKey())))) {
      writeFileSync(join(elsewhere, name), text);
    }
  });

  afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

  it("stays under 25 KB, since every cold start reads and compiles it", () => {
    expect(Buffer.byteLength(code)).toBeLessThan(25_000);
  });

  it("is the one that was reviewed", () => {
    const accepted = readFileSync(join(authorizer, "build/bundle.sha256"), "utf8").trimEnd();
    if (bundleChecksum() === accepted) return;
    throw new Error(
      "The code that would be deployed is not the one that authorizer/build/bundle.sha256 names: authorizer/src, aws-jwt-verify " +
        `or esbuild changed.\n  accepted: ${accepted}\n  built:    ${bundleChecksum()}\n` +
        "Review the change, then accept it with `npm run bundle:accept` and commit authorizer/build/bundle.sha256.",
    );
  });

  it("has the same bytes when it is built again", () => {
    expect(bundleForLambda(join(authorizer, "src/index.ts"))).toBe(code);
  });

  it("has the same bytes when it is built by another process in another directory with settings of its own", () => {
    writeFileSync(join(elsewhere, "tsconfig.json"), '{ "compilerOptions": { "target": "es2015" } }');
    writeFileSync(join(elsewhere, "package.json"), '{ "type": "commonjs" }');
    const script = `console.log(require(${JSON.stringify(join(authorizer, "build/bundle.ts"))}).bundleChecksum())`;
    const tsx = pathToFileURL(createRequire(__filename).resolve("tsx")).href;
    const output = execFileSync(process.execPath, ["--import", tsx, "-e", script], { cwd: elsewhere });
    expect(output.toString().trimEnd()).toBe(bundleChecksum());
  });

  it("requires modules of Node only", () => {
    expect(required).toContain("node:crypto");
    expect(required.filter((name) => !builtinModules.includes(name.replace(/^node:/, "")))).toEqual([]);
  });

  it("holds neither Pulumi nor the AWS SDK nor what only the deployment needs", () => {
    expect(code).not.toMatch(/pulumi|esbuild|aws-sdk|@smithy|smithy\.|cannot be configured/i);
  });

  it("says nothing of the machine that built it", () => {
    for (const path of [repository, homedir(), tmpdir(), "node_modules", '.ts"']) {
      expect(code).not.toContain(path);
    }
    expect(code).not.toContain("sourceMappingURL");
  });

  it("exports an async handler as nodejs24.x demands it, without a callback", () => {
    const script =
      'const { handler, ...more } = require("./index.js");' +
      "console.log(JSON.stringify([handler.constructor.name, handler.length, Object.keys(more)]))";
    const output = execFileSync(process.execPath, ["-e", script], { cwd: elsewhere, env: {} });
    const [kind, parameters, more] = JSON.parse(output.toString());
    expect(kind).toBe("AsyncFunction");
    expect(parameters).toBeLessThan(3);
    expect(more).toEqual([]);
  });
});
