import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { importsFile } from "../customers/imports";
import { type ReferringFile, renameCustomer } from "../edit/rename-customer";
import { ownersPlaces, stackFile } from "../review/declared/file-roles";
import { projectName } from "../stacks/stack-settings";
import { writeUpgrade } from "../upkeep/write-upgrade";
import { withFiles } from "./edit-files";
import { commonOptions, describeExamples } from "./options";

const { customers, openapi } = commonOptions;

export const renameCommand = new Command("rename")
  .description(
    "Renames a customer's file, and adds the line \"previously\" to it, so that its organization, clients and credentials stay. Changes what names the customer in customers/imports.json, the stacks' settings and CODEOWNERS.",
  )
  .argument("<id>", "the customer's id")
  .argument("<new-id>", "its new id: the name of its file without .yaml")
  .addOption(customers)
  .addOption(openapi)
  .addHelpText("after", describeExamples("rename globex globex-europe"))
  .action((id, newId, options) =>
    withFiles(options, (all) => {
      const root = findRepository();
      const referring = [
        ...read("imports", [join(all.folder, importsFile)]),
        ...read(
          "settings",
          readdirSync(".").filter((name) => stackFile.test(name)),
        ),
        ...read(
          "owners",
          [...ownersPlaces, ".gitlab/CODEOWNERS"].map((path) => relative(".", join(root, path))),
        ),
      ];
      const places = { project: projectName(), fromRoot: relative(root, ".").split(sep).join("/") };
      const { problems, files, says } = renameCustomer(all, id, newId, referring, places);
      if (problems.length > 0) return problems;
      writeUpgrade(files);
      for (const { path, to } of files)
        console.log(to === undefined ? `${path} is changed.` : `${path} is now ${to}.`);
      console.log(`The pull request ${says}`);
      const guards = files.filter(({ path }) =>
        referring.some((one) => one.path === path && one.kind !== "imports"),
      );
      if (guards.length > 0) {
        const paths = guards.map(({ path }) => path).join(" and ");
        console.log(
          `CI accepts changes of ${paths} only in a pull request of its own. Merge that one first.`,
        );
      }
      return [];
    }),
  );

function read(kind: ReferringFile["kind"], paths: readonly string[]): ReferringFile[] {
  return paths
    .filter((path) => existsSync(path))
    .map((path) => ({ kind, path, text: readFileSync(path, "utf8") }));
}

/** The folder of the Git repository; the working directory if there is none. */
function findRepository(folder = resolve(".")): string {
  if (existsSync(join(folder, ".git"))) return folder;
  const above = dirname(folder);
  return above === folder ? resolve(".") : findRepository(above);
}
