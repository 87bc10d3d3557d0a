// Reviews a pull request against the local cloud: the base is deployed there, and the product's own commands do what they do in CI.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import pc from "picocolors";
import { bringUp } from "../bring-up";
import { type Company, readCompany, restorePlaces, settingsFor } from "../company/company";
import { hasPortal, type LocalSettings } from "../company/local-settings";
import type { EngineCommand } from "../engine/command";
import { openLocalStack } from "../local-stack";
import { explainFailure } from "../program-failure";
import { isRecord } from "../record";
import { type Session, withCloud } from "../session";
import { runStep } from "../terminal";
import { digestBase, readBaseState, writeBaseState } from "./base-state";
import { checkOut } from "./checkout";
import { listFurtherProblems } from "./further-problems";
import { shorten, treeOf } from "./git-repository";
import { keepGuards } from "./guarded-settings";
import { ownEnvironment, type ProductResult, runProduct } from "./product-command";
import type { Proposal } from "./proposal";
import { renderForTerminal } from "./render-comment";
import { WrongProposal } from "./wrong-proposal";

/** Deploys the base unless the cloud holds it, and reviews what a merge would do. @returns whether nothing refuses it */
export async function reviewProposal(proposal: Proposal): Promise<boolean> {
  const { options, repository, base, merge, product, directory } = proposal;
  const cloud = join(directory, "cloud");
  const digest = digestBase(
    {
      files: treeOf(repository, base.commit),
      folder: repository.prefix,
      stack: options.stack ?? "",
      plugins: options.plugins ?? "",
    },
    product,
  );
  const isDeployed = readBaseState(directory) === digest && !options.newPorts;
  // From nothing, so that what earlier bases were counts for no guard.
  if (!isDeployed) for (const name of ["base", "cloud"]) rmSync(join(directory, name), emptying);
  const { plugins } = options;
  // Of a base that is deployed, the cloud's state shows it.
  const planned = isDeployed ? [merge] : [base.commit, merge];
  const deploys = { hasPortal: planned.some((commit) => declaresPortal(proposal, commit)) };
  return withCloud({ directory: cloud, deploys, ...(plugins && { plugins }) }, async (session) => {
    const command = await runStep("Pulumi CLI", (say) => session.findEngine(say));
    const label = `${base.name} at ${shorten(base)}`;
    if (isDeployed) console.log(pc.dim(`  ${label} is deployed already`));
    else {
      await runStep(`pulumi up of ${label}`, (say) => deployBase(proposal, session, command, say));
      writeBaseState(directory, digest);
    }
    return reviewHead(proposal, session, command);
  });
}

function declaresPortal(proposal: Proposal, commit: string): boolean {
  const company = readCompanyOf(checkOutCompany(proposal, commit), proposal.options.stack);
  return !("reason" in company) && hasPortal(company.given);
}

const emptying = { recursive: true, force: true };

async function deployBase(
  proposal: Proposal,
  session: Session,
  command: EngineCommand,
  say: (line: string) => void,
): Promise<void> {
  const { base, options } = proposal;
  const folder = checkOutCompany(proposal, base.commit);
  if (!existsSync(join(folder, "Pulumi.yaml"))) {
    throw new WrongProposal(
      `${base.name} has no company here: there is no ${proposal.repository.prefix}Pulumi.yaml. Name another base with --base.`,
    );
  }
  try {
    const company = readCompany(folder, options.stack);
    const stack = await openStackOf(proposal, session, command, folder, keepGuardsOf(company, session));
    // Without a terminal, a line for each resource of the base would hide the comment.
    const progress = process.stdout.isTTY ? say : () => undefined;
    const { summary } = await bringUp(stack, company, progress, session.signal);
    say(summary);
  } catch (error) {
    session.signal.throwIfAborted();
    const reason = explainFailure(error).replaceAll(join(folder, "/"), "");
    throw new Error(`The base ${base.name} cannot be deployed to the local cloud:\n${reason}`);
  }
}

async function reviewHead(proposal: Proposal, session: Session, command: EngineCommand): Promise<boolean> {
  const { merge, head, options } = proposal;
  const folder = checkOutCompany(proposal, merge);
  if (!existsSync(join(folder, "Pulumi.yaml"))) {
    throw new WrongProposal(`${head.name} has no ${proposal.repository.prefix}Pulumi.yaml.`);
  }
  const run = (args: readonly string[], where: string, environment: NodeJS.ProcessEnv) =>
    runProduct(proposal.product, { folder: where, args, environment, signal: session.signal });
  const environment = ownEnvironment(process.env);
  const validated = await runStep("customers validate", () => run(["validate"], folder, environment));

  const planned = readCompanyOf(folder, options.stack);
  const stackName = options.stack ?? stackOf(planned) ?? "dev";
  const policy = findPolicy(folder, stackName);
  const plan = join(proposal.repository.scratch, "plan.json");
  const preview = await runStep("customers preview", async () => {
    if ("reason" in planned) return undefined;
    const settings = keepGuardsOf(planned, session);
    const stack = await openStackOf(proposal, session, command, folder, settings);
    const { envVars, workDir } = stack.workspace;
    const target = ["--stack", "local", "--project", workDir, "--policy", join(folder, policy)];
    const withEngine = { ...environment, ...envVars, PATH: pathTo(command, envVars.PATH ?? "") };
    const ran = await run(["preview", ...target, "--plan", plan], folder, withEngine);
    return { ...ran, notices: settings.notices };
  });
  if (preview && !existsSync(plan)) throw new Error(`There is no plan:\n${preview.printed.trim()}`);
  const found: unknown = "reason" in planned ? planWithError(planned.reason) : readJson(plan);
  writeFileSync(plan, JSON.stringify(renameStack(found, stackName, folder, planned)));

  const comment = join(proposal.repository.scratch, "comment.md");
  const reviewed = await runStep("customers review", () =>
    run(["review", "--stack", stackName, "--plan", plan, "--comment", comment], proposal.repository.folder, {
      ...environment,
      ...proposal.repository.environment,
      ...describeProposal(proposal),
    }),
  );
  if (!existsSync(comment)) throw new Error(`There is no comment:\n${reviewed.printed.trim()}`);
  const markdown = readFileSync(comment, "utf8");
  if (options.comment !== undefined) writeFileSync(options.comment, markdown);
  const notes = [
    existsSync(join(folder, policy))
      ? `The policy pack ran, with ${policy}.`
      : "The policy pack ran, with its default settings.",
    ...(options.author === undefined
      ? ["Nobody's approval was checked: name the pull request's author with --author LOGIN."]
      : []),
    ...(preview?.notices ?? []),
  ];
  printReview(markdown, validated, notes);
  const isMergeable = validated.code === 0 && reviewed.code === 0;
  console.log(
    isMergeable ? pc.green("✓ Nothing refuses a merge") : pc.red("✗ This pull request would be refused"),
  );
  return isMergeable;
}

function printReview(markdown: string, validated: ProductResult, notes: readonly string[]): void {
  const width = process.stdout.isTTY ? Math.min(process.stdout.columns, 100) : Number.POSITIVE_INFINITY;
  console.log(`\n${renderForTerminal(markdown, { colors: pc, width })}\n`);
  const problems = validated.code === 0 ? [] : listFurtherProblems(validated.printed, markdown);
  if (problems.length > 0) console.log(`${pc.bold("customers validate")}\n${problems.join("\n")}\n`);
  for (const line of notes) console.log(pc.dim(line));
}

function checkOutCompany({ repository }: Proposal, commit: string): string {
  // Base and head in one place, as in CI: a path that the program has in its resources is no difference then.
  return checkOut(repository, commit, join(repository.scratch, "checkout"));
}

/** What is wrong with the settings or the document is no failure of this command: the comment says it. */
function readCompanyOf(folder: string, stack: string | undefined): Company | { reason: string } {
  try {
    return readCompany(folder, stack);
  } catch (error) {
    return {
      reason: explainFailure(error).replaceAll(join(folder, "/"), "").replaceAll(folder, "the branch"),
    };
  }
}

function stackOf(company: Company | { reason: string }): string | undefined {
  const file = "given" in company ? company.given.file : undefined;
  return file && /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1];
}

function keepGuardsOf(company: Company, { address }: Session): LocalSettings {
  return keepGuards(settingsFor(company, address), company);
}

async function openStackOf(
  { directory, options: { plugins } }: Proposal,
  { address, signal, cloud }: Session,
  command: EngineCommand,
  project: string,
  settings: LocalSettings,
): Promise<Stack> {
  signal.throwIfAborted();
  const stack = await openLocalStack({
    ...{ command, project, address, settings },
    directory: join(directory, "cloud"),
    ...(plugins && { plugins }),
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
  // A run that was killed leaves its lock behind.
  if (cloud) await stack.cancel().catch(() => undefined);
  return stack;
}

/** Where the product looks: in the second place until version 0.2. */
function findPolicy(folder: string, stack: string): string {
  const [current, former] = [`policy/${stack}.json`, `policy/config/${stack}.json`];
  return !existsSync(join(folder, current)) && existsSync(join(folder, former)) ? former : current;
}

function describeProposal({ options, merge, head, base }: Proposal): Record<string, string> {
  const { author, approvedBy = [], uncommitted } = options;
  return {
    PR_BASE: base.commit,
    PR_CHANGES: merge,
    // Of what is not committed, nobody knows the commit.
    ...(!uncommitted && { PR_HEAD: head.commit }),
    ...(author !== undefined && { PR_AUTHOR: author, PR_APPROVED_BY: approvedBy.join(" ") }),
  };
}

/** Our language host stays first on the PATH: the CLI may have another one beside it. */
function pathTo({ path }: EngineCommand, withLanguageHost: string): string {
  const [languageHost = "", ...others] = withLanguageHost.split(delimiter);
  return [languageHost, dirname(path), ...others].join(delimiter);
}

/** As customers preview writes it. */
function planWithError(reason: string): unknown {
  const main = { stack: "local", steps: [], errors: [reason], violations: [], settings: {} };
  return { main, others: [] };
}

/** The comment is of the company's own stack, and so are the places in its messages. */
function renameStack(
  plan: unknown,
  stack: string,
  folder: string,
  company: Company | { reason: string },
): unknown {
  if (!isRecord(plan) || !isRecord(plan.main)) return plan;
  const { errors } = plan.main;
  const correct = (message: unknown) => {
    const text = String(message).replaceAll(join(folder, "/"), "");
    return "given" in company ? restorePlaces(text, company) : text;
  };
  const main = { ...plan.main, stack, ...(Array.isArray(errors) && { errors: errors.map(correct) }) };
  return { ...plan, main };
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
