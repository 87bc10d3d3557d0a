// The README of the new repository: what it is, and the company's next three steps.
import { type Answers, type CiSystem, defaults } from "./answers";
import type { CompanyDocument } from "./document";
import { docsUrl } from "./package-folder";

export function renderReadme(answers: Answers, { file, title, scopesToRead }: CompanyDocument): string {
  const { name, stacks, language, ci, owner } = answers;
  const [stack = ""] = stacks;
  const [scope = ""] = scopesToRead;
  const text = `# ${name}

${introduction(`The customers of our ${title}`)}

| file | what it is |
|---|---|
| \`customers/\` | our customers ([every key][reference/customers]) |
| \`${file}\` | our API: its operations, and the scopes that they require |
| ${listFiles(stacks)} | settings ([all of them][reference/settings]) |
| \`${language === "typescript" ? "index.ts" : "index.js"}\` | what we run; [add your own resources][how-to/extend] here |
| \`policy/\` | settings of the policies that every deployment must keep |

A page that a message names, such as \`docs/reference/problems.md\`, is [one of customers-as-code][reference/problems].

## Next three steps

1. **See it run.** You need no accounts: an Auth0 tenant, API Gateway and Moesif's intake run on your computer.

   \`\`\`sh
   npm install && npm start
   \`\`\`

2. **Add a customer**, and check all files:

   \`\`\`sh
   npx customers add globex --name "Globex" --scopes ${scope}
   npm test
   \`\`\`

3. **Deploy.** ${enterValues(answers)} [credentials for Auth0 and AWS][tutorial/getting-started]:

   \`\`\`sh
   pulumi stack init ${stack} && pulumi up
   \`\`\`

   ${continuousIntegration(ci, owner)}
`;
  return withLinks(text);
}

/** Of a company that had a fork. Its next steps end with the fork. */
export function renderForkReadme(name: string, stacks: readonly string[]): string {
  const previews = stacks.map((stack) => `pulumi preview --diff --stack ${stack}`).join("\n   ");
  const text = `# ${name}

${introduction("Our customers")}

## Next three steps

[From a fork to the package][how-to/fork-to-package] explains each of them.

1. **Check the files**, and run them on the local cloud:

   \`\`\`sh
   npm install && npm test && npm start
   \`\`\`

2. **Preview each stack.** Nothing may be created, replaced or deleted:

   \`\`\`sh
   ${previews}
   \`\`\`

3. **Replace the fork**: commit these files as the whole content of its repository, and deploy once.
`;
  return withLinks(text);
}

function introduction(customers: string): string {
  return `${customers}, and the gateway that they call, as code. Each file in \`customers/\` is a customer: \`pulumi up\` creates its Auth0
organization and clients, and AWS API Gateway accepts their tokens. [customers-as-code][tutorial/getting-started] does the work; this
repository holds what is ours.`;
}

function enterValues({ stacks, domain, audience, backendUrl }: Answers): string {
  const isExample =
    domain === defaults.domain || audience === defaults.audience || backendUrl === defaults.backendUrl;
  return isExample ? `Enter your own values in ${listFiles(stacks, " and ")}. Then, with` : "With";
}

function listFiles(stacks: readonly string[], separator = ", "): string {
  return stacks.map((stack) => `\`Pulumi.${stack}.yaml\``).join(separator);
}

function continuousIntegration(ci: CiSystem, owner: string): string {
  if (ci === "none") return "To deploy by pull requests, add [CI][explanation/ci].";
  const [page, file, request] =
    ci === "github"
      ? ["how-to/ci-setup", ".github/CODEOWNERS", "pull"]
      : ["how-to/ci-gitlab", "CODEOWNERS", "merge"];
  const isExample = owner === defaults.owner;
  return `${isExample ? `Replace \`${owner}\` in \`${file}\` with your team, and set` : "Set"} up [CI][${page}]. It shows on each ${request} request what the merge
   will do, and deploys what is merged.`;
}

/** The pages that the text names, once each at its end. */
function withLinks(text: string): string {
  const pages = new Set([...text.matchAll(/\]\[([\w/-]+)\]/g)].flatMap(([, page]) => page ?? []));
  return `${text}\n${[...pages]
    .sort()
    .map((page) => `[${page}]: ${docsUrl(`${page}.md`)}\n`)
    .join("")}`;
}
