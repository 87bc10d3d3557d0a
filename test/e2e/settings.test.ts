// Pulumi.STACK.yaml as the real CLI reads and writes it: our reader has every value as the CLI has it, and every command that a problem
// prints fixes the problem.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Problem } from "../../packages/customers-as-code/src/problems/problem";
import { parseStackFile } from "../../packages/customers-as-code/src/settings/stack-file";
import { readStack } from "../../packages/customers-as-code/src/stacks/stack-settings";
import { findCommand } from "../../packages/local-cloud/src/engine/command";

const folder = mkdtempSync(join(tmpdir(), "settings-"));
const file = join(folder, "Pulumi.dev.yaml");
const project = "customers-as-code";
let cli = "";
const environment = {
  ...process.env,
  PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
  PULUMI_HOME: join(folder, "home"),
  PULUMI_CONFIG_PASSPHRASE: "test",
  PULUMI_SKIP_UPDATE_CHECK: "true",
  PULUMI_STACK: "dev",
};

beforeAll(async () => {
  cli = (await findCommand((line) => console.info(line))).path;
  mkdirSync(join(folder, "state"));
  writeFileSync(join(folder, "Pulumi.yaml"), `name: ${project}\nruntime: nodejs\n`);
  execFileSync(cli, ["stack", "init", "dev"], { cwd: folder, env: environment, stdio: "ignore" });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the CLI reads in a text; what it says, if it refuses it. */
function readByCli(text: string): Record<string, string> | string {
  writeFileSync(file, text);
  const { status, stdout, stderr } = spawnSync(cli, ["config", "--json"], {
    cwd: folder,
    env: environment,
    encoding: "utf8",
  });
  if (status !== 0) return stderr;
  const read: Record<string, { value: string }> = JSON.parse(stdout);
  return Object.fromEntries(Object.entries(read).map(([key, { value }]) => [key, value]));
}

const scalars = [
  ...[
    "1_000_000",
    "1_",
    "1__0",
    "_1",
    "010",
    "0777",
    "08",
    "089",
    "00",
    "007",
    "0_7",
    "0o10",
    "0o8",
    "0o_17",
  ],
  ...[
    "0x1F",
    "0X1f",
    "0x",
    "0xg",
    "0x1F_F",
    "0xFFFFFFFFFFFFFFFF",
    "0x1FFFFFFFFFFFFFFFF",
    "0b11",
    "0B11",
    "0b12",
  ],
  ...["+5", "+0x1", "-0x1F", "-010", "-0b11", "-1_0", "-0", "+", "12a", "1-2", "1,000", "1:30", "190:20:30"],
  ...["9007199254740993", "-9223372036854775808", "-9223372036854775809", "12345678901234567890"],
  ...["123456789012345678901234567890", "1e3", "12e03", "1e21", "1e30", "1e400", "1e", "1e+", "e1", "0e0"],
  ...[".5", "+.5", "-.5", "5.", "1.0", "1.50", "3_0.5", "-0.0", "0.1", "1e-6", "1e-7", "0.0000001", "5e-324"],
  ...["123456789.123", "100000000000000000000.5", "1.7976931348623157e309", "1.2.3", ".", "0o7.5"],
  ...["true", "True", "TRUE", "tRUE", "false", '"true"', "yes", "no", "on", "off", "y", "N"],
  ...[
    "",
    "~",
    "null",
    "Null",
    "NULL",
    "nULL",
    "'null'",
    '""',
    '"  x "',
    "25%",
    "acme",
    "=",
    "!!str 12",
    "!!int 5",
  ],
  ...["2026-12-01", "2026-1-2", "2026-13-01", "2026-02-30", "2026-12", "20261201", "2026-12-01T10:00:00Z"],
  ...["2026-12-01T10:00:00", "2026-12-01 10:00:00", "2026-12-01 10:00:00Z", "2026-12-01T25:00:00Z"],
  ...["2026-12-01T10:00:00+02:00", "2026-12-01T10:00:00-00:00", "2026-1-2t3:4:5.500Z"],
];

describe("our reader has every value as the CLI has it", () => {
  it("reads a scalar by itself and in a list", () => {
    const lines = scalars.flatMap((scalar, at) => [
      `  s${at}: ${scalar}`,
      `  l${at}: [${scalar.includes(",") ? "x" : scalar}]`,
    ]);
    const text = ["config:", ...lines, ""].join("\n");
    const { values, problems } = parseStackFile("Pulumi.dev.yaml", text, project);
    expect(problems).toEqual([]);
    expect(values).toEqual(readByCli(text));
  });

  it.each([
    "config: {a: {b: 1, a: [x, {c: 1e3}, 2026-12-01]}}",
    "config: {a: {1: x, true: y}}",
    "config:\n  a: |\n    two\n    lines\n  b: >\n    one\n    line\n",
    "config: {a: &x {c: 010}, b: *x, d: {<<: *x, e: 1}}",
    "config: {<<: {a: 1}, b: 2}",
    "config: {plain: 1, customers-as-code:config:old: 2, aws:config:region: us-east-1, auth0:domain: x, cloudflare:email: y}",
    "config:",
    "config: {}",
    "",
    "encryptionsalt: v1:x\nsecretsprovider: passphrase\n",
    "config: {a: [12345678901234567890, 9007199254740993]}",
  ])("reads %j", (text) => {
    const { values, problems } = parseStackFile("Pulumi.dev.yaml", text, project);
    expect(problems).toEqual([]);
    expect(values).toEqual(readByCli(text));
  });

  it.each([
    "config: []",
    "config: {a: 1, a: 2}",
    "config: {a: .inf}",
    "config: {a: [.NaN]}",
    "config: {a:b:c: 2}",
    "[]",
    "config: {a: [}",
  ])("refuses what the CLI refuses: %j", (text) => {
    expect(typeof readByCli(text)).toBe("string");
    expect(parseStackFile("Pulumi.dev.yaml", text, project).problems).not.toEqual([]);
  });
});

const good = ["auth0:domain: example.eu.auth0.com", "customers-as-code:audience: https://api.example.com/"];
const certificate = "arn:aws:acm:eu-central-1:123456789012:certificate/1a2b";

/** A wrong line of a stack's settings, and a right value for the command that its problem prints. */
const remedies: [line: string, value?: string][] = [
  ["customers-as-code:webAclARN: x", ""],
  ["remvalLimit: 5", "5"],
  ["'customers-as-code:my key': x"],
  ["'customers-as-code:it''s': x"],
  ["auth0:domian: example.eu.auth0.com", "example.eu.auth0.com"],
  ["auth0:nothing: x"],
  ["auht0:domain: x", "example.eu.auth0.com"],
  ["aws:regoin: eu-central-1", "eu-central-1"],
  ["customers-as-code:domain: x", "example.eu.auth0.com"],
  ["auth0:protect: true", "true"],
  ["auth0:audience: https://api.example.com/", "https://api.example.com/"],
  ["auth0:clientSecret: abc", "abc"],
  ["auth0:apiToken: abc", "abc"],
  ["auth0:clientAssertionPrivateKey: abc", "abc"],
  ["aws:secretKey: abc", "abc"],
  ["aws:token: abc", "abc"],
  ["cloudflare:apiToken: abc", "abc"],
  ["customers-as-code:moesifApplicationId: abc", "abc"],
  ["customers-as-code:moesifManagementToken: abc", "abc"],
  ["customers-as-code:stripeApiKey: abc", "abc"],
  ["auth0:domain: Example.eu.auth0.com"],
  ["auth0:domain: example.eu.auth0.com."],
  ["auth0:domain: https://example.eu.auth0.com/", "example.eu.auth0.com"],
  ["aws:region: eu-centrall-1"],
  ["aws:region: frankfurt", "eu-central-1"],
  ["customers-as-code:protect: yes", "true"],
  ["customers-as-code:protect:", "true"],
  ["customers-as-code:authorizerCacheSeconds:", "60"],
  ["customers-as-code:authorizerCacheSeconds: '0x10'", "60"],
  ["customers-as-code:authorizerCacheSeconds: 1e4", "60"],
  ["customers-as-code:removalLimit: 200%", "25%"],
  ["customers-as-code:removalLimit: 0", "5"],
  ["customers-as-code:removalLimit: 25 %", "25%"],
  ["customers-as-code:removalLimit: 1e9", "5"],
  ["customers-as-code:logRetentionDays: 31", "30"],
  ["customers-as-code:publicRoutes: GET /health", "GET /health"],
  ["customers-as-code:replaceable: 123", "123"],
  ["customers-as-code:replaceable: [{a: b}]", "123"],
  ["customers-as-code:portalScopes: {a: b}", "read:orders"],
  ["customers-as-code:corsAllowedOrigins: ['https://a.example/']", "https://a.example"],
  ["customers-as-code:stageName: v1/beta", "v1"],
  ["customers-as-code:backendUrl: https://user:pass@backend.example.com", "https://backend.example.com"],
  ["customers-as-code:backendUrl: https://backend.example.com/?a=b", "https://backend.example.com"],
  ["customers-as-code:backendUrl: ' https://backend.example.com'", "https://backend.example.com"],
  ["customers-as-code:tags: {'aws:team': x}"],
  ["customers-as-code:tags: {a.b: 'x;y'}", "xy"],
  ["customers-as-code:tags: {it's: 'x'}"],
  ["customers-as-code:tags: {team: 'x;y'}", "xy"],
  ["customers-as-code:tags: team=api", '{"team":"api"}'],
  ["customers-as-code:plans: {Gold: {}}"],
  ["customers-as-code:plans: {g.old: {}}"],
  ["customers-as-code:plans: {gold: {throtle: {}}}"],
  ["customers-as-code:plans: {gold: {throttle: {rate: 1}}}", "5"],
  ["customers-as-code:plans: {gold: 5}"],
  ["customers-as-code:plans: {gold: {tokenQuota: {}}}"],
  ["customers-as-code:plans: [gold]", "{}"],
  ["customers-as-code:alarms: {topicArns: {a: b}}"],
  [
    `customers-as-code:customDomain: {name: API.example.com, certificateArn: '${certificate}'}`,
    "api.example.com",
  ],
  [`customers-as-code:customDomain: {name: api.example.com, certificateArn: '${certificate}', tls: '1.3'}`],
  ["customers-as-code:alarms: {topicArns: [on-call]}", "arn:aws:sns:eu-central-1:123456789012:on-call"],
  ["customers-as-code:alarms: {topicArns: []}", "arn:aws:sns:eu-central-1:123456789012:on-call"],
  ["customers-as-code:kmsKeyArn: alias/logs", "arn:aws:kms:eu-central-1:123456789012:key/1a2b"],
  [
    "customers-as-code:kmsKeyArn: arn:aws:kms:us-east-1:123456789012:key/1a2b\n  aws:region: eu-central-1",
    "arn:aws:kms:eu-central-1:123456789012:key/1a2b",
  ],
  ['customers-as-code:audience: "https://api.example.com/\\u200b"', "https://api.example.com/"],
  ["customers-as-code:audience: https://example.eu.auth0.com/api/v2/", "https://api.example.com/"],
  ["customers-as-code:audience: ''", "https://api.example.com/"],
];

test.each(remedies)("the command that is printed for %j fixes it", (line, value = "VALUE") => {
  const lines = [...good.filter((one) => !line.startsWith(one.split(": ")[0] ?? one)), ...line.split("\n  ")];
  writeFileSync(file, `config:\n${lines.map((one) => `  ${one}\n`).join("")}`);
  const [problem, ...others] = problemsNow();
  expect(others).toEqual([]);
  const commands = [
    ...(problem ?? "").matchAll(/pulumi config (?:set|rm) .*?(?=; and remove|\. If it is|$)/g),
  ];
  expect(commands.length).toBeGreaterThan(0);
  for (const [command] of commands) {
    const run = command
      .replace("VALUE", () => (command.includes('"VALUE"') ? value : `'${value}'`))
      .replace("pulumi", () => `"${cli}"`);
    execFileSync("sh", ["-c", run], { cwd: folder, env: environment, stdio: "pipe" });
  }
  expect(problemsNow()).toEqual([]);
  // The CLI reads what it has written.
  expect(typeof readByCli(readFileSync(file, "utf8"))).toBe("object");
});

function problemsNow(): string[] {
  const problems: Problem[] = [];
  readStack("dev", problems, folder);
  return problems.map(({ message }) => message);
}
