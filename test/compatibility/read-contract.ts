// Reads from the sources and the compiled programs what companies depend on, apart from resources and outputs, which contract.test.ts runs.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  canHaveModifiers,
  createSourceFile,
  getModifiers,
  isClassDeclaration,
  isEnumDeclaration,
  isExportDeclaration,
  isFunctionDeclaration,
  isIdentifier,
  isInterfaceDeclaration,
  isNamedExports,
  isTypeAliasDeclaration,
  isVariableStatement,
  type NamedDeclaration,
  ScriptTarget,
  type Statement,
  SyntaxKind,
} from "typescript";
import { parse } from "yaml";
import { type DecisionFacts, decisionLine, failureLine } from "../../authorizer/src/log";
import { denyReasons, faultReasons, refusalReasons } from "../../authorizer/src/reason";
import { renderSeedSchema } from "../../packages/auth0-tenant/src/seed/seed-schema";
import { commands } from "../../packages/customers-as-code/src/cli/main";
import { customerFile } from "../../packages/customers-as-code/src/customers/customer-schema";
import { allImports } from "../../packages/customers-as-code/src/customers/import-data";
import { plansSchema } from "../../packages/customers-as-code/src/customers/plans";
import { backendShapes } from "../../packages/customers-as-code/src/gateway/backends/backend";
import { identityHeaders } from "../../packages/customers-as-code/src/gateway/backends/identity-headers";
import { customDomainSchema } from "../../packages/customers-as-code/src/gateway/domain/custom-domain";
import { alarmsSchema } from "../../packages/customers-as-code/src/gateway/observability/alarms";
import {
  accessLogFormat,
  httpAccessLogFormat,
} from "../../packages/customers-as-code/src/gateway/observability/log-format";
import {
  grantedScopes,
  protectedCustomers,
} from "../../packages/customers-as-code/src/policy/protected-customers";
import { publicRoutes } from "../../packages/customers-as-code/src/policy/public-routes";
import { portalSchema } from "../../packages/customers-as-code/src/portal/portal-settings";
import { problemCodes } from "../../packages/customers-as-code/src/problems/codes";
import { secretSettings, settingsSchema } from "../../packages/customers-as-code/src/settings/settings";
import type { Contract } from "./contract";

export function readContract(): Contract {
  return {
    configKeys: readSettings(),
    configDefaults: readDefaults(),
    customerFileKeys: keysOf(customerFile.toJSONSchema(input)),
    importDataKeys: keysOf(allImports.toJSONSchema(input)),
    policySettings: [protectedCustomers, grantedScopes, publicRoutes].flatMap(({ name, configSchema }) => [
      name,
      ...Object.keys(configSchema?.properties ?? {}).map((key) => `${name}.${key}`),
    ]),
    commands: readCommands(),
    commandJson: readJsonDocuments(),
    questions: commands.filter(({ isQuestion }) => isQuestion).map(({ name }) => name),
    programs: readPrograms(),
    seedFileKeys: keysOf(JSON.parse(renderSeedSchema())),
    problemCodes: Object.values(problemCodes).flatMap((area) => Object.keys(area)),
    decisionReasons: ["allowed", "insufficient_scope", ...denyReasons, ...refusalReasons, ...faultReasons],
    authorizerLogFields: readAuthorizerLog(),
    metrics: readMetrics(),
    accessLogFields: {
      rest: Object.keys(JSON.parse(accessLogFormat)),
      http: Object.keys(JSON.parse(httpAccessLogFormat("lambda"))),
      "http with jwt": Object.keys(JSON.parse(httpAccessLogFormat("jwt"))),
    },
    identityHeaders: Object.keys(identityHeaders),
    exportPaths: readPackages().flatMap(({ name, exports = {} }) =>
      Object.keys(exports).map((path) => (path === "." ? name : `${name}/${path.slice(2)}`)),
    ),
    exports: readExports(),
    workflows: readWorkflows(),
  };
}

const input = { io: "input", unrepresentable: "any" } as const;

function readSettings(): string[] {
  const within = Object.entries({
    ...settingsSchema.shape,
    ...{ alarms: alarmsSchema, customDomain: customDomainSchema, plans: plansSchema, portal: portalSchema },
    ...Object.fromEntries(
      Object.entries(backendShapes).map(([kind, shape]) => [`backends.* of ${kind}`, shape]),
    ),
  });
  const nested = within.flatMap(([key, schema]) => below(key, schema.toJSONSchema(input)));
  return [...nested, ...secretSettings].sort();
}

/** Of the settings that a stack can do without: another default is another deployment. */
function readDefaults(): string[] {
  return Object.entries(settingsSchema.shape).flatMap(([key, schema]) => {
    const { success, data } = schema.safeParse(undefined);
    return success ? [`${key} = ${JSON.stringify(data) ?? "none"}`] : [];
  });
}

interface JsonSchema {
  enum?: unknown[];
  properties?: Record<string, JsonSchema | boolean>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema | boolean | (JsonSchema | boolean)[];
  anyOf?: (JsonSchema | boolean)[];
  allOf?: (JsonSchema | boolean)[];
}

/** A key and all below it, with the values that it may have if there are few. */
function below(name: string, schema: unknown): string[] {
  const values = isSchema(schema) ? (schema.enum ?? []) : [];
  return [
    name,
    ...values.map((value) => `${name} = ${value}`),
    ...keysOf(schema).map((key) => `${name}.${key}`),
  ];
}

/** Paths of every key; `*` stands for a name that the company chooses, `[]` for an element of a list. */
function keysOf(schema: unknown): string[] {
  if (!isSchema(schema)) return [];
  const { properties = {}, additionalProperties, items, anyOf = [], allOf = [] } = schema;
  const found = [
    ...Object.entries(properties).flatMap(([key, inner]) => below(key, inner)),
    ...(isSchema(additionalProperties) ? below("*", additionalProperties) : []),
    ...keysOf(items).map((key) => `[].${key}`),
    ...[...anyOf, ...allOf].flatMap(keysOf),
  ];
  return [...new Set(found)].sort();
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Options and arguments, each with the values that it may have. */
function readCommands(): Record<string, string[]> {
  const own = commands
    .filter(({ name }) => name !== "local")
    .map(({ name, load }): [string, string[]] => {
      const { options, registeredArguments } = load();
      const withChoices = (word: string, choices: readonly string[] = []) => [
        word,
        ...choices.map((choice) => `${word} ${choice}`),
      ];
      const written = registeredArguments.flatMap((one) =>
        withChoices(one.required ? `<${one.name()}>` : `[${one.name()}]`, one.argChoices),
      );
      const named = options.flatMap(({ flags, argChoices }) => withChoices(optionIn(flags), argChoices));
      return [`customers ${name}`, [...written, ...named.sort()]];
    });
  const local = optionsInHelp(["customers", "local"]);
  const [, ofCommands = ""] = /\nCommands:\n([\s\S]*?)\n\n/.exec(readHelp(["customers", "local"])) ?? [];
  const names = [...ofCommands.matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name = ""]) => name);
  const ofLocal = names.map((name): [string, string[]] => [
    `customers local ${name}`,
    optionsInHelp(["customers", "local", name]),
  ]);
  return Object.fromEntries([...own, ["customers local", [...names, ...local]], ...ofLocal]);
}

/** `--stack` of `-s, --stack <name>`. */
function optionIn(flags: string): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? flags;
}

/** Of all packages, with their options; those of `customers` are its commands'. */
function readPrograms(): Record<string, string[]> {
  const names = readPackages().flatMap(({ name, bin = {} }) =>
    typeof bin === "string" ? [name] : Object.keys(bin),
  );
  return Object.fromEntries(
    names.map((name) => [name, [`npx ${name}`, ...(name === "customers" ? [] : optionsInHelp([name]))]]),
  );
}

function optionsInHelp(words: readonly string[]): string[] {
  const options = [...readHelp(words).matchAll(/^ {2,}(?:-\w, )?(--[a-z][\w-]*)/gm)].map(
    ([, name = ""]) => name,
  );
  return [...new Set(options)].filter((name) => name !== "--help").sort();
}

function readHelp([program = "", ...args]: readonly string[]): string {
  const found = readPackages().find(({ name, bin }) =>
    typeof bin === "string" ? name === program : bin?.[program],
  );
  const file = typeof found?.bin === "string" ? found.bin : found?.bin?.[program];
  const path = join(found?.folder ?? "", file ?? "");
  return execFileSync(process.execPath, [path, ...args, "--help"], { encoding: "utf8" });
}

/** The words of the page that describes the documents: names of keys, and of values that are names. */
function readJsonDocuments(): Record<string, string[]> {
  const [, section = ""] = readFileSync("docs/reference/commands.md", "utf8").split("\n## JSON\n");
  const [table = ""] = section.split("\n## ");
  const rows = [...table.matchAll(/^\| `([\w-]+)` \| (.*) \|$/gm)];
  return Object.fromEntries(
    rows.map(([, command = "", text = ""]) => {
      const words = [...text.matchAll(/`([A-Za-z][\w ]*)`/g)].map(([, word = ""]) => word);
      return [command, [...new Set(words)].sort()];
    }),
  );
}

/** With everything that a decision can have. */
const decision: DecisionFacts = {
  reason: "allowed",
  message: "",
  caller: {
    ...{ clientId: "", organizationId: "", tokenId: "", jti: "", scope: "" },
    scopes: new Set<string>(),
    expires: 0,
  },
  request: { api: "rest", stageArn: "", method: "GET", path: "/", authorization: [] },
  microseconds: 1,
  keysAgeSeconds: 1,
  isColdStart: true,
};

interface DecisionLine {
  _aws: {
    CloudWatchMetrics: {
      Namespace: string;
      Dimensions: string[][];
      Metrics: { Name: string; Unit: string }[];
    }[];
  };
}

function readDecisionLine(): DecisionLine {
  return JSON.parse(decisionLine(decision, { Api: "a" }, 0));
}

function readAuthorizerLog(): Record<string, string[]> {
  return {
    decision: Object.keys(readDecisionLine()),
    fetch_failed: Object.keys(JSON.parse(failureLine("x", 0))),
  };
}

/** By namespace and dimensions: name and unit. */
function readMetrics(): Record<string, string[]> {
  const { CloudWatchMetrics } = readDecisionLine()._aws;
  return Object.fromEntries(
    CloudWatchMetrics.map(({ Namespace, Dimensions, Metrics }) => [
      `${Namespace} by ${Dimensions.map((names) => names.join(" and ")).join(", ")}`,
      Metrics.map(({ Name, Unit }) => `${Name} in ${Unit}`),
    ]),
  );
}

interface Package {
  folder: string;
  name: string;
  private?: boolean;
  bin?: string | Record<string, string>;
  exports?: Record<string, unknown>;
}

/** Those that npm has. */
function readPackages(): Package[] {
  return readdirSync("packages")
    .map((name): Package => {
      const folder = join("packages", name);
      return { ...JSON.parse(readFileSync(join(folder, "package.json"), "utf8")), folder };
    })
    .filter(({ private: isPrivate }) => isPrivate !== true);
}

/** Names that a program can import, by the path that it imports them from. */
function readExports(): Record<string, string[]> {
  const entries = readPackages().flatMap(({ folder, name, exports = {} }) =>
    Object.entries(exports).flatMap(([path, target]): [string, string[]][] => {
      const source = sourceOf(target);
      if (source === undefined) return [];
      return [[path === "." ? name : `${name}/${path.slice(2)}`, exportedNames(join(folder, source))]];
    }),
  );
  return Object.fromEntries(entries);
}

function sourceOf(target: unknown): string | undefined {
  if (typeof target !== "object" || target === null) return undefined;
  const [source] = Object.entries(target).flatMap(([condition, file]) =>
    condition.endsWith("/source") ? [String(file)] : [],
  );
  return source;
}

function exportedNames(file: string): string[] {
  const { statements } = createSourceFile(file, readFileSync(file, "utf8"), ScriptTarget.Latest);
  return statements.flatMap((statement) => namesExportedBy(statement, file)).sort();
}

function namesExportedBy(statement: Statement, file: string): string[] {
  if (isExportDeclaration(statement)) {
    const { exportClause } = statement;
    if (exportClause === undefined || !isNamedExports(exportClause)) throw new Error(`${file} exports by *`);
    return exportClause.elements.map(({ name }) => name.text);
  }
  const isExported =
    canHaveModifiers(statement) &&
    getModifiers(statement)?.some(({ kind }) => kind === SyntaxKind.ExportKeyword) === true;
  if (!isExported) return [];
  const named: readonly NamedDeclaration[] = isVariableStatement(statement)
    ? statement.declarationList.declarations
    : isNamedStatement(statement)
      ? [statement]
      : [];
  return named.flatMap(({ name }) => (name !== undefined && isIdentifier(name) ? [name.text] : []));
}

function isNamedStatement(statement: Statement): statement is Statement & NamedDeclaration {
  return [
    ...[isClassDeclaration, isEnumDeclaration, isFunctionDeclaration],
    ...[isInterfaceDeclaration, isTypeAliasDeclaration],
  ].some((isOne) => isOne(statement));
}

interface CalledWorkflow {
  on?: {
    workflow_call?: Record<"inputs" | "secrets" | "outputs", Record<string, unknown> | undefined> | null;
  };
}

/** Workflows that companies call; a required input or secret is another promise than an optional one. */
function readWorkflows(): Record<string, string[]> {
  const folder = join(".github", "workflows");
  const files = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  const called = files.flatMap((name): [string, string[]][] => {
    const { on }: CalledWorkflow = parse(readFileSync(join(folder, name), "utf8"), { merge: true });
    if (typeof on !== "object" || !("workflow_call" in on)) return [];
    const { inputs = {}, secrets = {}, outputs = {} } = on.workflow_call ?? {};
    const named = Object.entries({ input: inputs, secret: secrets, output: outputs }).flatMap(([kind, all]) =>
      Object.entries(all).map(
        ([one, description]) => `${kind}-${one}${isRequired(description) ? " required" : ""}`,
      ),
    );
    return [[name, named.sort()]];
  });
  return Object.fromEntries(called);
}

function isRequired(description: unknown): boolean {
  return (
    typeof description === "object" &&
    description !== null &&
    "required" in description &&
    description.required === true
  );
}
