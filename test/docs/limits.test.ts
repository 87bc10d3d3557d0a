// docs/reference/limits.md: its numbers are those that the program, the tenant and the authorizer go by, and its codes exist.
import { readFileSync } from "node:fs";
import { maxTokenLength } from "../../authorizer/src/token";
import { entityLimits } from "../../packages/auth0-tenant/src/plans";
import { usagePlanLimits } from "../../packages/customers-as-code/src/customers/plans";
import { maxTimeoutMs } from "../../packages/customers-as-code/src/gateway/backends/backend";
import { problemCodes } from "../../packages/customers-as-code/src/problems/codes";
import { mostCharacters } from "../../packages/customers-as-code/src/review/github/fitting";
import { describeSettings } from "../../packages/customers-as-code/src/settings/effective-settings";

const page = readFileSync("docs/reference/limits.md", "utf8");
const rows = [...page.matchAll(/^\| (?!---|limit \|)(.+) \|$/gm)].map(([, row = ""]) =>
  row.split("|").map((cell) => cell.trim()),
);
const cells = (title: string): string[] => {
  const found = rows.filter(([first]) => first?.startsWith(title));
  if (found.length !== 1 || !found[0]) throw new Error(`there are ${found.length} rows ${title}`);
  return found[0];
};
const numbers = (title: string) =>
  cells(title)
    .slice(1)
    .flatMap((cell) => cell.match(/^[\d,]+/)?.[0].replaceAll(",", "") ?? [])
    .map(Number);

const product = "packages/customers-as-code/src";
/** A constant that a file keeps to itself. */
function constant(file: string, pattern: RegExp): number {
  const [, value = ""] = pattern.exec(readFileSync(file, "utf8")) ?? [];
  if (value === "") throw new Error(`${file} has no ${pattern}`);
  return value
    .split("*")
    .map((factor) => Number(factor.replaceAll("_", "")))
    .reduce((product, factor) => product * factor, 1);
}

const { free, "self-service": selfService, enterprise } = entityLimits;
const plans = [free, selfService, enterprise];

test.each([
  ["applications", "clients"],
  ["client grants |", "clientGrants"],
  ["APIs |", "resourceServers"],
  ["organizations |", "organizations"],
  ["members of an organization", "membersPerOrganization"],
  ["client grants of an organization", "clientGrantsPerOrganization"],
] as const)("%s: as many as the tenant of each plan allows", (title, key) => {
  const row = rows.find((one) => `${one[0]} |`.startsWith(title) && one.length === 5);
  expect(row?.slice(1, 4).map((cell) => Number(cell.replaceAll(",", "")))).toEqual(
    plans.map((limits) => limits[key]),
  );
});

test("keys and scopes: as many as Auth0 allows", () => {
  expect(numbers("keys of all clients")).toEqual([enterprise.credentials]);
  expect(numbers("keys of one client")).toEqual([enterprise.credentialsPerClient]);
  expect(numbers("scopes of an API")).toEqual([enterprise.scopesPerResourceServer]);
});

test.each([
  ["tokens a second", "token", 60],
  ["requests of the Management API a minute", "global", 1],
] as const)("%s: the tenant's rates", (title, name, perSecond) => {
  const source = readFileSync("packages/auth0-tenant/src/rate-limits.ts", "utf8");
  const rates = [...source.matchAll(new RegExp(`limit\\("${name}", (\\d+), (\\d+)\\)`, "g"))].map(
    ([, , perMinute]) => Number(perMinute) / perSecond,
  );
  expect(rates.length).toBeGreaterThan(1);
  expect(numbers(title)).toEqual(expect.arrayContaining(rates));
});

test.each([
  ["clients of a customer", `${product}/tenant/unmappable.ts`, /const mostGrants = ([\d_]+)/],
  ["scopes of an API", `${product}/openapi/check-api.ts`, /scopes: (\d+)/],
  ["characters of a scope |", `${product}/openapi/check-api.ts`, /scope: (\d+)/],
  ["characters of a scope's description", `${product}/openapi/check-api.ts`, /description: (\d+)/],
  ["characters of the API's name", `${product}/openapi/check-api.ts`, /name: (\d+)/],
  ["entries of an organization's", `${product}/customers/customer-schema.ts`, /const mostMetadata = (\d+)/],
  ["operations", `${product}/gateway/api-type.ts`, /const defaultMaxResources = (\d+)/],
  ["operations", `${product}/gateway/api-type.ts`, /const maxIntegrations = (\d+)/],
  ["scopes of an operation", `${product}/gateway/api-type.ts`, /const maxRouteScopes = (\d+)/],
  ["tags of a resource", `${product}/pulumi/tags.ts`, /entries\.length > (\d+)/],
  [
    "seconds that a decision may take",
    `${product}/gateway/authorizer/authorizer-function.ts`,
    /timeout: (\d+)/,
  ],
  ["seconds that Firehose tries", `${product}/gateway/observability/access-logs.ts`, /retryDuration: (\d+)/],
  ["stacks (`shards`)", `${product}/settings/settings-schema.ts`, /shards: wholeNumber\(1, (\d+)\)/],
] as const)("%s: the number that the program uses", (title, file, pattern) => {
  const [first] = title.split(" |");
  const row = rows.find((one) => (title.endsWith(" |") ? one[0] === first : one[0]?.startsWith(title)));
  const found = (row ?? []).slice(1).flatMap((cell) => cell.match(/^[\d,]+/)?.[0].replaceAll(",", "") ?? []);
  expect(found.map(Number)).toContain(constant(file, pattern));
});

test("limits that the program exports", () => {
  expect(numbers("timeout of a backend")).toEqual([maxTimeoutMs.rest, maxTimeoutMs.http]);
  expect(numbers("usage plans of a region")).toEqual([usagePlanLimits.plans]);
  expect(numbers("API keys of a region")).toEqual([usagePlanLimits.keys]);
  expect(numbers("characters of the token")).toEqual([maxTokenLength, maxTokenLength]);
  expect(numbers("characters of a pull request's comment")).toEqual([mostCharacters]);
});

test("sizes of files", () => {
  const megabytes = (title: string) => (numbers(title)[0] ?? 0) * 2 ** 20;
  const document = constant(`${product}/openapi/load-document.ts`, /const mostBytes = ([\d_* ]+);/);
  const other = constant(`${product}/problems/text-file.ts`, /const mostBytes = ([\d_* ]+);/);
  expect(megabytes("size of the OpenAPI document")).toBe(document);
  expect(megabytes("size of every other file")).toBe(other);
});

test("the default of removalLimit", () => {
  const setting = describeSettings().find(({ name }) => name === "removalLimit");
  expect(cells("customers that a deployment cuts off")[1]).toContain(
    String(setting?.default).replace("%", " %"),
  );
});

test("every code that it names is one of the program's", () => {
  const named = rows.flatMap((row) => [
    ...(row
      .join("|")
      .matchAll(
        /`((?:setting|customer|openapi|backend|api|plans|organization|file|removal)(?:-[a-z]+)+)`/g,
      ) ?? []),
  ]);
  expect(named.length).toBeGreaterThan(15);
  const codes = new Set(Object.values(problemCodes).flatMap((area) => Object.keys(area)));
  expect(named.map(([, code = ""]) => code).filter((code) => !codes.has(code))).toEqual([]);
});
