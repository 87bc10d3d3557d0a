import { Command } from "@commander-js/extra-typings";
import { ProblemsError } from "../problems/command";
import { pluralize } from "../problems/words";
import { planUpgrade, type UpgradePlan } from "../upkeep/plan-upgrade";
import { writeUpgrade } from "../upkeep/write-upgrade";
import { commonOptions, describeExamples } from "./options";

export const upgradeCommand = new Command("upgrade")
  .description(
    "Renames and moves in the company's files what newer versions call differently: settings, keys of customer files, the policy pack's settings and Pulumi.yaml. Comments, order and everything else stay as they are. Writes all files or none. Run it after a new version is installed. Ends with 0 if nothing is left to do; with --check, it writes nothing and ends with 1 if a file would change.",
  )
  .option("--check", "report what would change, and write nothing", false)
  .addOption(commonOptions.project)
  .addOption(commonOptions.json)
  .addHelpText("after", describeExamples("upgrade", "upgrade --check"))
  .action(({ check, project, json }) => {
    const plan = planUpgrade(project);
    if (plan.problems.length > 0) throw new ProblemsError(plan.problems, plan.filesRead);
    if (!check) writeFiles(plan);
    if (json) {
      const { changes, notes } = plan;
      console.log(JSON.stringify({ check, changes, notes }, null, 2));
    } else {
      console.log(describePlan(plan, check));
    }
    if (check && plan.files.length > 0) process.exitCode = 1;
  });

function writeFiles({ files }: UpgradePlan): void {
  try {
    writeUpgrade(files);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `No file was changed, because one can't be written: ${reason}. Make it writable, and run the command again.`,
    );
  }
}

function describePlan({ files, changes, notes }: UpgradePlan, check: boolean): string {
  const count = pluralize(files.length, "file");
  const summary =
    files.length === 0
      ? "All files are up to date."
      : check
        ? `${count} would change. To change ${files.length === 1 ? "it" : "them"}: npx customers upgrade`
        : `Changed ${count}. Run npx customers validate, and preview before you deploy.`;
  return [
    ...changes.map(describeLine),
    ...(notes.length === 0 ? [] : ["Check these lines by hand:", ...notes.map(describeLine)]),
    summary,
  ].join("\n");
}

function describeLine({
  file,
  line,
  column,
  message,
}: {
  file: string;
  line?: number;
  column?: number;
  message: string;
}): string {
  return `${line === undefined ? file : `${file}:${line}:${column ?? 1}`}  ${message}`;
}
