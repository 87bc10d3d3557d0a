// What a change of customers/imports.json means: who takes over what exists in Auth0.
import type { AllImports } from "../../customers/import-data";
import { isRecord } from "../../problems/record";
import { describeChange, differencesOf, listOf, showValue, type ValueDifference } from "../compare-values";
import { inlineCode } from "../markdown";
import { type Change, grave, type Meaning, plain } from "./declared-change";

/**
 * @param domain of the stack's tenant: what is there of others is nothing to it. Without one it comes from the environment, and every
 * tenant may be the stack's.
 */
export function compareImports(before: AllImports, after: AllImports, domain: string | undefined): Change[] {
  return differencesOf(before, after)
    .flatMap(expand)
    .map((difference) => {
      const { path } = difference;
      const [tenant = "", ...within] = path;
      const { does, ...meaning } = describeImport(within, difference);
      const isOther = domain !== undefined && tenant !== domain;
      const { means } = isOther ? ofOthers : meaning;
      return {
        at: `imports: ${path.join(".")}`,
        name: inlineCode(within.join(".") || tenant),
        does,
        sentence: means === undefined ? does : `${does}: ${means}`,
        ...(within[0] === "customers" && within[1] !== undefined && { customer: within[1] }),
        ...(isOther ? ofOthers : meaning),
      };
    });
}

const ofOthers = plain("it is of another tenant");

/** Of what comes or goes as a whole, each part. */
function expand({ path, before, after }: ValueDifference): ValueDifference[] {
  if (!isRecord(before ?? {}) || !isRecord(after ?? {})) return [{ path, before, after }];
  const parts = differencesOf(before ?? {}, after ?? {}, path);
  return parts.length === 0
    ? [{ path, before, after }]
    : parts.flatMap((part) => (part.path.length > path.length ? expand(part) : [part]));
}

function describeImport(
  path: readonly string[],
  { before, after }: ValueDifference,
): Meaning & { does: string } {
  const key = path.at(-1);
  const thing = nameThing(path.slice(0, -1));
  if (after === undefined) {
    return { does: `drops the import ${inlineCode(path.join("."))}`, ...plain("it imports nothing") };
  }
  if (key === "id") {
    const instead = before === undefined ? "" : `, no longer ${inlineCode(String(before))}`;
    const means = `whatever has this id in Auth0 belongs to the customer from then on, and so does its secret`;
    return {
      does: `imports ${inlineCode(String(after))} as ${thing}${instead}`,
      ...grave("elsewhere", means),
    };
  }
  if (key === "keeps") {
    const kept = listOf(after).map(showValue).join(", ");
    if (kept === "") return { does: `has ${thing} become what the files say`, ...plain() };
    return {
      does: `leaves ${kept} of ${thing} as Auth0 has it`,
      ...grave("unknown", "whatever the files say, which a person has to compare"),
    };
  }
  const does = describeChange(`the import ${inlineCode(path.join("."))}`, before, after);
  return { does, ...grave("unknown", "what it does is not known here") };
}

/** @param path such as `customers.acme.clients.ci.grant` */
function nameThing(path: readonly string[]): string {
  const [kind, id = "", of, client = "", part] = path;
  if (kind !== "customers") return `${inlineCode(path.join("."))} of the API`;
  if (of === "organization") return `the organization of ${inlineCode(id)}`;
  const which = `client ${inlineCode(client)} of ${inlineCode(id)}`;
  return part === undefined ? which : `the ${part} of ${which}`;
}
