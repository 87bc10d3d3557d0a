// What a customer's file says of its plan, and what the plan says of its clients.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseCustomers, type Stacks } from "../../src/customers/load-customers";
import { type PlanSettings, usagePlanLimits } from "../../src/customers/plans";
import { listCustomers, showCustomer } from "../../src/edit/describe-customers";

const tokenQuota = { perHour: 10, enforce: true };
const plans: PlanSettings = {
  plans: { free: { tokenQuota }, gold: { throttle: { rate: 50, burst: 100 } } },
  defaultPlan: "free",
};
const none: PlanSettings = { plans: {}, defaultPlan: undefined };

const file = (...lines: string[]) =>
  ["displayName: Acme", ...lines, "clients:", "  default:", "    scopes: [read:orders]", ""].join("\n");

function parse(text: string, stacks: Partial<Stacks> = { plans }, name = "acme.yaml") {
  const files = [{ name, text }];
  const { customers, problems } = parseCustomers("customers", files, ["read:orders"], {
    known: [],
    ...stacks,
  });
  return {
    customers,
    problems: problems.map(({ line, column, message }) => `${line}:${column}  ${message}`),
  };
}

test("a customer has the plan that its file names, or the stack's default", () => {
  expect(parse(file("plan: gold"))).toMatchObject({ problems: [], customers: [{ plan: "gold" }] });
  expect(parse(file())).toMatchObject({ problems: [], customers: [{ plan: "free" }] });
});

test("a stack may have it in another plan", () => {
  const text = `${file("plan: gold")}stacks:\n  dev:\n    plan: free\n`;
  expect(parse(text, { plans, stack: "dev" }).customers).toMatchObject([{ plan: "free" }]);
  expect(parse(text, { plans, stack: "prod" }).customers).toMatchObject([{ plan: "gold" }]);
  expect(parse(`${file()}stacks:\n  dev:\n    plan: golden\n`, { plans, stack: "dev" }).problems).toEqual([
    '7:11  plan: "golden" is not a plan of the stack. Did you mean "gold"?',
  ]);
});

const wrong: [what: string, plan: string, settings: PlanSettings, expected: string[]][] = [
  [
    "a plan that there is not",
    "glod",
    plans,
    ['2:7  plan: "glod" is not a plan of the stack. Did you mean "gold"?'],
  ],
  [
    "one that is not near any",
    "premium",
    plans,
    ['2:7  plan: "premium" is not a plan of the stack. Known: "free", "gold".'],
  ],
  [
    "a name that every object has",
    "constructor",
    plans,
    ['2:7  plan: "constructor" is not a plan of the stack. Known: "free", "gold".'],
  ],
  [
    "a plan where the stack has none",
    "gold",
    none,
    [
      '2:7  plan: "gold" is not a plan of the stack. The stack has no plans: describe it in the setting "plans" (docs/how-to/plans.md), or remove the line.',
    ],
  ],
  [
    "a name that no plan can have",
    "Gold",
    plans,
    [
      "2:7  plan: must consist of lower-case letters, digits, '-' and '_', begin with a letter or digit, and have up to 50 of them",
      '2:7  plan: "Gold" is not a plan of the stack. Did you mean "gold"?',
    ],
  ],
];

test.each(wrong)("%s is refused at its place", (_, plan, settings, expected) => {
  expect(parse(file(`plan: ${plan}`), { plans: settings }).problems).toEqual(expected);
});

test("where the stack is not known, no plan is refused", () => {
  expect(parse(file("plan: glod"), {})).toMatchObject({ problems: [], customers: [{ plan: "glod" }] });
  expect(parse(file(), {}).customers[0]).not.toHaveProperty("plan");
});

describe("the tokens of a client", () => {
  const quotaOf = (...args: Parameters<typeof parse>) => parse(...args).customers[0]?.clients[0]?.tokenQuota;
  const own = (quota: string) => `${file()}    tokenQuota: ${quota}\n`;

  it("are limited as the plan says", () => {
    expect(quotaOf(file())).toEqual(tokenQuota);
    expect(quotaOf(file("plan: gold"))).toBeUndefined();
    expect(quotaOf(file(), { plans: none })).toBeUndefined();
  });

  it("are limited as its own file says, where it does", () => {
    expect(quotaOf(own("{ perDay: 5, enforce: false }"))).toEqual({ perDay: 5, enforce: false });
    expect(quotaOf(own("{ perDay: 5 }"), { plans: none })).toEqual({ perDay: 5, enforce: true });
  });

  it.each([
    ["{}", "5:17  clients.default.tokenQuota: must have perHour, perDay or both"],
    ["{ perHour: 0 }", "5:28  clients.default.tokenQuota.perHour: must be at least 1"],
    [
      "{ perhour: 1, perDay: 1 }",
      '5:19  clients.default.tokenQuota: "perhour" is not a known key. Did you mean "perHour"?',
    ],
    ["{ perHour: 1.5 }", "5:28  clients.default.tokenQuota.perHour: must be a whole number, not 1.5"],
  ])("cannot be %s", (quota, problem) => {
    expect(parse(own(quota)).problems).toEqual([problem]);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
test("there are as many customers with plans as an account has API keys, but for the shared one", () => {
  const files = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `c${index}.yaml`, text: "displayName: C" }));
  const refusals = (count: number, settings: PlanSettings) =>
    parseCustomers("customers", files(count), [], { known: [], plans: settings }).problems.filter(
      ({ message }) => message.includes("API keys"),
    );
  expect(refusals(usagePlanLimits.keys - 1, plans)).toEqual([]);
  expect(refusals(usagePlanLimits.keys, none)).toEqual([]);
  expect(refusals(usagePlanLimits.keys, plans)).toEqual([
    {
      file: "customers",
      code: "plans-too-many-customers",
      message: expect.stringMatching(
        /^has 10000 customers\. With plans, each takes one of the 10000 API keys/,
      ),
    },
  ]);
});

test("people are shown plans and quotas", () => {
  const [acme] = parse(file()).customers;
  const [globex] = parse(file("plan: gold"), { plans }, "globex.yaml").customers;
  const [initech] = parse(file(), {}, "initech.yaml").customers;
  if (!acme || !globex || !initech) throw new Error("a file has problems");
  expect(listCustomers([acme, globex, initech]).split("\n")).toEqual([
    "acme     active  free  Acme  default",
    "globex   active  gold  Acme  default",
    "initech  active  -     Acme  default",
  ]);
  expect(listCustomers([initech])).toBe("initech  active  Acme  default");
  expect(showCustomer(acme).split("\n")).toEqual([
    "id               acme",
    "name             Acme",
    "organization     acme",
    "status           active",
    "plan             free",
    "clients.default  read:orders (client_secret, tokens: 10 an hour)",
  ]);
});

describe("npx customers", () => {
  const project = resolve(__dirname, "../../../..");
  const folder = mkdtempSync(join(tmpdir(), "plans-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  beforeAll(() => {
    mkdirSync(join(folder, "customers"));
    writeFileSync(join(folder, "customers", "acme.yaml"), file());
    writeFileSync(
      join(folder, "Pulumi.prod.yaml"),
      "config:\n  customers-as-code:plans:\n    free: {}\n    gold: {}\n  customers-as-code:defaultPlan: free\n",
    );
    writeFileSync(join(folder, "Pulumi.broken.yaml"), "config:\n  customers-as-code:plans: [gold]\n");
  });

  function run(...args: string[]) {
    const command = [join(project, "packages/customers-as-code/bin.cjs"), ...args];
    const options = ["--openapi", join(project, "openapi.yaml")];
    const { status, stdout, stderr } = spawnSync(process.execPath, [...command, ...options], {
      cwd: folder,
      encoding: "utf8",
    });
    return { code: status, stdout: stdout.trimEnd(), stderr: stderr.trimEnd() };
  }

  const add = (...args: string[]) =>
    run("add", "umbrella", "--name", "Umbrella", "--scopes", "read:orders", ...args);

  it("adds a customer with a plan of the stack, and refuses one that the stack lacks", () => {
    expect(add("--plan", "glod", "--stack", "prod")).toEqual({
      code: 1,
      stdout: "",
      stderr: [
        'customers/umbrella.yaml:3:7  plan: "glod" is not a plan of the stack. Did you mean "gold"?',
        "1 problem in 1 of 1 file. docs/reference/problems.md explains plan-unknown",
      ].join("\n"),
    });
    expect(add("--plan", "gold", "--stack", "prod").code).toBe(0);
    expect(readFileSync(join(folder, "customers", "umbrella.yaml"), "utf8")).toContain("\nplan: gold\n");
  });

  it("lists and shows the plans that customers have in a stack", () => {
    expect(run("list", "--stack", "prod").stdout).toMatch(/^acme +active {2}free {2}Acme/);
    expect(run("show", "acme", "--stack", "prod").stdout).toMatch(/^plan +free$/m);
    expect(run("show", "acme").stdout).not.toMatch(/^plan/m);
  });

  it("says where a stack's plans are of no use, or there is no such stack", () => {
    expect(run("list", "--stack", "broken").stderr).toContain(
      "Pulumi.broken.yaml  plans are not valid; npx customers validate reports why. Fix them first.",
    );
    expect(run("list", "--stack", "none").stderr).toContain("Pulumi.none.yaml  does not exist.");
  });
});
