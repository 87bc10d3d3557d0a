// Writes down what a released version consists of, so that a fork of it can be compared without its history:
// npm run ts -- packages/create-customers-as-code/test/record-release.ts VERSION COMMIT
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Git's own ids of the files, shortened: twelve digits show a change. */
export function describeRelease(version: string, commit: string): string {
  const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8", cwd: __dirname });
  const files = git("ls-tree", "-r", "--full-tree", commit)
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [head = "", path = ""] = line.split("\t");
      return [path, head.split(" ")[2]?.slice(0, 12)];
    });
  const contents = ["Pulumi.yaml", "package.json"].map((path) => [path, git("show", `${commit}:${path}`)]);
  const release = {
    version,
    commit: git("rev-parse", commit).trim(),
    contents: Object.fromEntries(contents),
    files: Object.fromEntries(files),
  };
  return `${JSON.stringify(release, null, 2)}\n`;
}

if (require.main === module) {
  const [version = "", commit = ""] = process.argv.slice(2);
  writeFileSync(join(__dirname, `../released/${version}.json`), describeRelease(version, commit));
}
