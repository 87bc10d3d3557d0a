// Checks the words of the docs, the messages and the comments: `npm run prose`, or with files to check only those.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { checkPassage } from "./check-passage";
import { readMarkdown } from "./read-markdown";
import { readTypeScript } from "./read-typescript";

const given = process.argv.slice(2);
const files = given.length > 0 ? given : listFiles();
let count = 0;
for (const file of files) {
  const text = readFileSync(file, "utf8");
  const passages = file.endsWith(".md") ? readMarkdown(text) : readTypeScript(file, text);
  const findings = passages.flatMap(checkPassage);
  for (const { line, column, message } of findings) console.log(`${file}:${line}:${column}  ${message}`);
  count += findings.length;
}
if (count > 0) {
  console.log(`${count} findings in ${files.length} files. scripts/prose/rules.yaml has the rules.`);
  process.exitCode = 1;
}

function listFiles(): string[] {
  return execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md", "*.ts"], {
    encoding: "utf8",
  })
    .split("\n")
    .filter((file) => file !== "" && existsSync(file))
    .filter((file) => !/^test\/compatibility\/packages\//.test(file));
}
