// Nothing that a command prints is a command to GitHub's runner.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import * as fc from "fast-check";
import { commands } from "../../src/cli/main";
import { WithoutCommands } from "../../src/problems/workflow-commands";

const project = join(__dirname, "../../../..");

/** As actions/runner reads them: src/Runner.Common/ActionCommand.cs, whose comparisons pass over what nobody sees. */
function commandsIn(output: string): string[] {
  return output
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/[\p{Cc}\p{DI}]/gu, ""))
    .filter((line) => line.trimStart().startsWith("::") || line.includes("##["));
}

function cleaned(...chunks: string[]): string {
  const printed = new WithoutCommands();
  return chunks.map((chunk) => printed.clean(chunk)).join("");
}

it.each([
  ["::error::x", ": :error::x"],
  ["a\n::set-env name=PATH::/tmp", "a\n: :set-env name=PATH::/tmp"],
  ["a\r::stop-commands::x", "a\r: :stop-commands::x"],
  ["a\r\n \t::add-mask::x", "a\r\n \t: :add-mask::x"],
  ["a ##[error]x", "a ## [error]x"],
  [":::warning::x", ": ::warning::x"],
  ["\u0085::debug::x", "\u0085: :debug::x"],
  ["\u00ad::debug::x", "\u00ad: :debug::x"],
  [":\u200b:debug::x", ":\u200b :debug::x"],
  ["#\u200b#[error]x", "#\u200b# [error]x"],
])("%j is printed as %j", (text, expected) => {
  expect(cleaned(text)).toBe(expected);
});

it.each([
  "a::b",
  'arn:aws:iam::123456789012:role/x and "a::b"',
  "customers/acme.yaml:1:1  x",
  "## [a](b)\n# [x]\n### Heading",
  ": a\n:",
])("%j is printed as it is", (text) => {
  expect(cleaned(text)).toBe(text);
});

it("no text is a command, however it is cut into pieces, and nothing but spaces is added", () => {
  const piece = fc.constantFrom(
    "::",
    ":",
    "##[",
    "#",
    "[",
    "\n",
    "\r",
    " ",
    "\t",
    "error",
    "]",
    "\u00ad",
    "\u0085",
  );
  const chunk = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(""));
  let commands = 0;
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 5 }), (chunks) => {
      const text = chunks.join("");
      if (commandsIn(text).length > 0) commands += 1;
      const printed = cleaned(...chunks);
      expect(commandsIn(printed)).toEqual([]);
      expect(printed.replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
    }),
    { seed: 20260901, numRuns: 2_000 },
  );
  expect(commands).toBeGreaterThan(500);
});

describe.each(commands)("npx customers $name", ({ name }) => {
  it("prints no command for an argument with a line of its own", () => {
    const args = [name, "--x\n::error::forged\r##[error]forged"];
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ["packages/customers-as-code/bin.cjs", ...args],
      {
        cwd: project,
        encoding: "utf8",
        env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" },
      },
    );
    expect(stderr).toMatch(/forged|Required option/);
    expect(commandsIn(stdout + stderr)).toEqual([]);
    expect(status).toBe(2);
  }, 60_000);
});
