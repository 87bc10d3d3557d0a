// Everything that a pull request changes about what its company declares: a pure function from base and head.

import { spellDomain } from "../../auth0/tenant-domain";
import { plansSchema } from "../../customers/plans";
import { formatProblem, type Problem } from "../../problems/problem";
import type { Declared } from "../declared/declared";
import { effectiveValue, settingOf } from "../declared/declared-settings";
import { inlineCode, plainText } from "../markdown";
import { compareDocuments, type DocumentSides } from "./compare-api";
import { compareCustomers, type Surroundings } from "./compare-customers";
import { compareDependencies } from "./compare-dependencies";
import { compareImports } from "./compare-imports";
import { comparePolicies } from "./compare-policy";
import { comparePrograms, compareProjects, compareStackFiles } from "./compare-project";
import { compareSettings, compareWritten } from "./compare-settings";
import { type Change, effects, grave } from "./declared-change";

/** The gravest first; of the same gravity, in the order of what is grave about it, and then as the files have it. */
export function compareDeclared(base: Declared, head: Declared): Change[] {
  const domain = tenantOf(head);
  const changedSettings = compareSettings(base.settings, head.settings);
  const isTold = (name: string) =>
    changedSettings.some((change) => change.name === name || change.name.startsWith(`${name.slice(0, -1)}.`));
  const changes = [
    ...describeUnreadable(base.unreadable, "base"),
    ...describeUnreadable(head.unreadable, "head"),
    ...comparePolicies(base.policy, head.policy),
    ...changedSettings,
    ...compareWritten(base.written, head.written).filter(({ name }) => !isTold(name)),
    ...compareStackFiles(base.stack, head.stack),
    ...compareImports(base.imports, head.imports, domain),
    ...compareDocuments(documentOf(base), documentOf(head)),
    ...compareCustomers({ before: surroundingsOf(base), after: surroundingsOf(head) }),
    ...compareProjects(base.project, head.project),
    ...compareDependencies(base.dependencies, head.dependencies),
    ...comparePrograms(base.program, head.program),
  ];
  return changes.sort((a, b) => rank(a) - rank(b));
}

const order = Object.keys(effects);

function rank({ gravity, effect }: Change): number {
  if (gravity === "grave") return effect === undefined ? 0 : order.indexOf(effect);
  return gravity === "notable" ? order.length : order.length + 1;
}

/** What cannot be compared may be anything. */
function describeUnreadable(problems: readonly Problem[], side: "base" | "head"): Change[] {
  const files = [...new Set(problems.map(({ file }) => file))];
  const whose = side === "base" ? "before this pull request" : "in this pull request";
  return files.map((file) => {
    const messages = problems.filter((problem) => problem.file === file).map(formatProblem);
    const does = `cannot read ${inlineCode(file)} as it is ${whose}`;
    const meaning = grave(
      "unknown",
      `this comment does not show what it changes (${plainText(messages.slice(0, 3).join(" "))})`,
    );
    return {
      at: `${side}: ${file}`,
      name: inlineCode(file),
      does,
      sentence: `${does}: ${meaning.means}`,
      ...meaning,
    };
  });
}

function documentOf({ api, document, settings }: Declared): DocumentSides {
  const validates = effectiveValue("validateRequests", settingOf(settings, "validateRequests")) !== "none";
  return { ...(api && { api }), document, validates };
}

function surroundingsOf({ customers, settings }: Declared): Surroundings["before"] {
  const value = (key: string) => effectiveValue(key, settingOf(settings, key));
  const plans = plansSchema.safeParse(value("plans"));
  const defaultPlan = value("defaultPlan");
  return {
    customers,
    plans: {
      plans: plans.data ?? {},
      defaultPlan: typeof defaultPlan === "string" ? defaultPlan : undefined,
    },
  };
}

/** Undefined if the file does not say it in clear: AUTH0_DOMAIN or an ESC environment can say it, too. */
function tenantOf({ settings }: Declared): string | undefined {
  const domain = settings["auth0:domain"];
  return typeof domain === "string" && domain !== "" ? spellDomain(domain) : undefined;
}
