// The pipeline of a company's stacks.
import { stringify } from "yaml";

/** The jobs of the stack for which the template is written, and which can be tried as it is. */
const jobsOfDev = /^plan dev: .*\ndeploy dev: .*\nreport dev: .*\n/m;

/**
 * The template with the jobs of each stack, in the order of their deployments: each waits for the one before, so that a change which
 * fails in one stack doesn't reach the next.
 */
export function renderPipeline(template: string, stacks: readonly string[]): string {
  if (!jobsOfDev.test(template)) throw new Error("the template of the pipeline doesn't have the jobs of dev");
  return template.replace(jobsOfDev, () =>
    stacks.map((stack, at) => renderJobs(stack, stacks[at - 1])).join("\n"),
  );
}

function renderJobs(stack: string, before: string | undefined): string {
  // Quoted if YAML would read something else than a string.
  const variables = `{ STACK: ${stringify(stack).trimEnd()} }`;
  const waits = before === undefined ? "" : `, needs: [deploy ${before}]`;
  return `plan ${stack}: { extends: .plan, variables: ${variables} }
deploy ${stack}: { extends: .deploy, variables: ${variables}${waits} }
report ${stack}: { extends: .report, variables: ${variables}, needs: [{ job: deploy ${stack}, optional: true }] }
`;
}
