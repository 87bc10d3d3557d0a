// A company in a local cloud of its own, with nothing deployed.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Stack } from "@pulumi/pulumi/automation";
import { parseDocument } from "yaml";
import { asRecord } from "../../packages/customers-as-code/src/problems/record";
import { managementApi, openTestCloud, type TestCloud } from "../e2e/local-cloud";
import { type Company, type CompanySettings, readCompanySettings, stackNamesOf } from "./kept-companies";

export interface RunningCompany {
  system: TestCloud;
  /** The main stack is the last. */
  stacks: Stack[];
}

/** Starts a local cloud with the company's stacks and the users that its customers have as members. */
export async function startCompany(company: Company): Promise<RunningCompany> {
  const settings = readCompanySettings(company);
  const system = await openTestCloud({ awsx: true });
  try {
    const api = await managementApi(system.cloud);
    await api("users", {
      // The id of a membership holds the user's, so that it must be the same one each time.
      user_id: "jane",
      email: "jane@acme.example",
      password: "correct horse battery staple 9!",
      connection: "Username-Password-Authentication",
    });
    await createSubnets(system, settings);
    const main = system.stack;
    const { workDir } = main.workspace;
    const fileOf = (stack: string) => join(workDir, `Pulumi.${stack}.yaml`);
    writeSettings(fileOf(main.name), settings);
    for (const [key, value] of Object.entries(settings.secrets)) {
      await main.setConfig(key, { value, secret: true });
    }
    const stacks: Stack[] = [];
    for (const name of stackNamesOf(settings, main.name)) {
      if (name !== main.name) copyFileSync(fileOf(main.name), fileOf(name));
      stacks.push(await Stack.createOrSelect(name, main.workspace));
    }
    return { system, stacks };
  } catch (error) {
    await system.close();
    throw error;
  }
}

/** Those of a network that the settings name, and that nobody deploys here: awsx reads in which VPC they are. */
async function createSubnets({ cloud }: TestCloud, { config }: CompanySettings): Promise<void> {
  const { network } = asRecord(config.portal);
  const { vpcId, publicSubnetIds, privateSubnetIds } = asRecord(network);
  for (const id of [publicSubnetIds, privateSubnetIds].flat()) {
    if (typeof id !== "string") continue;
    const properties = { vpcId, cidrBlock: "10.0.0.0/24", availabilityZone: "us-east-1a" };
    const type = "aws:ec2/subnet:Subnet";
    await cloud.aws.account.put({ type, id, inputs: properties, outputs: { id, ...properties }, state: {} });
  }
}

/** Leaves in the stack's file what says where the tenant and AWS are; all else is the company's. */
function writeSettings(file: string, { config }: CompanySettings): void {
  const document = parseDocument(readFileSync(file, "utf8"));
  const before: Record<string, unknown> = document.toJS().config;
  const providers = Object.entries(before).filter(([key]) => !key.startsWith(`${project}:`));
  const own = Object.entries(config).map(([key, value]) => [`${project}:${key}`, value]);
  document.set("config", document.createNode(Object.fromEntries([...providers, ...own])));
  writeFileSync(file, String(document));
}

const project = "customers-as-code";
