// What the fork changed of the product, file by file, and what becomes of each change.
import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { docsUrl } from "../package-folder";
import { type Baseline, runGit } from "./baseline";

export interface ProductChange {
  file: string;
  how: "changed" | "deleted" | "added";
  /** Whether it can change what a deployment does, so that a preview without it would not be empty. */
  isOfProgram: boolean;
  /** What to do about it. */
  remedy: string;
}

/** Every file of the fork but for the company's data, compared with what was forked. */
export function compareFork(fork: string, baseline: Baseline): ProductChange[] {
  const files = listFiles(fork).filter((file) => !isData(file));
  const present = new Set(files);
  const deleted = [...baseline.blobs.keys()].filter((file) => !isData(file) && !present.has(file));
  const changes = [
    ...files.flatMap((file): Pick<ProductChange, "file" | "how">[] => {
      const blob = baseline.blobs.get(file);
      if (blob === undefined) return isCopy(fork, file, baseline) ? [] : [{ file, how: "added" }];
      return isSame(join(fork, file), blob) ? [] : [{ file, how: "changed" }];
    }),
    ...deleted.map((file) => ({ file, how: "deleted" as const })),
  ];
  return changes
    .sort((a, b) => (a.file < b.file ? -1 : 1))
    .map(({ file, how }) => {
      const { isOfProgram = false, remedy } = places.find(({ pattern }) => pattern.test(file)) ?? elsewhere;
      return { file, how, isOfProgram, remedy: how === "added" && !isOfProgram ? ownFile : remedy };
    });
}

/** Of a file of the product under the same name, such as schema.json in a folder of customers that has another name. */
function isCopy(fork: string, file: string, { blobs }: Baseline): boolean {
  const name = posix.basename(file);
  return [...blobs].some(([path, blob]) => posix.basename(path) === name && isSame(join(fork, file), blob));
}

/** Whether a file has the content of the id, with any line ends: Git may have written others. */
export function isSame(path: string, blob: string): boolean {
  const content = readFileSync(path);
  const algorithm = blob.length === 64 ? "sha256" : "sha1";
  const idOf = (bytes: Buffer) =>
    createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
  if (idOf(content).startsWith(blob)) return true;
  return idOf(Buffer.from(content.toString("latin1").replaceAll("\r\n", "\n"), "latin1")).startsWith(blob);
}

/** What the conversion copies, or writes for the company itself. */
function isData(file: string): boolean {
  return (
    /^(customers\/|policy\/config\/|Pulumi(\..+)?\.yaml$|(\.github\/|docs\/)?CODEOWNERS$|package(-lock)?\.json$)/.test(
      file,
    ) || file === "openapi.yaml"
  );
}

const transform = `Change the resource by a transform in the new index.ts: ${docsUrl("how-to/extend.md")}`;
const report = "Propose it as a setting of customers-as-code, or keep the fork until there is one.";
const ownFile = "Your own file. Copy it if you still need it.";

interface Place {
  pattern: RegExp;
  isOfProgram?: true;
  remedy: string;
}

/** The first pattern that matches a path says what to do. */
const places: readonly Place[] = [
  {
    pattern: /^index\.ts$/,
    isOfProgram: true,
    remedy: `Make the same change in the new index.ts; your own resources go beside ours: ${docsUrl("how-to/extend.md")}`,
  },
  {
    pattern: /^packages\/customers-as-code\/src\/(auth0|gateway|portal|delivery|pulumi)\//,
    isOfProgram: true,
    remedy: transform,
  },
  {
    pattern: /^authorizer\/(src|build)\//,
    isOfProgram: true,
    remedy:
      "The package has the authorizer compiled. Propose the change, or keep the fork until it is released.",
  },
  {
    pattern:
      /^packages\/customers-as-code\/src\/(index\.ts|customers|openapi|deployment|settings|problems)\b/,
    isOfProgram: true,
    remedy: report,
  },
  {
    pattern: /^packages\/customers-as-code\/(src\/)?policy\//,
    remedy: "Put your own rules into a policy pack of your own, and run both.",
  },
  {
    pattern: /^packages\/customers-as-code\/(src|bin|start-up)/,
    remedy: "It changes a command, which the package brings. Propose the change.",
  },
  {
    pattern: /^\.github\/workflows\//,
    remedy: `The reusable workflows replace it. Make the change in .github/workflows/customers.yml: ${docsUrl("explanation/ci.md")}`,
  },
  {
    pattern: /^(README\.md|\.gitignore)$/,
    remedy: "The new folder has its own. Copy what you still need.",
  },
  {
    pattern: /^docs\//,
    remedy: "The documentation of customers-as-code. Keep your notes in a page of your own.",
  },
];

const elsewhere: Omit<Place, "pattern"> = {
  remedy: "It belongs to the product's development. The new repository has no such file.",
};

/** With Git, what it tracks and what it doesn't ignore; without, everything but what is installed or local state. */
function listFiles(fork: string): string[] {
  const isFile = (file: string) => existsSync(join(fork, file)) && !lstatSync(join(fork, file)).isDirectory();
  if (existsSync(join(fork, ".git"))) {
    const listed = runGit(fork, "ls-files", "-z", "--cached", "--others", "--exclude-standard");
    return [...new Set(listed.split("\0"))].filter((file) => file !== "" && isFile(file));
  }
  const walk = (folder: string): string[] =>
    readdirSync(join(fork, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (["node_modules", ".local", "coverage"].includes(entry.name)) return [];
      return entry.isDirectory() ? walk(path) : [path];
    });
  return walk("");
}
