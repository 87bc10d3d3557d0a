// The company whose customers are split, as its files say it: how many shards there are, and which of them a change concerns.
import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { readCustomerFiles } from "../customers/folder";
import { type CustomerDeclaration, idOf } from "../customers/load-customers";
import { shardStacks } from "../customers/shard-placement";
import { ProblemsError } from "../problems/command";
import type { Problem } from "../problems/problem";
import { asRecord } from "../problems/record";
import { parseSource } from "../problems/source";
import { effectiveSettings } from "../settings/effective-settings";
import { stacksOf } from "./shard-stacks";
import { readStack, settingsFile } from "./stack-settings";

export interface ShardCompany {
  main: string;
  shards: number;
  /** Folder of Pulumi.yaml. */
  project: string;
  /** Path of the customer files. */
  folder: string;
  declared: (Pick<CustomerDeclaration, "id" | "previously"> & { isDelivered: boolean })[];
}

/**
 * By the settings of the main stack.
 * @throws {ProblemsError} where they cannot be read. Whether the files are right is for a preview to say: here their names are
 * what matters.
 */
export function readCompany(main: string, project = "."): ShardCompany {
  const problems: Problem[] = [];
  const given = readStack(main, problems, project);
  const { customers, shards } = effectiveSettings(given);
  if (given.shards !== undefined && !/^[1-9]\d*$/.test(given.shards))
    problems.push({
      file: settingsFile(main),
      code: "shards-invalid",
      message: "shards must be a whole number from 1.",
    });
  const folder = isAbsolute(customers) ? customers : join(project, customers);
  const { files, problems: unreadable } = readCustomerFiles(folder);
  problems.push(...unreadable);
  if (problems.length > 0) throw new ProblemsError(problems, 1);
  const declared = files.map(({ name, text }) => ({
    id: idOf(name),
    // For any stack: at worst its shard is written a little more often.
    isDelivered: /^\s*delivery:/m.test(text),
    ...previouslyIn(name, text),
  }));
  return { main, shards, project, folder, declared };
}

/** What no deployment is made of: a program can import whatever runs, also from a folder of documents or tests. */
const beside = /^\.github\/|\.(md|png|jpe?g|svg|gif)$|\.test\.ts$/;

/**
 * The shards that a change concerns: where only customers' files are others, those that have the customers, or had them; where
 * anything else is, all of them.
 * @param since a commit
 */
export function concernedShards(company: ShardCompany, since: string): string[] {
  const { main, shards, folder, declared } = company;
  if (shards === 1) return [];
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: company.project, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const root = git("rev-parse", "--show-toplevel").trim();
  const within = (path: string) => relative(root, realpathSync(path)).replaceAll(sep, "/");
  const [projectPath, customersPath] = [within(company.project), within(folder)];
  const changed = git("diff", "--name-only", "--no-renames", "-z", since, "--").split("\0").filter(Boolean);
  const touched: Pick<CustomerDeclaration, "id" | "previously">[] = [];
  for (const file of changed) {
    if (dirname(file) === (customersPath || ".") && /\.ya?ml$/.test(file)) {
      const id = idOf(basename(file));
      touched.push(...declared.filter((one) => one.id === id), ...before(git, since, file));
      continue;
    }
    const inProject = projectPath === "" ? file : file.replace(`${projectPath}/`, "");
    const isOfAnother = /^Pulumi\.[^/]+\.yaml$/.test(inProject) && inProject !== settingsFile(main);
    if (!isOfAnother && !beside.test(inProject)) return shardStacks(company);
  }
  return stacksOf(touched, main, shards);
}

/** The customer that the file was of, if it was there: who was renamed is where the older name puts them. */
function before(git: (...args: string[]) => string, since: string, file: string) {
  if (git("ls-tree", "--name-only", "--full-tree", since, "--", file) === "") return [];
  return [{ id: idOf(basename(file)), ...previouslyIn(file, git("show", `${since}:${file}`)) }];
}

function previouslyIn(name: string, text: string): { previously?: string } {
  // A thousand files are not parsed for the few that have it.
  if (!text.includes("previously")) return {};
  const { previously } = asRecord(parseSource(name, text).value);
  return typeof previously === "string" ? { previously } : {};
}
