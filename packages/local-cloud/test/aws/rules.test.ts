// No rule without a test, and no test without the page that it comes from.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { readHttpApiBody } from "../../src/aws/gateway/http/http-api-body";
import { readRestApiBody } from "../../src/aws/gateway/rest-api-body";
import type { PropertyRule } from "../../src/aws/property";
import { resourceTypes } from "../../src/aws/services/resource-types";
import { Fixture } from "../../testing/fixture";
import { httpDocuments } from "./rows/http-documents";
import { type Refused, refuse } from "./rows/refuse";
import { rows } from "./rows/resource-rows";
import { restDocuments } from "./rows/rest-documents";
import { refusedOf } from "./rows/row";
import { createWorld } from "./rows/world";

const root = join(__dirname, "../../../..");

let fixture: Fixture;
let refused: Refused[];

beforeAll(async () => {
  fixture = await Fixture.start();
  const world = await createWorld(fixture);
  refused = [];
  for (const row of rows) {
    for (const refusal of Object.values(row.refused).flat()) refused.push(await refuse(row, refusal, world));
  }
});

afterAll(() => fixture.close());

// Local: of the tests themselves.
it("a row refuses something for every demand that the table makes of a property", () => {
  const shown = refused.flatMap(({ type, failures }) =>
    failures.map(
      ({ property, reason }) => `${type} ${property.replace(/\[\d+\]/g, "[0]")} ${demandOf(reason)}`,
    ),
  );
  const demands = Object.entries(resourceTypes).flatMap(([type, { properties }]) =>
    Object.entries(properties).flatMap(([name, rule]) =>
      demandsOf(rule, name).map((one) => `${type} ${one}`),
    ),
  );
  // A map's keys may be any.
  const isShown = (demand: string) => {
    const pattern = new RegExp(`^${demand.split(".*").map(escaped).join("\\.[^.]+")}$`);
    return shown.some((one) => pattern.test(one));
  };
  expect(demands.filter((one) => !isShown(one))).toEqual([]);
});

// Local: of the tests themselves.
it("every sentence with which the provider refuses is said to a row, or expected word for word by a test", () => {
  const said = [
    ...refused.flatMap(({ failures, error }) => [...failures.map(({ reason }) => reason), error ?? ""]),
    ...refusedOf(restDocuments).flatMap(([, , given]) => readRestApiBody(JSON.stringify(given)).problems),
    ...refusedOf(httpDocuments).flatMap(([, , given]) => readHttpApiBody(JSON.stringify(given)).problems),
    ...filesIn("packages/local-cloud/test/aws").flatMap(textsOf),
  ];
  const sentences = [...filesIn("packages/local-cloud/src/aws/services"), ...readers].flatMap(sentencesOf);
  expect(sentences.length).toBeGreaterThan(200);
  const unsaid = sentences.filter(({ parts }) => {
    const pattern = new RegExp(parts.map(escaped).join("[^]*"));
    return !said.some((text) => pattern.test(text));
  });
  expect(unsaid.map(({ parts, place }) => `${place}: ${parts.join("…")}`)).toEqual([]);
});

// Local: of the tests themselves.
it("every test of the local AWS names AWS's page for what it shows, or says that it is no rule of AWS's", () => {
  const unnamed = filesIn("packages/local-cloud/test/aws").flatMap((file) =>
    testsWithoutSource(parse(file), false),
  );
  expect(unnamed).toEqual([]);
});

/** What reads the provider's inputs, beside the services. */
const readers = [
  ...["code-archive", "policy-document", "property", "gateway/access-log", "gateway/gateway-responses"],
  ...["gateway/rest-api-body", "gateway/http/http-api-body", "gateway/http/http-authorizers"],
  ...["gateway/http/http-integration", "gateway/http/parameter-mapping"],
].map((name) => `packages/local-cloud/src/aws/${name}.ts`);

/** `PATH DEMAND` of the property and of all that is in it. */
function demandsOf(rule: PropertyRule, path: string): string[] {
  // The same for every resource that has them; the rows of one are enough.
  if (path === "region" || path === "tags") return [];
  return [
    ...rule.demands.map((demand) => `${path} ${demand}`),
    ...Object.entries(rule.parts).flatMap(([name, part]) => demandsOf(part, `${path}${name}`)),
  ];
}

function demandOf(reason: string): string | undefined {
  const range = /^must be from (\S+) to (\S+), not (\S+)$/.exec(reason);
  if (range) return Number(range[3]) < Number(range[1]) ? "min" : "max";
  return demandWords.find(([, words]) => words.test(reason))?.[0];
}

const demandWords: [demand: string, words: RegExp][] = [
  ["required", /^is required$/],
  ["values", /^must be one of /],
  ["maxLength", /^must have at most \d+ characters/],
  ["pattern", /is not valid: /],
  ["arn", /^must be the ARN of /],
  ["policy", /^MalformedPolicyDocument: /],
];

function filesIn(directory: string): string[] {
  return [...readdirSync(join(root, directory), { recursive: true, encoding: "utf8" })]
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(directory, name));
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest, true);
}

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

const sources = /https:\/\/docs\.aws\.amazon\.com\/|\b(Local|Guess|Recorded): /;

/** A test names its page in its own text, in the comment on it, or in that on what describes it. */
function testsWithoutSource(node: ts.Node, isNamed: boolean): string[] {
  let isNamedHere = isNamed;
  const name = ts.isExpressionStatement(node) ? /^(describe|it|test)\b/.exec(node.getText())?.[1] : undefined;
  if (name !== undefined) {
    const file = node.getSourceFile();
    const text = file.text.slice(node.getFullStart(), name === "describe" ? node.getStart() : node.getEnd());
    isNamedHere ||= sources.test(text);
    if (name !== "describe") {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      return isNamedHere ? [] : [`${file.fileName}:${line + 1}`];
    }
  }
  const found: string[] = [];
  ts.forEachChild(node, (child) => {
    found.push(...testsWithoutSource(child, isNamedHere));
  });
  return found;
}

/** Texts of three words and more, as the pieces between their values. */
function sentencesOf(file: string): { parts: string[]; place: string }[] {
  const source = parse(file);
  const found: { parts: string[]; place: string }[] = [];
  walk(source, (node) => {
    const parts = partsOf(node);
    const words = parts?.join("…").match(/(?<![^\s"'(])[A-Za-z][\w'-]*(?=[\s.,:;"')]|$)/g) ?? [];
    if (!parts || words.length < 3 || isNoRefusal(node)) return;
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    found.push({ parts, place: `${file}:${line + 1}` });
  });
  return found;
}

/** What tests have in their own texts and expressions. */
function textsOf(file: string): string[] {
  const found: string[] = [];
  walk(parse(file), (node) => {
    if (ts.isRegularExpressionLiteral(node)) found.push(node.text.replace(/\\(.)/g, "$1"));
    else found.push(partsOf(node)?.join("…") ?? "");
  });
  return found;
}

function partsOf(node: ts.Node): string[] | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text];
  if (!ts.isTemplateExpression(node)) return undefined;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
}

/** Whether the text is a resource's title, a default, a list of names, or for what no input can lead to. */
function isNoRefusal({ parent }: ts.Node): boolean {
  if (ts.isPropertyAssignment(parent)) return ["title", "default"].includes(parent.name.getText());
  if (ts.isNewExpression(parent)) return parent.expression.getText() === "TypeError";
  return ts.isCallExpression(parent) && ["setting", "names"].includes(parent.expression.getText());
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
