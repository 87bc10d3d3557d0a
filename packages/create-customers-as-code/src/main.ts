// `npm create customers-as-code FOLDER`: from the command line to the company's folder.
import { basename, resolve } from "node:path";
import {
  type Answers,
  type CiSystem,
  ciSystems,
  defaults,
  type Language,
  languages,
  splitStacks,
} from "./answers";
import { askQuestions } from "./ask-questions";
import { checkCombination, checkFlags, checkPublicRoutes } from "./check-flags";
import { type Flags, hasPrinted, readFlags } from "./command-line";
import { type CompanyFiles, renderCompany } from "./company-files";
import { type CompanyDocument, readCompanyDocument, readExampleDocument } from "./document";
import { convertFork } from "./fork/convert-fork";
import { installPackages } from "./install-packages";
import { errorCode, formatProblem, InterruptedError, RefusedError } from "./problem";
import { StagedFolder } from "./write-folder";

/** Runs the command and sets the exit code: 1 if it is refused or fails, 2 for a wrong command line, 130 after Ctrl-C. */
export async function runCreate(args: readonly string[]): Promise<void> {
  try {
    await create(args);
  } catch (error) {
    if (hasPrinted(error)) return;
    if (error instanceof InterruptedError) {
      console.error("Interrupted. Nothing was written.");
      process.exitCode = 130;
    } else if (error instanceof RefusedError) {
      if (error.note !== undefined) console.info(error.note);
      console.error(error.problems.map(formatProblem).join("\n"));
      console.error(
        `\nNothing was written.${error.exitCode === 2 ? " For help: npm create customers-as-code -- --help" : ""}`,
      );
      process.exitCode = error.exitCode;
    } else {
      console.error(error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
    }
  }
}

async function create(args: readonly string[]): Promise<void> {
  const { flags: given, problems: ofArguments } = readFlags(args);
  const problems = [...ofArguments, ...checkCombination(given), ...checkFlags(given)];
  if (given.fromFork !== undefined) {
    const { folder = "" } = given;
    if (folder === "") problems.push(missingFolder);
    if (problems.length > 0) throw new RefusedError(problems, 2);
    const { files, report, preview } = convertFork(given.fromFork, {
      name: given.name ?? basename(resolve(folder)),
      ci: oneOf(ciSystems, given.ci, defaults.ci),
      language: oneOf(languages, given.language, defaults.language),
      upstream: given.upstream,
      leaveChanges: given.leaveChanges ?? false,
    });
    console.info(report);
    await writeCompany(folder, files, given.install, []);
    const steps = [...firstSteps(folder, given.install), "pulumi preview --diff"];
    console.info(`\n${preview}\n\n${indent(steps)}`);
    return;
  }
  const isAsking = process.stdin.isTTY && process.stdout.isTTY && given.yes === undefined;
  if (given.folder === undefined && !isAsking) problems.push(missingFolder);
  const asked = given.openapi === undefined ? undefined : readCompanyDocument(given.openapi, given);
  problems.push(...(asked?.problems ?? []));
  if (problems.length === 0 && !isAsking) problems.push(...checkRoutes(given, asked?.document));
  if (problems.length > 0) throw new RefusedError(problems, 2);

  const flags = isAsking ? await askQuestions(given) : given;
  const answers = answersOf(flags);
  const document =
    flags.openapi === undefined
      ? readExampleDocument(answers.domain)
      : readCompanyDocument(flags.openapi, { ...flags, domain: answers.domain }).document;
  if (!document) throw new Error(`${flags.openapi} has changed meanwhile. Run this command again.`);
  const { folder = "" } = flags;
  for (const change of document.adaptations) console.info(`${document.file}  ${change}`);
  await writeCompany(folder, renderCompany(answers, document), flags.install, answers.stacks);
}

const missingFolder = {
  place: "FOLDER",
  message: "is missing. Name the new folder: npm create customers-as-code my-company",
};

function checkRoutes({ publicRoute = [], openapi }: Flags, document: CompanyDocument | undefined) {
  if (document && openapi !== undefined)
    return checkPublicRoutes(document.publicRoutes, publicRoute, openapi);
  // Those of the example are its own.
  const { publicRoutes } = readExampleDocument(defaults.domain);
  return checkPublicRoutes(
    [],
    publicRoute.filter((route) => !publicRoutes.includes(route)),
    "the example",
  );
}

function answersOf(flags: Flags): Answers {
  return {
    name: flags.name ?? basename(resolve(flags.folder ?? "")),
    domain: flags.domain ?? defaults.domain,
    audience: flags.audience ?? defaults.audience,
    backendUrl: flags.backendUrl ?? defaults.backendUrl,
    region: flags.region ?? defaults.region,
    stacks: flags.stacks === undefined ? [...defaults.stacks] : splitStacks(flags.stacks),
    ci: oneOf<CiSystem>(ciSystems, flags.ci, defaults.ci),
    language: oneOf<Language>(languages, flags.language, defaults.language),
    owner: flags.owner ?? defaults.owner,
  };
}

function oneOf<Choice extends string>(
  choices: readonly Choice[],
  given: string | undefined,
  other: Choice,
): Choice {
  return choices.find((choice) => choice === given) ?? other;
}

async function writeCompany(
  folder: string,
  files: CompanyFiles,
  install: boolean,
  stacks: readonly string[],
): Promise<void> {
  const failure = await writeFiles(folder, files, install);
  console.info(`\nWrote ${folder}:\n${indent([...files.keys()])}`);
  if (failure !== undefined) {
    console.error(`\n${failure} Run it again in ${folder}: npm install`);
    process.exitCode = 1;
    return;
  }
  const [stack] = stacks;
  if (stack === undefined) return;
  const steps = [
    ...firstSteps(folder, install),
    "npm start",
    "npm test",
    `pulumi stack init ${stack} && pulumi up`,
  ];
  console.info(`\nNext, as its README.md explains:\n\n${indent(steps)}`);
}

function firstSteps(folder: string, install: boolean): string[] {
  const isHere = resolve(folder) === process.cwd();
  return [...(isHere ? [] : [`cd ${folder}`]), ...(install ? [] : ["npm install"])];
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join("\n");
}

/** @returns what is wrong with the installation, which is no reason to write nothing */
async function writeFiles(
  folder: string,
  files: CompanyFiles,
  install: boolean,
): Promise<string | undefined> {
  let staged: StagedFolder | undefined;
  try {
    staged = new StagedFolder(folder, files);
    const failure = install ? await installPackages(staged.staging) : undefined;
    staged.moveIntoPlace();
    return failure;
  } catch (error) {
    staged?.discard();
    if (error instanceof InterruptedError) throw error;
    const message = `cannot be written (${errorCode(error)}). Name another folder, or change the permissions.`;
    throw new RefusedError([{ place: folder, message }], 1);
  }
}
