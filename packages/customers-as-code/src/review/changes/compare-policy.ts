// What a change of the policy pack's settings means.
import { isDeepStrictEqual } from "node:util";
import { asRecord, getOwn, isRecord } from "../../problems/record";
import { compareLists, describeChange, differencesOf, listOf } from "../compare-values";
import { inlineCode } from "../markdown";
import { type Change, grave, type Meaning, notable, plain } from "./declared-change";

/** From the one that refuses nothing to the one that refuses: https://www.pulumi.com/docs/insights/policy/policy-packs/authoring/#enforcement-levels */
const levels = ["disabled", "advisory", "remediate", "mandatory"];

type Judge = (before: unknown, after: unknown) => Meaning;

/** By the policy's name: what its own settings mean. */
export const policyJudges: Record<string, Record<string, Judge>> = {
  "protected-customers": {},
  "granted-scopes": {},
  "public-routes": {
    allowed: (before, after) =>
      compareLists(listOf(before), listOf(after)).added.length > 0
        ? grave("guard", "they may be called without a token")
        : notable("they may no longer be called without a token"),
  },
};

/** @param before,after of the whole file, by the policy's name */
export function comparePolicies(before: Record<string, unknown>, after: Record<string, unknown>): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const [old, next] = [settingsOf(getOwn(before, name)), settingsOf(getOwn(after, name))];
    const known = getOwn(policyJudges, name) ?? {};
    if (isDeepStrictEqual(old, next)) return describeWriting(name, getOwn(before, name), getOwn(after, name));
    return differencesOf(old, next).map(({ path, before: was, after: is }) => {
      const [key = ""] = path;
      const judge = key === "enforcementLevel" ? judgeLevel : (getOwn(known, key) ?? judgeOther);
      const meaning = judge(was, is);
      const does = describeChange(`${inlineCode(path.join("."))} of the policy ${inlineCode(name)}`, was, is);
      return {
        at: `policy: ${name}.${path.join(".")}`,
        name: inlineCode(name),
        does,
        sentence: meaning.means === undefined ? does : `${does}: ${meaning.means}`,
        ...meaning,
      };
    });
  });
}

/** The level that every policy of the pack has may be written or not, alone or in a map. */
function describeWriting(name: string, before: unknown, after: unknown): Change[] {
  if (isDeepStrictEqual(before, after)) return [];
  const does = describeChange(`what is written of the policy ${inlineCode(name)}`, before, after);
  const meaning = plain("it is enforced as before");
  return [
    {
      at: `policy: ${name}`,
      name: inlineCode(name),
      does,
      sentence: `${does}: ${meaning.means}`,
      ...meaning,
    },
  ];
}

/** A policy's level may stand alone: https://www.pulumi.com/docs/insights/policy/policy-packs/configuration/ */
function settingsOf(entry: unknown): Record<string, unknown> {
  const given = isRecord(entry) ? entry : entry === undefined ? {} : { enforcementLevel: entry };
  return { enforcementLevel: "mandatory", ...asRecord(given) };
}

function judgeLevel(before: unknown, after: unknown): Meaning {
  return levels.indexOf(String(after)) < levels.indexOf(String(before))
    ? grave(
        "guard",
        after === "disabled" ? "it refuses nothing any more" : "it no longer refuses a deployment",
      )
    : notable("it is enforced more strictly");
}

function judgeOther(): Meaning {
  return grave("guard", "the policy may accept what it refused until now");
}
