// The wording of every problem of a file as such, in one file.
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Problem } from "../../src/problems/problem";
import { parseSource } from "../../src/problems/source";
import { decodeText, readTextFile } from "../../src/problems/text-file";
import { unreadableFolder } from "../../src/problems/unreadable";
import { expectGolden } from "./golden";

const root = mkdtempSync(join(tmpdir(), "file-problems-"));
afterAll(() => rmSync(root, { recursive: true }));
const present = join(root, "acme.yaml");
writeFileSync(present, "displayName: Acme\n");
const link = join(root, "link.yaml");
symlinkSync("nowhere.yaml", link);

const file = "customers/acme.yaml";
const read = (at: string, limit?: number) => () =>
  readTextFile(file, { remedy: "Make it readable.", at, ...(limit !== undefined && { limit }) }).problems;
/** With the name of the folder that a company has, since the temporary one is another in each run. */
function readFolder(): Problem[] {
  try {
    readdirSync(present);
    return [];
  } catch (error) {
    return [{ ...unreadableFolder(present, error, "Create the folder."), file: "customers" }];
  }
}
const parse =
  (...lines: string[]) =>
  (): Problem[] =>
    parseSource(file, lines.map((line) => `${line}\n`).join("")).problems;

test("the wording of files' problems is that of the golden file", () => {
  expectGolden("files", join(__dirname, "__golden__/files.txt"), {
    "file-unreadable": read(join(root, "none.yaml")),
    "file-is-folder": read(root),
    "folder-is-file": readFolder,
    "link-leads-nowhere": read(link),
    "file-not-regular": read("/dev/null"),
    "file-too-large": read(present, 10),
    "file-not-utf8": () =>
      decodeText(file, Buffer.from("clients:\ndisplayName: Caf\u00e9\n", "latin1")).problems,
    "yaml-merge-conflict": parse(
      "clients: {}",
      "<<<<<<< HEAD",
      "displayName: Acme",
      "=======",
      "displayName: Acme Corporation",
      ">>>>>>> rename",
    ),
    "yaml-invalid": parse("displayName: Acme", "clients: [default"),
    "yaml-second-document": parse("displayName: Acme", "---", "displayName: Globex"),
    "yaml-tag": parse("displayName: Acme", "since: !!timestamp 2026-11-30"),
  });
});
