// A company in a local cloud of its own, with nothing deployed.
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Stack } from "@pulumi/pulumi/automation";
import { parseDocument } from "yaml";
import { asRecord } from "../../packages/customers-as-code/src/problems/record";
import { managementApi, openTestCloud, type TestCloud } from "../e2e/local-cloud";
import { copyCustomers, createImportedObjects, type Placeholder } from "./imported-objects";
import { type Company, type CompanySettings, readCompanySettings, stackNamesOf } from "./kept-companies";

export interface RunningCompany {
  system: TestCloud;
  /** The main stack is the last. */
  stacks: Stack[];
  /** For the values that this local cloud has for itself. */
  placeholders: Placeholder[];
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
    const placeholders = await listPlaceholders(company, system);
    if (existsSync(join(company.folder, "customers", "imports.json"))) {
      rmSync(system.customers, { recursive: true });
      copyCustomers(company, system.customers, placeholders);
      settings.config.customers = system.customers;
    }
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
    return { system, stacks, placeholders };
  } catch (error) {
    await system.close();
    throw error;
  }
}

async function listPlaceholders(company: Company, system: TestCloud): Promise<Placeholder[]> {
  const { AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET } = system.environment;
  return [
    ["{{tenant domain}}", AUTH0_DOMAIN],
    ["{{client id of Pulumi}}", AUTH0_CLIENT_ID],
    ["{{client secret of Pulumi}}", AUTH0_CLIENT_SECRET],
    ["{{URL of AWS}}", system.cloud.aws.url],
    ...(await createImportedObjects(company, system)),
  ];
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
