// docs/reference/costs.md: its numbers against what the program declares, its settings, and its sums.
import { readFileSync } from "node:fs";
import { describeSettings } from "../../packages/customers-as-code/src/settings/effective-settings";
import type { RecordedResource } from "../support/recorder";
import { runProgram } from "../support/run-program";
import { variants } from "../support/variants";

const page = readFileSync("docs/reference/costs.md", "utf8");
const rows = [...page.matchAll(/^\| (?!---|what \||\| )(.+) \|$/gm)].map(([, row = ""]) => row.split(" | "));
const rowOf = (title: string) => rows.find(([first]) => first?.startsWith(title)) ?? [];
/** The first number of a price. */
const price = (title: string) => Number(/[\d.]+/.exec(rowOf(title)[2] ?? "")?.[0]);

const isComponent = ({ type }: RecordedResource) => /^(customers-as-code|awsx):/.test(type);
const isAlarm = ({ type }: RecordedResource) => type === "aws:cloudwatch/metricAlarm:MetricAlarm";

async function declaredBy(variant: string): Promise<RecordedResource[]> {
  const settings = variants[variant];
  if (settings === undefined) throw new Error(`there is no variant ${variant}`);
  return (await runProgram(settings)).recording.resources;
}

test("the numbers of resources are those that the program declares", async () => {
  const [, stack, components, customer, ofCustomer, client, plans] =
    /has (\d+) resources, (\d+) of them components. Each customer adds (\d+) \((\d+) of them a component\), each client (\d+), and each customer (\d+) more/
      .exec(page)
      ?.map(Number) ?? [];
  const plain = await declaredBy("as few settings as can be");
  // The example has three customers and four clients; Pulumi counts the stack as well.
  expect(plain.length + 1).toBe(Number(stack) + 3 * Number(customer) + 4 * Number(client));
  expect(plain.filter(isComponent)).toHaveLength(Number(components) + 3 * Number(ofCustomer));
  const ofAcme = plain.filter(({ name }) => name === "acme" || name.startsWith("acme/"));
  expect(ofAcme).toHaveLength(Number(customer) + Number(client));
  const withPlans = await declaredBy("a REST API with everything");
  const keysOfAcme = withPlans.filter(({ type, name }) => name === "acme" && type.startsWith("aws:"));
  expect(keysOfAcme).toHaveLength(Number(plans));
  const [, all] = /all of the (\d+) resources/.exec(page) ?? [];
  expect(Number(all)).toBe(Number(stack) + 100 * (Number(customer) + Number(client)));
}, 120_000);

test("the numbers of alarms are those that the program declares", async () => {
  const [, rest, http] = /(\d+) alarms with a REST API and Moesif, (\d+) with an HTTP API/.exec(page) ?? [];
  expect((await declaredBy("a REST API with everything")).filter(isAlarm)).toHaveLength(Number(rest));
  expect((await declaredBy("an HTTP API with everything")).filter(isAlarm)).toHaveLength(Number(http));
}, 120_000);

test("the function has the memory that the page counts with, and an architecture at that price", async () => {
  const [lambda] = (await declaredBy("as few settings as can be")).filter(
    ({ type }) => type === "aws:lambda/function:Function",
  );
  const [, memory] = /the function has (\d+) MB/.exec(page) ?? [];
  expect(lambda?.inputs).toMatchObject({ memorySize: Number(memory), architectures: ["arm64"] });
}, 120_000);

test("every setting that it names exists", () => {
  const settings = new Set(describeSettings().map(({ name }) => name));
  const named = rows.flatMap(([, when = ""]) =>
    [...when.matchAll(/`(\w+)(?:: \w+)?`/g)].map(([, name = ""]) => name),
  );
  const kinds = ["vpcLink"];
  expect(named.filter((name) => !settings.has(name) && !kinds.includes(name))).toEqual([]);
  // Everything that is switched on, and makes AWS or somebody else charge something.
  const optional = [
    "moesifIngestUrl",
    "webAclArn",
    "tracing",
    "plans",
    "alarms",
    "dashboard",
    "liveSuspensions",
  ];
  optional.push("customDomain", "kmsKeyArn", "deliveryKmsKeyArn", "portal");
  expect(named).toEqual(expect.arrayContaining(optional));
});

test("every price has a source", () => {
  const priced = rows.filter((row) => row.length === 4 && row[2] !== "none at these vendors");
  expect(priced.length).toBeGreaterThan(20);
  expect(priced.filter((row) => !/\]\(|the same/.test(row[3] ?? ""))).toEqual([]);
});

test("the example is the sum of the prices", () => {
  const calls = 10;
  const functions = calls * 0.2 + calls * 1e6 * 0.25 * 0.002 * 0.000_013_333_4;
  expect(rowOf("the authorizer's function")[2]).toContain("0.20 for a million invocations, and 0.0000133334");
  const log = calls * 0.6 * price("access log in CloudWatch");
  const rest = calls * price("REST API");
  const http = calls * price("HTTP API");
  const money = (amount: number) => amount.toFixed(2);
  expect(rowOf("API Gateway").slice(1)).toEqual([money(rest), money(http)]);
  expect(rowOf("function, if").slice(1)).toEqual([money(functions), money(functions)]);
  expect(rowOf("access log in CloudWatch").length).toBe(4);
  expect(rowOf("**AWS").slice(1)).toEqual(
    [rest + functions + log, http + functions + log].map((sum) => `**${money(sum)}**`),
  );
  const [, resources] = /all of the (\d+) resources/.exec(page) ?? [];
  const cloud = money(Number(resources) * price("resources in Pulumi Cloud"));
  expect(rowOf("Pulumi Cloud, if").slice(1)).toEqual([cloud, cloud]);
});
