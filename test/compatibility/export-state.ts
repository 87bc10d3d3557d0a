// Deploys each company of this folder with the program as it is, and keeps its states, and the contract, as those of a version:
// npm run ts -- test/compatibility/export-state.ts VERSION
import { copyFileSync, cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { asset } from "@pulumi/pulumi";
import { type Company, companiesFolder, listCompanies, statesFolder } from "./kept-companies";
import { type RunningCompany, startCompany } from "./running-company";
import { writeState } from "./state-file";

async function main(): Promise<void> {
  const [version, ...more] = process.argv.slice(2);
  if (version === undefined || !/^\d+\.\d+\.\d+$/.test(version) || more.length > 0) {
    console.error("Usage: export-state.ts VERSION, such as 0.1.0");
    process.exitCode = 2;
    return;
  }
  copyFileSync(join(__dirname, "contract.json"), join(__dirname, "contracts", `${version}.json`));
  for (const company of listCompanies(companiesFolder)) {
    const folder = join(statesFolder, version, company.name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await exportStates(company, folder);
    console.info(`Wrote the states of ${company.name}.`);
  }
}

async function exportStates(company: Company, folder: string): Promise<void> {
  const running = await startCompany(company);
  try {
    await createForeignResources(running);
    // The main stack creates the API whose scopes the shards grant. Deployed again, its gateway knows the shards' organizations.
    const first = running.stacks.length > 1 ? running.stacks.slice(-1) : [];
    for (const stack of [...first, ...running.stacks]) await stack.up();
    cpSync(company.folder, folder, { recursive: true });
    for (const stack of running.stacks) {
      const { version, deployment } = await stack.exportStack();
      writeState(folder, stack.name, { version, deployment }, running);
    }
  } finally {
    await running.system.close();
  }
}

/** Somebody else's, which settings name and which must exist: a function that is a backend, and the bucket of a truststore. */
async function createForeignResources({ system }: RunningCompany): Promise<void> {
  const { provider } = system.cloud.aws;
  await provider.configure({ region: "us-east-1" });
  const create = async (type: string, properties: Record<string, unknown>) => {
    const { inputs } = await provider.check(type, properties, "urn::foreign", undefined);
    return provider.create(type, inputs, false);
  };
  const trust = {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
    ],
  };
  await create("aws:s3/bucket:Bucket", { bucket: "truststore" });
  const role = await create("aws:iam/role:Role", {
    name: "mailer",
    assumeRolePolicy: JSON.stringify(trust),
  });
  await create("aws:lambda/function:Function", {
    name: "mailer",
    role: role.outputs.arn,
    runtime: "nodejs24.x",
    handler: "index.handler",
    code: new asset.AssetArchive({
      "index.mjs": new asset.StringAsset("export const handler = () => undefined;\n"),
    }),
  });
}

void main();
