// Log lines and roles: what the exported state has, what the AWS CLI is asked, and what its answers mean.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Questioner } from "../../src/verify/ask-question";
import { askAws } from "../../src/verify/aws-cli";
import { type AwsResources, readAwsResources } from "../../src/verify/aws-resources";
import type { Answer, StackUnderTest } from "../../src/verify/claim";
import { themes } from "../../src/verify/claims/all-claims";

const state = JSON.parse(readFileSync("test/compatibility/states/0.1.0/all-features/local.json", "utf8"));
const aws = readAwsResources(state);

const stack = (changes: Partial<StackUnderTest>): StackUnderTest => ({
  ...{ url: "https://api.example/v1", kind: "rest", domain: "t.example", marker: "verify1" },
  ...{ tokenLifetime: 60, authorizerCacheSeconds: 60, stageName: "v1", showsCaller: false },
  ...{ hasLiveSuspensions: false, hasCustomDomain: false, keepsDefaultEndpoint: false, sendsToMoesif: false },
  operations: [{ method: "GET", path: "/orders", security: [["read:orders"]], pathParameters: [] }],
  customer: {
    ...{ name: "acme/default", organizationId: "org_acme", clientId: "cid", clientSecret: "secret" },
    ...{ tokenUrl: "https://t.example/oauth/token", audience: "a", scopes: ["read:orders"] },
  },
  given: { aws },
  ...changes,
});

function attempt(id: string, changes: Partial<StackUnderTest> = {}) {
  const claim = Object.values(themes)
    .flat()
    .find((one) => one.id === id);
  const planned = claim?.plan(stack(changes));
  if (!planned || "notTried" in planned) throw new Error(`not tried: ${planned?.notTried}`);
  return planned;
}

const answer = (body: unknown, status = 200): Answer => ({
  ...{ status, headers: {}, body: Buffer.from(JSON.stringify(body)), seconds: 1 },
});

test("a state has the log groups of the calls, and each role with its policies", () => {
  expect(aws).toMatchObject({
    authorizerLogs: { name: expect.stringMatching(/^gateway-authorizer-/), region: "us-east-1" },
    accessLogs: { name: expect.stringMatching(/^gateway-access-logs-/), region: "us-east-1" },
  });
  const roles = aws.roles.map(({ name, inline, attached }) => [
    name.replace(/-\w+$/, ""),
    Object.keys(inline).length,
    attached,
  ]);
  expect(new Set(roles)).toEqual(
    new Set([
      [
        "gateway-cloudwatch",
        0,
        ["arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"],
      ],
      ["gateway-authorizer", 1, []],
      ["gateway-access-logs", 1, []],
      ["portal-execution", 1, []],
    ]),
  );
  expect(readAwsResources({})).toEqual({ roles: [] });
});

describe("rights", () => {
  const document = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: ["ssm:GetParameter"] }] };
  const roles = [{ name: "gateway", inline: { own: document }, attached: ["arn:aws:iam::aws:policy/Logs"] }];
  const rights = attempt("least-privilege", { given: { aws: { roles } } });
  const answers = (changes: { names?: string[]; arns?: string[]; own?: object } = {}) => {
    const { names = ["own"], arns = ["arn:aws:iam::aws:policy/Logs"], own = document } = changes;
    return [
      answer({ PolicyNames: names }),
      answer({ AttachedPolicies: arns.map((PolicyArn) => ({ PolicyArn })) }),
      answer({ RoleName: "gateway", PolicyDocument: own }),
    ];
  };

  it("are read only", () => {
    expect(rights.questions.map((question) => question.to === "aws" && question.args.join(" "))).toEqual([
      "iam list-role-policies --role-name gateway",
      "iam list-attached-role-policies --role-name gateway",
      "iam get-role-policy --role-name gateway --policy-name own",
    ]);
  });

  it.each([
    ["are the program's", {}, "holds", "as expected"],
    ["are fewer", { arns: [] }, "holds", "as expected"],
    ["have a policy more", { names: ["own", "more"] }, "fails", "role gateway also has policy more"],
    [
      "have an attached policy more",
      { arns: ["arn:aws:iam::aws:policy/Logs", "arn:aws:iam::aws:policy/AdministratorAccess"] },
      "fails",
      "role gateway also has policy arn:aws:iam::aws:policy/AdministratorAccess",
    ],
    [
      "have a changed policy",
      { own: { ...document, Statement: [{ Effect: "Allow", Action: "*" }] } },
      "fails",
      "policy own of role gateway differs",
    ],
  ])("%s", (_, changes, verdict, seen) => {
    expect(rights.judge(answers(changes))).toEqual({ verdict, seen });
  });
});

describe("log lines", () => {
  const groups = (changes: Partial<StackUnderTest>) =>
    attempt("log-lines", changes).questions.flatMap((question) =>
      question.to === "logs" ? [question.group.name.replace(/-\w+$/, "")] : [],
    );

  it("are looked for where the stack writes them", () => {
    expect(groups({})).toEqual(["gateway-authorizer", "gateway-access-logs"]);
    expect(groups({ sendsToMoesif: true })).toEqual(["gateway-authorizer"]);
    expect(groups({ kind: "jwt" })).toEqual(["gateway-access-logs"]);
    expect(() => groups({ kind: "jwt", sendsToMoesif: true })).toThrow(
      "not tried: the stack has no log group",
    );
  });

  it("fail to hold if one group has no line", () => {
    const { judge } = attempt("log-lines");
    expect(judge([answer({}), answer({}), answer({}, 404)])).toMatchObject({
      ...{ verdict: "fails", seen: expect.stringMatching(/^none in gateway-access-logs-\w+$/) },
    });
    expect(judge([answer({}), answer({}), answer({})])).toMatchObject({ verdict: "holds" });
  });

  it("may come late", async () => {
    const asked: (readonly string[])[] = [];
    const questioner = new Questioner(stack({}), {
      send: () => Promise.reject(new Error("nothing is sent")),
      async askAws(args) {
        asked.push(args);
        return JSON.stringify({ events: asked.length < 3 ? [] : [{ message: "org_acme" }] });
      },
      ...{ moesifSeconds: 1, pollSeconds: 0.01, logSeconds: 30 },
    });
    const group = { name: "gateway", region: "eu-central-1" };
    expect(await questioner.ask({ to: "logs", group, text: "org_acme" })).toMatchObject({ status: 200 });
    expect(asked).toHaveLength(3);
    expect(asked[0]?.join(" ")).toMatch(
      /^logs filter-log-events --log-group-name gateway --region eu-central-1 --max-items 1 --start-time \d+ --filter-pattern "org_acme"$/,
    );
  });
});

describe("the AWS CLI", () => {
  const { PATH } = process.env;
  const folder = mkdtempSync(join(tmpdir(), "aws-cli-"));
  const install = (script: string) => {
    writeFileSync(join(folder, "aws"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "aws"), 0o700);
    process.env.PATH = `${folder}:${PATH}`;
  };
  afterEach(() => {
    process.env.PATH = PATH;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("is asked for JSON, without a pager", async () => {
    install('echo "[\\"$*\\", \\"$AWS_PAGER\\"]"');
    expect(JSON.parse(await askAws(["iam", "get-role"]))).toEqual(["iam get-role --output json", ""]);
  });

  it("reports why it fails", async () => {
    install("echo 'Unable to locate credentials' >&2; exit 253");
    await expect(askAws(["iam", "get-role", "--role-name", "r"])).rejects.toThrow(
      "aws iam get-role failed: Unable to locate credentials",
    );
  });

  it("may be missing", async () => {
    process.env.PATH = "/nonexistent";
    await expect(askAws(["iam", "get-role"])).rejects.toThrow(
      "There is no program aws on the PATH. Install the AWS CLI, version 2.",
    );
  });
});

test("without --aws, AWS is not asked", () => {
  const given: { aws?: AwsResources } = {};
  for (const id of ["log-lines", "least-privilege"])
    expect(() => attempt(id, { given })).toThrow("not tried: AWS was not asked: --aws does that");
});
