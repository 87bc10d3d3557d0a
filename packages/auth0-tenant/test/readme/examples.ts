// The README's examples: blocks of code by the section they stand in. A block's name follows its language.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Block {
  /** Title of the section. */
  section: string;
  language: string;
  /** A file's name, or `run`, `output` or `environment`; empty for a block that is only shown. */
  name: string;
  code: string;
}

export function readExamples(): Block[] {
  const readme = readFileSync(join(__dirname, "../../README.md"), "utf8");
  return readme.split(/^## /m).flatMap((text) => {
    const [section = ""] = text.split("\n", 1);
    return [...text.matchAll(/^```(\w+) ?(\S*)\n(.*?)^```$/gms)].map(
      ([, language = "", name = "", code = ""]) => ({
        ...{ section, language, name, code },
      }),
    );
  });
}

/** @throws if there is no such block, or more than one */
export function findBlock(blocks: readonly Block[], wanted: Partial<Block>): Block {
  const found = blocks.filter((block) =>
    Object.entries(wanted).every(([key, value]) => Reflect.get(block, key) === value),
  );
  const [first] = found;
  if (!first || found.length > 1)
    throw new Error(`${found.length} blocks of the README are ${JSON.stringify(wanted)}`);
  return first;
}
