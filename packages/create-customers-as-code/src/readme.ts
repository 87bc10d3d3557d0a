// The README of the new repository: what it is, and the company's next three steps.
import { type Answers, type CiSystem, defaults } from "./answers";
import type { CompanyDocument } from "./document";
import { docsUrl } from "./package-folder";

export function renderReadme(answers: Answers, { file, title, scopesToRead }: CompanyDocument): string {
  const { name, stacks, ci, owner } = answers;
  const [stack = ""] = stacks;
  const [scope = ""] = scopesToRead;
  return `# ${name}

The customers of our ${title}, and the gateway that they call, as code. Each file in \`customers/\` is a customer: \`pulumi up\` creates
its Auth0 organization and clients, and AWS API Gateway accepts their tokens. [customers-as-code](${docsUrl("getting-started.md")})
does the work; this repository holds what is ours.

| file | what it is |
|---|---|
| \`customers/\` | our customers ([every key](${docsUrl("customers.md")})) |
| \`${file}\` | our API: its operations, and the scopes that they require |
| ${stacks.map((one) => `\`Pulumi.${one}.yaml\``).join(", ")} | settings ([all of them](${docsUrl("settings.md")})) |
| \`${answers.language === "typescript" ? "index.ts" : "index.js"}\` | what we run; [add your own resources](${docsUrl("extend.md")}) here |
| \`policy/\` | settings of the policies that every deployment must keep |

## Next three steps

1. **See it run.** No accounts needed: an Auth0 tenant, API Gateway and Moesif's intake run on your computer.

   \`\`\`sh
   npm install && npm start
   \`\`\`

2. **Add a customer**, and check all files:

   \`\`\`sh
   npx customers add globex --name "Globex" --scopes ${scope}
   npm test
   \`\`\`

3. **Deploy.** ${placeholders(answers)}Then, with credentials for Auth0 and AWS
   ([which rights they need](${docsUrl("getting-started.md")}#deploy)):

   \`\`\`sh
   pulumi stack init ${stack} && pulumi up
   \`\`\`

   ${continuousIntegration(ci, owner)}
`;
}

function placeholders({ stacks, domain, backendUrl }: Answers): string {
  const isExample = domain === defaults.domain || backendUrl === defaults.backendUrl;
  const files = stacks.map((stack) => `\`Pulumi.${stack}.yaml\``).join(" and ");
  return isExample ? `Enter your own values in ${files}. ` : "";
}

function continuousIntegration(ci: CiSystem, owner: string): string {
  if (ci === "none") return `To deploy by pull requests, add [CI](${docsUrl("ci.md")}).`;
  const page = ci === "github" ? "ci.md" : "ci-gitlab.md";
  const file = ci === "github" ? ".github/CODEOWNERS" : "CODEOWNERS";
  const replace = owner === defaults.owner ? `Replace \`${owner}\` in \`${file}\` with your team, and ` : "";
  const request = ci === "github" ? "pull" : "merge";
  const verb = replace ? "set up" : "Set up";
  return `${replace}${verb} [CI](${docsUrl(page)}): it shows on each ${request} request what the merge will do, and deploys it.`;
}
