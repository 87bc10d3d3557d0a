// What a company's program imports: every export has a doc comment, and whatever can be called or made an example.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  createSourceFile,
  getJSDocCommentsAndTags,
  isClassDeclaration,
  isExportDeclaration,
  isFunctionDeclaration,
  isInterfaceDeclaration,
  isNamedExports,
  isPropertyDeclaration,
  isPropertySignature,
  isStringLiteral,
  type Node,
  ScriptTarget,
  SyntaxKind,
} from "typescript";

const index = "packages/customers-as-code/src/index.ts";

const parse = (file: string) => createSourceFile(file, readFileSync(file, "utf8"), ScriptTarget.Latest, true);

/** By name, the declaration that index.ts hands on. */
const declarations = new Map(
  parse(index).statements.flatMap((statement) => {
    if (!isExportDeclaration(statement) || !statement.exportClause || !isNamedExports(statement.exportClause))
      return [];
    const { moduleSpecifier, exportClause } = statement;
    if (!moduleSpecifier || !isStringLiteral(moduleSpecifier)) return [];
    const file = `${join(dirname(index), moduleSpecifier.text)}.ts`;
    const { statements } = parse(file);
    return exportClause.elements.map(({ name }): [string, Node | undefined] => [
      name.text,
      statements.find(
        (one) =>
          (isClassDeclaration(one) || isFunctionDeclaration(one) || isInterfaceDeclaration(one)) &&
          one.name?.text === name.text,
      ),
    ]);
  }),
);

function commentOf(node: Node | undefined): string {
  return node
    ? getJSDocCommentsAndTags(node)
        .map((part) => part.getText())
        .join("\n")
    : "";
}

test("index.ts has the parts of a company, and their arguments", () => {
  expect([...declarations.keys()]).toEqual(
    expect.arrayContaining(["declareCompany", "declareProgram", "Gateway", "GatewayArgs", "StackOutputs"]),
  );
});

test.each([...declarations])(
  "%s has a doc comment, with an example if it can be called or made",
  (_, node) => {
    expect(commentOf(node)).toMatch(/^\/\*\*[\s\S]*[A-Z][\s\S]*\*\//);
    if (node && (isFunctionDeclaration(node) || isClassDeclaration(node)) && !isMadeByThePackage(node))
      expect(commentOf(node)).toContain("@example");
  },
);

/** The class `Customer` is exported as a type only. */
function isMadeByThePackage(node: Node): boolean {
  return isClassDeclaration(node) && node.name?.text === "Customer";
}

test.each([...declarations])("every member of %s that a company can use has a doc comment", (_, node) => {
  if (!node || !(isClassDeclaration(node) || isInterfaceDeclaration(node))) return;
  const members = node.members.filter(
    (member) =>
      (isPropertySignature(member) || isPropertyDeclaration(member)) &&
      !(
        isPropertyDeclaration(member) &&
        member.modifiers?.some(({ kind }) => kind === SyntaxKind.PrivateKeyword)
      ),
  );
  expect(
    members.filter((member) => commentOf(member) === "").map((member) => member.name?.getText()),
  ).toEqual([]);
});
