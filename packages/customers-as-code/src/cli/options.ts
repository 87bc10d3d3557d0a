// The options that several commands have, described once, and the sections at the end of a command's help.
import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { UsageError } from "../problems/command";
import { suggestCandidates } from "../problems/suggestion";
import type { Target } from "../stacks/pulumi-cli";

export const commonOptions = {
  audience: new Option("--audience <url>", "identifier of the company's API in Auth0 (default: the stack's)"),
  comment: new Option(
    "--comment <file>",
    "write the Markdown to this file, for customers comment, instead of stdout",
  ),
  customers: new Option("--customers <folder>", "folder of the customer files (default: customers)"),
  domain: new Option(
    "--domain <domain>",
    "domain of the Auth0 tenant (default: the stack's, or AUTH0_DOMAIN)",
  ),
  dryRun: new Option("--dry-run", "report what the command would do, and do nothing").default(false),
  json: new Option("--json", "print JSON (docs/reference/commands.md describes it)").default(false),
  openapi: new Option("--openapi <file>", "the API's OpenAPI document (default: openapi.yaml)"),
  policy: new Option(
    "--policy <file>",
    "settings of the policy pack (default: policy/STACK.json of the main stack, if it exists)",
  ),
  project: new Option("--project <folder>", "folder of Pulumi.yaml").default("."),
  stack: new Option("--stack <name>", "stack whose settings in Pulumi.NAME.yaml apply"),
  /** Of the commands that deploy or preview: CI names the stack once, for all steps of a job. */
  stackOfJob: new Option("--stack <name>", "the stack (default: PULUMI_STACK)"),
};

/** For an option that may be repeated. */
export function collectValues(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** For an option with a number of things, days or seconds. @throws {InvalidArgumentError} */
export function readCount(value: string): number {
  const count = Number(value);
  if (value.trim() === "" || !Number.isInteger(count) || count < 1)
    throw new InvalidArgumentError("Write a whole number from 1.");
  return count;
}

interface WithChoices {
  argChoices?: readonly string[] | undefined;
  argParser(parse: (value: string) => string): unknown;
}

/** Suggests the nearest of its choices for a wrong value, as for a wrong command. @param target an argument or option with choices */
export function suggestChoices<T extends WithChoices>(target: T): T {
  const choices = target.argChoices ?? [];
  target.argParser((value) => {
    if (!choices.includes(value)) throw new InvalidArgumentError(suggestCandidates(value, choices));
    return value;
  });
  return target;
}

/** @throws {UsageError} if no stack is named */
export function targetOf(given: {
  stack?: string | undefined;
  project: string;
  policy?: string | undefined;
}): Target {
  const stack = given.stack ?? process.env.PULUMI_STACK;
  if (!stack) throw new UsageError("Name the stack: --stack NAME");
  return { stack, project: given.project, ...(given.policy !== undefined && { policyConfig: given.policy }) };
}

/** The last section of a command's help. @param examples command lines, without `npx customers` */
export function describeExamples(...examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((line) => `  npx customers ${line}`).join("\n")}`;
}

/** The section of a command's help on variables of the environment, a name and a description each. */
export function describeEnvironment(variables: Readonly<Record<string, string>>): string {
  const width = Math.max(...Object.keys(variables).map((name) => name.length));
  const lines = Object.entries(variables).map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
  return `\nEnvironment:\n${lines.join("\n")}`;
}

/** Variables of the commands that call GitHub's API. */
export const githubVariables = {
  GITHUB_REPOSITORY: "repository, such as example/customers",
  GITHUB_API_URL: "URL of the API (default: https://api.github.com)",
};

/** Variables of the commands that read an Auth0 tenant. */
export const tenantVariables = {
  AUTH0_CLIENT_ID: "the client that Pulumi uses, or one that can read the tenant (docs/how-to/import.md)",
  AUTH0_CLIENT_SECRET: "its secret",
};

/** Variables of the commands that check the changes of a pull request. */
export const pullRequestVariables = {
  PR_AUTHOR: "login of the author; without it, owners are not checked",
  PR_CHANGES: "Git commit with the changes (default: HEAD, GitHub's merge commit)",
  PR_HEAD: "last commit of the pull request, of which PR_CHANGES must be the merge",
  PR_BASE: "Git commit to compare with (default: the first parent of PR_CHANGES)",
  PR_APPROVED_BY: "logins of the people who approve it, separated by spaces",
  CODEOWNERS_TEAMS: 'logins by team, as JSON, such as {"@example/platform": ["jane"]}',
  MOESIF_MANAGEMENT_API_KEY: "key to ask Moesif when it last saw the customers and clients that are removed",
  AUTH0_CLIENT_ID: "Auth0 client; with read:logs, the comment shows when imported clients last got a token",
  AUTH0_CLIENT_SECRET: "its secret",
};
