// The rules of rules.yaml, applied to a passage.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { joinParts, locate, type Passage } from "./passage";

export interface Finding {
  line: number;
  column: number;
  message: string;
}

interface Rules {
  longestSentence: Record<Passage["kind"], number>;
  phrases: readonly { match: readonly string[]; write: string; kinds?: readonly string[] }[];
}

// The file is this program's own; a wrong one fails the tests.
const rules: Rules = parse(readFileSync(join(__dirname, "rules.yaml"), "utf8"));

const phrases = rules.phrases.map(({ match, write, kinds }) => ({
  pattern: new RegExp(`(?<![\\w-])(?:${match.join("|")})(?![\\w-])`, "gi"),
  write,
  kinds,
}));

const sentences = new Intl.Segmenter("en", { granularity: "sentence" });

/** Phrases that the style does without, and sentences that are too long. */
export function checkPassage(passage: Passage): Finding[] {
  return [...checkPhrases(passage), ...checkSentences(passage)];
}

function checkPhrases(passage: Passage): Finding[] {
  const prose = joinParts(passage);
  return phrases
    .filter(({ kinds }) => kinds === undefined || kinds.includes(passage.kind))
    .flatMap(({ pattern, write }) =>
      [...prose.matchAll(pattern)].map((found) => ({
        ...locate(passage, found.index),
        message: `"${found[0].replace(/\s+/g, " ")}": write ${write}.`,
      })),
    );
}

function checkSentences(passage: Passage): Finding[] {
  const longest = rules.longestSentence[passage.kind];
  return splitSentences(joinParts(passage)).flatMap(({ segment, index }) => {
    const words = segment.match(/[\p{L}\p{N}][\p{L}\p{N}'’._/-]*/gu)?.length ?? 0;
    if (words <= longest) return [];
    return [
      {
        ...locate(passage, index),
        message: `A sentence of ${words} words: split it, ${longest} is the most.`,
      },
    ];
  });
}

/** A semicolon ends what a reader has to keep in mind, as a full stop does. */
function splitSentences(prose: string): { segment: string; index: number }[] {
  return [...sentences.segment(prose)].flatMap(({ segment, index }) =>
    [...segment.matchAll(/[^;]+/g)].map((part) => ({ segment: part[0], index: index + part.index })),
  );
}
