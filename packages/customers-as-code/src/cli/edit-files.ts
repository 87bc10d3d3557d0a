// Reads the customer files for a command that shows or edits them, and writes the one that the command changes.
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readCustomerFiles } from "../customers/folder";
import { type CustomerFiles, knownStacks } from "../customers/load-customers";
import type { FilesChange } from "../edit/change";
import { loadDocument } from "../openapi/load-document";
import { ProblemsError } from "../problems/command";
import type { Problem } from "../problems/problem";
import { plansOf, readStack } from "../stacks/stack-settings";
import { placementInStack } from "../stacks/target";

export interface FilesOptions {
  stack?: string | undefined;
  customers?: string | undefined;
  openapi?: string | undefined;
}

/** Changes a file. @throws {ProblemsError} with every problem, and changes nothing then */
export function editFiles(options: FilesOptions, change: (files: CustomerFiles) => FilesChange): void {
  withFiles(options, (files) => {
    const { problems, ...changed } = change(files);
    if (problems.length === 0) writeChange(files.folder, changed);
    return problems;
  });
}

/** Runs what returns problems. @throws {ProblemsError} with all of them, if there are any */
export function withFiles(options: FilesOptions, run: (files: CustomerFiles) => readonly Problem[]): void {
  const { problems: unreadable, ...files } = readFiles(options);
  const problems = unreadable.length > 0 ? unreadable : run(files);
  if (problems.length > 0) throw new ProblemsError(problems, files.files.length);
}

function readFiles({
  stack,
  customers: folder = "customers",
  openapi = "openapi.yaml",
}: FilesOptions): CustomerFiles & { problems: Problem[] } {
  const document = loadDocument(openapi, []);
  const scopes = Object.keys(document.api.scopes);
  const { files, problems } = readCustomerFiles(folder);
  const settings = stack === undefined ? {} : readStack(stack, problems);
  const plans = stack === undefined ? undefined : plansOf(stack, settings, problems);
  // Files name the main stack, of which the shards are parts.
  const main = stack === undefined ? undefined : placementInStack(stack, settings, problems)?.main;
  // A preview reports what else is wrong with the document: only its scopes are needed here.
  return {
    folder,
    files,
    scopes,
    stacks: { stack: main, plans, known: knownStacks() },
    problems: [...(scopes.length === 0 ? document.problems : []), ...problems],
  };
}

function writeChange(folder: string, { file, says }: Pick<FilesChange, "file" | "says">): void {
  if (!file) {
    console.log(`Nothing to do: ${says}`);
    return;
  }
  const path = join(folder, file.name);
  if (file.text === undefined) rmSync(path);
  else {
    // Renamed into place, so that nobody ever reads half a file; customers/folder.ts knows the name until then.
    mkdirSync(folder, { recursive: true });
    const unfinished = join(folder, `.${file.name}.${process.pid}.unfinished`);
    writeFileSync(unfinished, file.text, { flag: "wx" });
    renameSync(unfinished, path);
  }
  console.log(`${path} is ${file.text === undefined ? "deleted" : "written"}. The pull request ${says}`);
}
