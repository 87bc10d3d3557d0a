// States that earlier versions have left: with the same files, this version creates, replaces and deletes nothing.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { StepEventMetadata } from "@pulumi/pulumi/automation";
import { listCompanies, statesFolder } from "../compatibility/kept-companies";
import { type RunningCompany, startCompany } from "../compatibility/running-company";
import { readState, type State } from "../compatibility/state-file";

/** All that a preview of a former state may update, by type, or type and name: the properties, and why. */
const allowedUpdates: Record<string, { properties: string[]; why: string }> = {
  "aws:lambda/function:Function gateway-authorizer": {
    properties: ["code"],
    why: "the states leave it out: each version has a bundle of its own, and each tenant its own keys",
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    properties: ["alarmDescription"],
    why: "it names the page about the alarm, which is in docs/how-to/ now",
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    properties: ["dashboardBody"],
    why: "its text names the same page",
  },
};

const cases = readdirSync(statesFolder).flatMap((version) =>
  listCompanies(join(statesFolder, version)).map((company) => ({ version, company })),
);

test.each(cases)("keeps every resource of version $version with $company.name", async ({ company }) => {
  const running = await startCompany(company);
  try {
    for (const stack of running.stacks) {
      await importState(stack, readState(company.folder, stack.name, running), running);
    }
    for (const stack of running.stacks) {
      const { changes, outputs } = await preview(stack);
      expect({ stack: stack.name, changes: changes.filter((one) => !isAllowed(one)).map(describe) }).toEqual({
        stack: stack.name,
        changes: [],
      });
      const after = pathsOf(outputs.after);
      expect({
        stack: stack.name,
        lost: pathsOf(outputs.before).filter((path) => !after.includes(path)),
      }).toEqual({
        stack: stack.name,
        lost: [],
      });
    }
  } finally {
    await running.system.close();
  }
});

type Stack = RunningCompany["stacks"][number];

async function importState(stack: Stack, { version, deployment }: State, running: RunningCompany) {
  // The CLI encrypts the secrets, which are in clear in the file, as the stack does.
  const own = await stack.exportStack();
  await stack.importStack({ version, deployment: { ...own.deployment, ...deployment } });
  const { account } = running.system.cloud.aws;
  for (const { type, id, inputs = {}, outputs = {} } of deployment.resources) {
    // awsx reads from AWS in which VPC a load balancer's subnets are. Nothing else is read that the state has.
    if (type === "aws:ec2/subnet:Subnet") await account.put({ type, id, inputs, outputs, state: {} });
  }
}

interface Preview {
  changes: StepEventMetadata[];
  outputs: { before: unknown; after: unknown };
}

async function preview(stack: Stack): Promise<Preview> {
  const changes: StepEventMetadata[] = [];
  const outputs: Preview["outputs"] = { before: undefined, after: undefined };
  await stack.preview({
    onEvent: ({ resourcePreEvent, resOutputsEvent }) => {
      const step = resourcePreEvent?.metadata;
      // A provider's version is in its name: with another one, each resource gets another provider.
      if (step && step.op !== "same" && !step.type.startsWith("pulumi:providers:")) changes.push(step);
      const ended = resOutputsEvent?.metadata;
      if (ended?.type === "pulumi:pulumi:Stack") {
        Object.assign(outputs, { before: ended.old?.outputs, after: ended.new?.outputs });
      }
    },
  });
  return { changes, outputs };
}

const nameOf = (urn: string) => urn.split("::").slice(3).join("::");

function isAllowed({ op, type, urn, diffs = [] }: StepEventMetadata): boolean {
  const { properties = [] } = allowedUpdates[`${type} ${nameOf(urn)}`] ?? allowedUpdates[type] ?? {};
  return op === "update" && diffs.length > 0 && diffs.every((property) => properties.includes(property));
}

const describe = ({ op, urn, diffs }: StepEventMetadata) =>
  `${op} ${urn} ${diffs?.join(", ") ?? ""}`.trimEnd();

/** Where there are values: `customers.acme.organizationId`. What is secret is one value. */
function pathsOf(outputs: unknown): string[] {
  if (typeof outputs !== "object" || outputs === null || Array.isArray(outputs)) return [];
  return Object.entries(outputs).flatMap(([key, value]) => {
    // The program's own notes for its next run.
    const isNested = key !== "lastDeployment" && !isSecret(value);
    return [key, ...(isNested ? pathsOf(value).map((path) => `${key}.${path}`) : [])];
  });
}

function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && "ciphertext" in value;
}
