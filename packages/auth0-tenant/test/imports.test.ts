// The compiled package, as programs import it.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import * as source from "../src";
import { renderSeedSchema } from "../src/seed/seed-schema";

const use = `const tenant = await startTenant({ seed: { organizations: [{ name: "acme" }] } });
console.log(Object.keys(tenant.seeded.organizations)[0]);
await tenant.close();`;

test.each([
  ["an ECMAScript module", "module", `import { startTenant } from "auth0-tenant";\n${use}`],
  [
    "a CommonJS module",
    "commonjs",
    `const { startTenant } = require("auth0-tenant");\nvoid (async () => {\n${use}\n})();`,
  ],
])("%s starts a tenant", async (_, type, program) => {
  const { NODE_OPTIONS: _options, ...env } = process.env;
  const run = promisify(execFile)(process.execPath, [`--input-type=${type}`, "--eval", program], {
    ...{ cwd: __dirname, env },
  });
  expect(await run).toEqual({ stdout: "acme\n", stderr: "" });
});

test("an ECMAScript module can import every export by its name", async () => {
  const names = Object.keys(source);
  const program = `import { ${names.join(", ")} } from "auth0-tenant"; console.log([${names.join(", ")}].length)`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: __dirname,
  });
  expect(stdout).toBe(`${names.length}\n`);
});

test("every exported function, class and type has an example", () => {
  const index = readFileSync(join(__dirname, "../src/index.ts"), "utf8");
  const exported = [...index.matchAll(/^export (?:type )?\{?([^;]*?)\}? from "(.*)";$/gm)].flatMap(
    ([, names = "", file = ""]) =>
      names.split(",").map((name) => [name.replace(/\btype\b/, "").trim(), `${file}.ts`] as const),
  );
  const own = [...index.matchAll(/^export (?:async )?(?:function|class|interface) (\w+)/gm)].map(
    ([, name = ""]) => [name, "index.ts"] as const,
  );
  const without = [...exported, ...own].filter(([name, file]) => {
    const text = readFileSync(join(__dirname, "../src", file), "utf8");
    const [before = ""] = text.split(
      new RegExp(`^export (?:async )?(?:function|class|interface|type|const) ${name}\\b`, "m"),
    );
    return !/@example(?:(?!\*\/).)*\*\/\s*$/s.test(before);
  });
  expect(without.map(([name]) => name)).toEqual([]);
});

test("the schema of seeds lies beside the package's code", () => {
  const schema = readFileSync(require.resolve("auth0-tenant/seed.schema.json"), "utf8");
  expect(JSON.parse(schema)).toEqual(JSON.parse(renderSeedSchema()));
});
