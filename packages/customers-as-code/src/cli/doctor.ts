import { Command } from "@commander-js/extra-typings";
import { ProblemsError, UsageError } from "../problems/command";
import { formatProblems, type Problem, problemsAsJson } from "../problems/problem";
import { PulumiMissingError, readPulumi } from "../stacks/pulumi-cli";
import { checkInstallation } from "../upkeep/check-installation";
import { type Installation, readInstallation, readOwnVersion } from "../upkeep/installation";
import { describeOldFiles, planUpgrade } from "../upkeep/plan-upgrade";
import { explainWorkflows, fitsWorkflows, readVersion } from "../upkeep/workflow-versions";
import { commonOptions, describeEnvironment, describeExamples } from "./options";

export const doctorCommand = new Command("doctor")
  .description(
    "Prints which versions of Node.js, the Pulumi CLI, plugins, packages and workflows are in use, and which of them don't fit together. It needs no account, no network and no Pulumi CLI. Ends with 0 if all fits, with 1 if something doesn't, and with 2 if it cannot find out.",
  )
  .option(
    "--workflows <version>",
    "only check whether the package fits the workflows of this version, as their first step does",
  )
  .addOption(commonOptions.project)
  .addOption(commonOptions.json)
  .addHelpText("after", describeExamples("doctor", "doctor --workflows 0.2.0"))
  .addHelpText(
    "after",
    describeEnvironment({
      PULUMI_HOME: "Pulumi's folder of plugins (default: ~/.pulumi)",
      PULUMI_IGNORE_AMBIENT_PLUGINS: "if it is set, Pulumi runs no plugins on the PATH",
    }),
  )
  .action(async ({ workflows, project, json }) => {
    if (workflows !== undefined) return checkWorkflows(workflows, json);
    const { installation, problems: unreadable } = readInstallation(project, {
      nodeVersion: process.versions.node,
      pulumiCli: await readPulumiVersion(),
      environment: process.env,
    });
    if (installation === undefined) throw new ProblemsError(unreadable, 1);
    const upgrade = planUpgrade(project);
    const problems = [...checkInstallation(installation), ...upgrade.problems, ...describeOldFiles(upgrade)];
    report(installation, problems, json);
    if (problems.length > 0) process.exitCode = 1;
  });

/** @returns undefined without a CLI on the PATH */
async function readPulumiVersion(): Promise<string | undefined> {
  try {
    // Without this, the CLI looks for a newer version of itself in the network.
    const printed = await readPulumi(["version"], { environment: { PULUMI_SKIP_UPDATE_CHECK: "true" } });
    return printed.trim().replace(/^v/, "");
  } catch (error) {
    if (error instanceof PulumiMissingError) return undefined;
    throw error;
  }
}

/** What `customers doctor --workflows VERSION` checks: the package whose command it is. */
function checkWorkflows(workflows: string, json: boolean): void {
  const wanted = readVersion(workflows);
  if (wanted === undefined)
    throw new UsageError(`--workflows "${workflows}" is not a version such as 0.2.0.`);
  const installed = readOwnVersion();
  const fits = fitsWorkflows(installed, wanted);
  const problems: Problem[] = fits
    ? []
    : [{ file: "the workflow", code: "workflow-unsuitable", message: explainWorkflows(installed, wanted) }];
  if (json) console.log(JSON.stringify({ fits, problems: problemsAsJson(problems) }, null, 2));
  else if (fits) console.log(`customers-as-code ${installed} fits the workflows of version ${wanted}.`);
  for (const { message } of json ? [] : problems) console.error(message);
  if (!fits) process.exitCode = 1;
}

function report(
  { node, pulumiCli, packages, plugins, workflows, lockFile }: Installation,
  problems: readonly Problem[],
  json: boolean,
): void {
  if (json) {
    const versions = {
      node,
      pulumiCli,
      packages: packages.map(({ name, version, folder }) => ({ name, version, folder })),
      plugins,
      workflows,
      lockFile,
    };
    const fits = problems.length === 0;
    console.log(JSON.stringify({ fits, versions, problems: problemsAsJson(problems) }, null, 2));
    return;
  }
  const rows = [
    ["Node.js", node],
    ["Pulumi CLI", pulumiCli ?? "not on the PATH, so its version cannot be checked"],
    ...packages.map(({ name, version }) => [name, version]),
    ...plugins.map(({ name, version, isInstalled }) => [
      `plugin ${name}`,
      isInstalled ? version : `${version}, which the next deployment downloads`,
    ]),
    ...workflows.map(({ file, line, ref }) => [`${file}:${line}`, ref]),
    ["lock file", lockFile ?? "none"],
  ];
  const width = Math.max(...rows.map(([name = ""]) => name.length));
  for (const [name = "", version] of rows) console.log(`${name.padEnd(width)}  ${version}`);
  console.log(problems.length === 0 ? "\nEverything fits." : `\n${formatProblems(problems)}`);
}
