import { Command } from "@commander-js/extra-typings";
import { type Finding, findDrift, wantedDetails } from "../reconcile/find-drift";
import { findTarget } from "../stacks/target";
import { readDetails } from "../tenant/tenant-details";
import { readTenant } from "../tenant/tenant-reader";
import {
  collectValues,
  commonOptions,
  describeEnvironment,
  describeExamples,
  tenantVariables,
} from "./options";

const { audience, customers, domain, json, openapi, stack } = commonOptions;

export const driftCommand = new Command("drift")
  .description(
    "Lists what the Auth0 tenant has that no customer file declares (organizations, clients of the API, grants, and members if the file lists any), what it lacks, and what differs. Ends with 0 if it finds nothing, with 1 if it finds something, and with 2 if it cannot find out.",
  )
  .addOption(json)
  .option("--ignore-portal", "ignore what the Developer Portal has made and no file declares", false)
  .option("--ignore <name>", "ignore the one with this name or id; may be repeated", collectValues)
  .addOption(stack)
  .addOption(domain)
  .addOption(audience)
  .addOption(customers)
  .addOption(openapi)
  .addHelpText("after", describeEnvironment(tenantVariables))
  .addHelpText("after", describeExamples("drift --stack dev"))
  .action(async ({ ignorePortal, ignore = [], ...options }) => {
    const { access, audience, declared, imports, hasPlans, api } = findTarget(options);
    const tenant = await readTenant(access, audience);
    const details = await readDetails(access, wantedDetails({ tenant, declared, imports }));
    const all = findDrift({ tenant, details, declared, imports, hasPlans, api });
    const isIgnored = ({ kind, isPortalMade, name, id = "" }: Finding) =>
      (kind === "undeclared" && isPortalMade && ignorePortal) ||
      ignore.some((one) => one === name || one === id);
    const findings = all.filter((finding) => !isIgnored(finding));
    const ignored = all.length - findings.length;
    if (options.json) {
      console.log(JSON.stringify({ tenant: tenant.domain, audience, findings, ignored }, null, 2));
    } else {
      console.log([...findings.map(describe), summary(tenant.domain, findings, ignored)].join("\n"));
    }
    if (findings.length > 0) process.exitCode = 1;
  });

function describe({ kind, object, name, id, isPortalMade, differences = [], note }: Finding): string {
  const title = `${kind.padEnd(10)}  ${object} ${name}${id === undefined ? "" : ` (${id})`}`;
  const more = [
    ...(note === undefined ? [] : [note]),
    ...(isPortalMade ? ["made by the Developer Portal"] : []),
  ];
  const lines = differences.map(
    ({ property, declared, found }) =>
      `            ${property} is ${print(found)}, and should be ${print(declared)}`,
  );
  return [more.length > 0 ? `${title}: ${more.join(", ")}` : title, ...lines].join("\n");
}

function print(value: unknown): string {
  return value === undefined ? "unset" : JSON.stringify(value);
}

function summary(domain: string, findings: readonly Finding[], ignored: number): string {
  const counts = (["undeclared", "missing", "different"] as const)
    .map((kind) => ({ kind, count: findings.filter((finding) => finding.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${kind}`);
  const passedOver = ignored > 0 ? ` (${ignored} ignored)` : "";
  return counts.length === 0
    ? `The tenant ${domain} matches the customer files${passedOver}.`
    : `The tenant ${domain} differs from the customer files: ${counts.join(", ")}${passedOver}.`;
}
