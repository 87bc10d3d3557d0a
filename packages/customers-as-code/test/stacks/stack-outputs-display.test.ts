// What people see of the CLI's last section; test/e2e/pull-request.test.ts has it from the CLI itself.
import { HeldOutputs } from "../../src/stacks/stack-outputs-display";

const lines = [
  "Policies:\n",
  "    ❌ customers-as-code\n",
  "\n",
  "Outputs:\n",
  "  ~ lastDeployment: {\n",
  "\n",
  "    }\n",
  "\n",
  "Resources:\n",
  "    ~ 1 to update\n",
];

test.each(["", "[dev-shard-1] "])(
  "a run that succeeds shows everything, with the prefix %p, and the outputs last",
  (prefix) => {
    const { shown, early } = run(prefix, false);
    expect(shown).toEqual(prefixed(prefix, lines));
    expect(early).toEqual(prefixed(prefix, lines.slice(0, 3)));
  },
);

test.each(["", "[dev-shard-1] "])(
  "a run that is refused shows no outputs, with the prefix %p, but what comes after them",
  (prefix) => {
    const expected = [...lines.slice(0, 3), ...lines.slice(8)];
    expect(run(prefix, true).shown).toEqual(prefixed(prefix, expected));
  },
);

test("outputs that end a refused run are not shown", () => {
  expect(run("", true, lines.slice(0, 8)).shown).toEqual(lines.slice(0, 3));
});

/** As PrefixedLines writes them: an empty line has no prefix. */
const prefixed = (prefix: string, given: readonly string[]) =>
  given.map((line) => (line === "\n" ? line : prefix + line));

function run(prefix: string, isRefused: boolean, given: readonly string[] = lines) {
  const shown: string[] = [];
  const held = new HeldOutputs((line) => shown.push(line), prefix);
  for (const line of prefixed(prefix, given)) held.push(line);
  const early = [...shown];
  held.end(isRefused);
  return { shown, early };
}
