// Files are written all together or not at all.
import { spawn } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeUpgrade } from "../../src/upkeep/write-upgrade";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "write-upgrade-"));
  for (const name of ["a", "b", "c"]) writeFileSync(join(folder, name), `old ${name}`);
});
afterEach(() => rmSync(folder, { recursive: true }));

const contents = () =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
const file = (name: string) => ({ path: join(folder, name), text: `new ${name}` });

test("replaces files, moves them, and keeps their rights and links", () => {
  chmodSync(join(folder, "a"), 0o640);
  symlinkSync("c", join(folder, "link"));
  writeUpgrade([file("a"), { ...file("b"), to: join(folder, "sub/folder/b") }, file("link")]);
  expect(contents()).toEqual({ a: "new a", "sub/folder/b": "new b", c: "new link", link: "new link" });
  expect(statSync(join(folder, "a")).mode & 0o777).toBe(0o640);
});

test("removes the folder that the last file has left", () => {
  mkdirSync(join(folder, "config"));
  writeFileSync(join(folder, "config/d"), "old d");
  writeUpgrade([{ ...file("config/d"), to: join(folder, "d") }]);
  expect(readdirSync(folder).sort()).toEqual(["a", "b", "c", "d"]);
});

test("leaves a link to the folder that the last file has left", () => {
  mkdirSync(join(folder, "real"));
  symlinkSync("real", join(folder, "config"));
  writeFileSync(join(folder, "config/d"), "old d");
  writeUpgrade([{ ...file("config/d"), to: join(folder, "d") }]);
  expect(readdirSync(folder).sort()).toEqual(["a", "b", "c", "config", "d", "real"]);
});

test("leaves every file as it was if one is gone before anything is written", () => {
  const before = contents();
  expect(() => writeUpgrade([file("a"), file("missing")])).toThrow("ENOENT");
  expect(contents()).toEqual(before);
});

test("leaves every file as it was if one cannot be renamed after others were", () => {
  mkdirSync(join(folder, "blocked/full"), { recursive: true });
  writeFileSync(join(folder, "d"), "old d");
  writeFileSync(join(folder, "b-moved"), "old b");
  const before = contents();
  const files = [
    { ...file("a"), to: join(folder, "sub/a") },
    { ...file("b"), to: join(folder, "b-moved") },
    file("c"),
    { ...file("d"), to: join(folder, "blocked") },
  ];
  expect(() => writeUpgrade(files)).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(contents()).toEqual(before);
});

test("Ctrl-C while files are written ends the command only after all of them are", async () => {
  const files = Array.from({ length: 400 }, (_, index) => `file-${index}`);
  for (const name of files) writeFileSync(join(folder, name), "old");
  const script = `
    const { writeUpgrade } = require(${JSON.stringify(join(__dirname, "../../dist/upkeep/write-upgrade.js"))});
    const files = ${JSON.stringify(files.map((name) => ({ path: join(folder, name), text: "new" })))};
    process.stdout.write("ready\\n");
    // The signal comes from outside, some time within the loop.
    for (let round = 0; round < 3; round++) writeUpgrade(files.map((one) => ({ ...one, text: "new" + round })));
  `;
  const child = spawn(process.execPath, ["--eval", script], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  await Promise.race([ended, new Promise((resolve) => child.stdout.once("data", resolve))]);
  await new Promise((resolve) => setTimeout(resolve, 30));
  child.kill("SIGINT");
  await ended;
  const all = contents();
  expect(new Set(files.map((name) => all[name])).size).toBe(1);
  expect(Object.keys(all).filter((name) => name.includes("unfinished"))).toEqual([]);
});
