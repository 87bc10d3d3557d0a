// The folder template/, which `pulumi new` copies: the same files, with Pulumi's placeholders instead of answers.
import { defaults } from "./answers";
import { renderCompany, renderFixedSettings, renderProject } from "./company-files";
import { readExampleDocument } from "./document";

/** By path in template/. */
export function renderPulumiTemplate(): Map<string, string> {
  const document = readExampleDocument(defaults.domain);
  const files = renderCompany(
    { ...defaults, stacks: [...defaults.stacks], name: placeholder("PROJECT") },
    document,
  );
  return new Map([
    ...[...files].map(([path, content]): [string, string] => [path, content.toString()]),
    // The description of YAML's own would be quoted.
    [
      "Pulumi.yaml",
      renderProject(placeholder("PROJECT"), "description", defaults.language).replace(
        "description: description",
        `description: ${placeholder("DESCRIPTION")}`,
      ) + questions,
    ],
    // Pulumi adds what it asks for. In a YAML file it replaces a placeholder with its value and a line feed, which breaks keys: these
    // have no namespace, and get the project's.
    ["Pulumi.dev.yaml", `config:\n${renderFixedSettings(document.publicRoutes, "")}`],
  ]);
}

/** Pulumi's notation, which is JavaScript's too. */
function placeholder(name: string): string {
  return `\${${name}}`;
}

const questions = `template:
  displayName: Customers as code
  description: A company's API customers as code, with Auth0, AWS API Gateway and Moesif.
  config:
    auth0:domain:
      description: Domain of the Auth0 tenant
      default: ${defaults.domain}
    aws:region:
      description: AWS region
      default: ${defaults.region}
    audience:
      description: Identifier of the API in Auth0
      default: ${defaults.audience}
    backendUrl:
      description: URL of the service behind the gateway
      default: ${defaults.backendUrl}
`;
