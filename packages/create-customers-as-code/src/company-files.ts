// The company's repository, file by file.
import { stringify } from "yaml";
import type { Answers, CiSystem, Language } from "./answers";
import type { CompanyDocument } from "./document";
import { renderPipeline } from "./gitlab-pipeline";
import { docsUrl, readPackageFile, readVersion } from "./package-folder";
import { renderReadme } from "./readme";

/** What `npm create` leaves in the company's folder, by path. */
export type CompanyFiles = ReadonlyMap<string, string | Buffer>;

export function renderCompany(answers: Answers, document: CompanyDocument): CompanyFiles {
  const { name, stacks, ci } = answers;
  return new Map<string, string | Buffer>([
    ["package.json", renderPackageJson(name)],
    ["Pulumi.yaml", renderProject(name, `${document.title}: customers as code`, answers.language)],
    ...stacks.map((stack): [string, string] => [
      `Pulumi.${stack}.yaml`,
      renderStackFile(answers, document, stack),
    ]),
    ...renderProgram(answers.language),
    ...document.files,
    ["customers/acme.yaml", renderCustomer(document.scopesToRead)],
    ...stacks.map((stack): [string, string] => [`policy/${stack}.json`, renderPolicy(document.publicRoutes)]),
    ...renderCi(ci, answers.owner, stacks),
    ["README.md", renderReadme(answers, document)],
    [".gitignore", gitignore],
  ]);
}

/** @param dependencies more than the product, with exact versions */
export function renderPackageJson(name: string, dependencies: Readonly<Record<string, string>> = {}): string {
  const version = readVersion();
  const manifest = {
    name,
    private: true,
    type: "module",
    scripts: { start: "customers local start", test: "customers validate" },
    dependencies: { ...dependencies, "customers-as-code": version },
    devDependencies: { "customers-as-code-local": version },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

export function renderProject(name: string, description: string, language: Language): string {
  return `name: ${name}
description: ${stringify(description, { lineWidth: 0 }).trimEnd()}
main: ${programFile(language)}
runtime:
  name: nodejs
  options:
    # Node.js runs the program itself, without Pulumi's compiler.
    typescript: false
    nodeargs: --import customers-as-code/start-up
`;
}

function programFile(language: Language): string {
  return language === "typescript" ? "index.ts" : "index.js";
}

export function renderProgram(language: Language): [string, string][] {
  const program = readPackageFile("template/index.ts");
  return [[programFile(language), language === "typescript" ? program : withoutTypes(program)]];
}

/** Types are imported by themselves, and used for what the program returns. */
function withoutTypes(program: string): string {
  return program.replace(/^import type .*\n/m, "").replace(/: Promise<\w+> =>/, " =>");
}

function renderStackFile(answers: Answers, { file, publicRoutes }: CompanyDocument, stack: string): string {
  const { name, stacks, domain, region, audience, backendUrl } = answers;
  const [first = ""] = stacks;
  const settings = {
    "auth0:domain": domain,
    "aws:region": region,
    [`${name}:audience`]: audience,
    [`${name}:backendUrl`]: backendUrl,
    ...(file !== "openapi.yaml" && { [`${name}:openapi`]: file }),
  };
  const warning =
    stack === first
      ? ""
      : `# Change the domain or the audience: a tenant has one API with this audience, which is that of ${first}.\n`;
  return `# Settings of the stack ${stack}. All that there are: ${docsUrl("reference/settings.md")}
${warning}${stringify({ config: settings }, { lineWidth: 0 })}${renderFixedSettings(publicRoutes, `${name}:`)}`;
}

/** What no question asks for. @param namespace of the settings; without one, it is the project's */
export function renderFixedSettings(publicRoutes: readonly string[], namespace: string): string {
  const routes = stringify({ [`${namespace}publicRoutes`]: publicRoutes }, { lineWidth: 0 }).replaceAll(
    /^(?=.)/gm,
    "  ",
  );
  return `${publicRoutes.length === 0 ? "" : routes}  # The region's role for API Gateway's logs. Remove this line if another program manages it. The role stays when you destroy the stack.
  ${namespace}manageCloudWatchRole: true
`;
}

/** To begin with, a client that may read. */
function renderCustomer(scopes: readonly string[]): string {
  const list = stringify(scopes, {
    lineWidth: 0,
    collectionStyle: "flow",
    flowCollectionPadding: false,
  }).trimEnd();
  return `# yaml-language-server: $schema=../node_modules/customers-as-code/schema.json
displayName: Acme Corporation
clients:
  default:
    scopes: ${list}
`;
}

/** Settings of the policy pack. Anyone may call a public route, so it is named here, too. */
function renderPolicy(publicRoutes: readonly string[]): string {
  return `{
  "public-routes": { "allowed": [${publicRoutes.map((route) => JSON.stringify(route)).join(", ")}] }
}
`;
}

/** What the chosen system runs, who approves changes, and what moves versions. */
export function renderCi(ci: CiSystem, owner: string, stacks: readonly string[]): [string, string][] {
  if (ci === "none") return [];
  const owners = renderOwners(owner);
  return [
    ...ciFiles[ci].map(([path, template]): [string, string] => {
      const text = readPackageFile(`template-ci/${template}`);
      // GitHub reads the names of the stacks from a variable.
      return [path, template === "gitlab.yml" ? renderPipeline(text, stacks) : text];
    }),
    [ci === "github" ? ".github/CODEOWNERS" : "CODEOWNERS", owners],
  ];
}

/** By path in the company's folder. */
const ciFiles: Readonly<Record<Exclude<CiSystem, "none">, readonly [string, string][]>> = {
  github: [
    [".github/workflows/customers.yml", "github.yml"],
    [".github/workflows/comment.yml", "github-comment.yml"],
    ["renovate.json", "renovate.json"],
  ],
  gitlab: [
    [".gitlab-ci.yml", "gitlab.yml"],
    ["renovate.json", "renovate.json"],
  ],
};

function renderOwners(owner: string): string {
  const teams = owner.trim().split(/\s+/).join(" ");
  return `# Who must approve which files. The last matching line counts. The review in CI enforces it, by this file in the base branch.

# The program, the settings, the workflows and this file: who may change them can change what refuses a deployment.
*                        ${teams}

# To let sales approve customers' files, but not which Auth0 objects a deployment imports:
# /customers/              @example/sales
# /customers/imports.json  ${teams}
`;
}

/** npm leaves files of this name out of packages. */
export const gitignore = `node_modules/
# state of the local cloud
.local/
# copies that npx customers shards makes
Pulumi.*-shard-*.yaml
`;
