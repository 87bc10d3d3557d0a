// What the program can declare at all: nothing of it goes past moto unsaid.
import { runProgram } from "../../../../test/support/run-program";
import { variants } from "../../../../test/support/variants";
import { notInMoto, rows } from "./services/types-in-moto";

const declared = new Set<string>();

test.each(Object.entries(variants))(
  "each AWS type of %s is made in moto, or has a reason why not",
  async (_name, settings) => {
    const { recording } = await runProgram(settings);
    const types = recording.resources.map(({ type }) => type).filter((type) => type.startsWith("aws:"));
    expect(types).not.toEqual([]);
    for (const type of types) declared.add(type);
    const known = [...Object.keys(rows), ...Object.keys(notInMoto)];
    expect([...new Set(types)].filter((type) => !known.includes(type))).toEqual([]);
  },
);

test("no reason is given for what the program does not declare, or moto makes", () => {
  const excused = Object.keys(notInMoto);
  expect(excused.filter((type) => !declared.has(type) || type in rows)).toEqual([]);
});
