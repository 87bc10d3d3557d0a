// What docs/how-to/extend.md shows: programs of a company beside the example's, run with the recorder in the engine's place.
import { readdirSync, readFileSync } from "node:fs";
import type { RecordedResource } from "./support/recorder";
import { config, disconnect, runOtherProgram } from "./support/run-program";
import { variants } from "./support/variants";

const page = readFileSync("docs/how-to/extend.md", "utf8");
const snippets = readdirSync("docs/snippets/extend");
const programs: Record<string, () => { default: () => Promise<object> }> = {
  "own-resources.ts": (): typeof import("../docs/snippets/extend/own-resources") =>
    require("../docs/snippets/extend/own-resources"),
  "own-settings.ts": (): typeof import("../docs/snippets/extend/own-settings") =>
    require("../docs/snippets/extend/own-settings"),
  "transform-all.ts": (): typeof import("../docs/snippets/extend/transform-all") =>
    require("../docs/snippets/extend/transform-all"),
  "transform-one.ts": (): typeof import("../docs/snippets/extend/transform-one") =>
    require("../docs/snippets/extend/transform-one"),
};

async function run(name: string, settings: Record<string, string> = {}) {
  const { [name]: load } = programs;
  if (!load) throw new Error(`there is no program ${name}`);
  const ran = await runOtherProgram({ ...config, ...settings }, { load });
  await disconnect();
  return ran;
}

test("the page has each program as it is run here", () => {
  const shown = [...page.matchAll(/<!-- snippet: ([\w.-]+) -->\n```ts\n([\s\S]*?)\n```/g)];
  expect(shown.map(([, name]) => name).sort()).toEqual(snippets.sort());
  for (const [, name, code] of shown) {
    const [, ...lines] = readFileSync(`docs/snippets/extend/${name}`, "utf8").trimEnd().split("\n");
    expect(code).toBe(lines.join("\n"));
  }
});

describe("declareCompany", () => {
  const byNames = (resources: readonly RecordedResource[]) =>
    [...resources].sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));

  test.each([
    ...Object.entries(variants).map(([name, settings]) => [name, settings, "test"] as const),
    ["a shard", { "customers-as-code:shards": "2" }, "test-shard-1"] as const,
  ])("declares what index.ts declares, with %s", async (_, settings, stack) => {
    const runs = [];
    for (const program of ["../index", "./fixtures/whole-company"]) {
      const { program: outputs, recording } = await runOtherProgram(
        { ...config, ...settings },
        { load: () => require(program), stack },
      );
      await disconnect();
      runs.push({ resources: byNames(recording.resources), outputs: Object.keys(outputs).sort() });
    }
    expect(runs[0]?.resources.length).toBeGreaterThan(3);
    expect(runs[1]).toEqual(runs[0]);
  });
});

test("resources of one's own refer to the package's", async () => {
  const { recording, program, recorder } = await run(
    "own-resources.ts",
    variants["a REST API with everything"],
  );
  expect(recording.find("aws:wafv2/webAclAssociation:WebAclAssociation", "api").inputs).toEqual({
    resourceArn: "arn:aws:apigateway:eu-central-1::/restapis/gateway-id/stages/v1",
    webAclArn: "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/api/0a1b",
  });
  expect(recording.find("aws:route53/record:Record", "api").inputs.aliases).toEqual([
    {
      name: "d-gateway-domain.execute-api.eu-central-1.amazonaws.com",
      zoneId: "Z1U9ULNL0V5AJ3",
      evaluateTargetHealth: false,
    },
  ]);
  expect(recording.find("aws:lambda/permission:Permission", "decisions").inputs.sourceArn).toMatch(
    /log-group:gateway-authorizer:\*$/,
  );
  expect(recording.find("auth0:index/client:Client", "backoffice").inputs.appType).toBe("spa");
  expect(Object.keys(program)).toEqual(expect.arrayContaining(["url", "customers", "backofficeClientId"]));
  expect(await recorder.known(Reflect.get(program, "organizationIds"))).toHaveLength(3);
});

test("a transform of the whole stack changes the package's resources", async () => {
  const { recording } = await run("transform-all.ts");
  const roles = recording.resources.filter(({ type }) => type === "aws:iam/role:Role");
  expect(roles.length).toBeGreaterThan(0);
  for (const { inputs } of roles) {
    expect(inputs.permissionsBoundary).toBe("arn:aws:iam::123456789012:policy/boundary");
  }
});

test("a setting of one's own is refused unless Pulumi.yaml declares it", async () => {
  const onCall = { "customers-as-code:onCall": "orders@example.com" };
  await expect(run("own-settings.ts", onCall)).rejects.toThrow("onCall is not a setting.");
});
