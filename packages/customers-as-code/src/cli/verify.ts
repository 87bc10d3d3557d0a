import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Command } from "@commander-js/extra-typings";
import { loadDocument } from "../openapi/load-document";
import { ProblemsError, UsageError } from "../problems/command";
import type { Problem } from "../problems/problem";
import { askLastSeen } from "../review/comment/moesif";
import { effectiveSettings } from "../settings/effective-settings";
import { findOutputs } from "../stacks/outputs";
import { readPulumi } from "../stacks/pulumi-cli";
import { readStack } from "../stacks/stack-settings";
import type { Connections } from "../verify/ask-question";
import { askAws } from "../verify/aws-cli";
import { readAwsResources } from "../verify/aws-resources";
import { renderResults, resultsAsJson } from "../verify/print-results";
import { readDefaultEndpoint, readOperation, readStackUnderTest } from "../verify/read-stack";
import { exitCodeOf, runClaims } from "../verify/run-claims";
import { createTransport } from "../verify/transport";
import { commonOptions, describeEnvironment, describeExamples, readCount, tenantVariables } from "./options";

const { json, openapi } = commonOptions;

export const verifyCommand = new Command("verify")
  .description(
    "Calls a deployed stack as a customer does, and as an attacker would, and reports which claims of the docs hold. It sends GET requests only, unless you name an operation, and changes nothing. Ends with 0 if no claim that guards customers fails, with 1 if one fails, and with 2 if it cannot find out.",
  )
  .requiredOption("--stack <name>", "the deployed stack")
  .option(
    "--customer <id>",
    "the customer whose client calls, or CUSTOMER/CLIENT; its client must have a secret (default: canary)",
  )
  .option("--outputs <file>", "the stack's outputs as JSON, secrets in clear, instead of asking Pulumi")
  .addOption(openapi)
  .option(
    "--shows-headers <operation>",
    'such as "GET /headers": answers with the headers that it gets',
    operationOf("--shows-headers"),
  )
  .option(
    "--echoes-body <operation>",
    'such as "POST /echo": answers with the body that it gets',
    operationOf("--echoes-body"),
  )
  .option(
    "--too-slow <operation>",
    'such as "GET /slow": its backend takes longer than its timeoutMs',
    operationOf("--too-slow"),
  )
  .option("--expired-token <file>", "an expired token of the customer, which the gateway must refuse")
  .option(
    "--default-endpoint <url>",
    "the API's own endpoint, https://ID.execute-api.REGION.amazonaws.com, which customDomain must close",
    readDefaultEndpoint,
  )
  .option("--management-token", "also send a Management API token, which the gateway must refuse", false)
  .option(
    "--await-suspension <seconds>",
    "measure how soon a suspension that you make elsewhere takes effect",
    readCount,
  )
  .option(
    "--aws",
    "also ask AWS for log lines and roles, by the AWS CLI and its credentials; it only reads",
    false,
  )
  .option("--moesif-seconds <seconds>", "how long Moesif may take to show an event", readCount, 180)
  .addOption(json)
  .addHelpText(
    "after",
    describeEnvironment({
      MOESIF_MANAGEMENT_API_KEY: "asks Moesif whether it has the customer's calls",
      AUTH0_CLIENT_ID: "with --management-token: the client that Pulumi uses",
      AUTH0_CLIENT_SECRET: tenantVariables.AUTH0_CLIENT_SECRET,
      AUTH0_DOMAIN: "domain of the tenant, if the stack's settings don't name it",
    }),
  )
  .addHelpText("after", describeExamples("verify --stack dev --customer acme"))
  .action(async (options) => {
    const problems: Problem[] = [];
    const settings = readStack(options.stack, problems);
    const document = loadDocument(options.openapi ?? effectiveSettings(settings).openapi, []);
    // A preview reports what else is wrong with the document.
    if (document.api.operations.length === 0) problems.push(...document.problems);
    if (problems.length > 0) throw new ProblemsError(problems, 2);
    const { AUTH0_DOMAIN: domain = "", MOESIF_MANAGEMENT_API_KEY: moesifKey } = process.env;
    const who = options.customer;
    const outputs = options.outputs
      ? readOutputsFile(options.outputs)
      : await findOutputs(who?.split("/")[0] ?? "canary", options.stack, {
          outputs: readOutputs,
          current: async () => options.stack,
        });
    const stack = {
      ...readStackUnderTest({ outputs, settings, who, domain }),
      operations: document.api.operations,
      marker: `verify${randomBytes(6).toString("hex")}`,
      given: {
        showsHeaders: options.showsHeaders,
        echoesBody: options.echoesBody,
        tooSlow: options.tooSlow,
        expiredToken: options.expiredToken && readToken(options.expiredToken),
        defaultEndpoint: options.defaultEndpoint,
        hasManagementToken: options.managementToken,
        aws: options.aws ? readAwsResources(await exportState(options.stack)) : undefined,
        hasMoesifKey: Boolean(moesifKey),
        awaitSuspensionSeconds: options.awaitSuspension,
      },
    };
    const results = await runClaims(stack, {
      send: createTransport(),
      askAws,
      ...(moesifKey && { lastSeen: (id) => askLastSeen(id, process.env) }),
      ...managementClient(),
      moesifSeconds: options.moesifSeconds,
      pollSeconds: 2,
    });
    const tried = { stack: options.stack, url: stack.url, customer: stack.customer.name };
    console.log(
      options.json ? JSON.stringify(resultsAsJson(tried, results), null, 2) : renderResults(tried, results),
    );
    process.exitCode = exitCodeOf(results);
  });

function operationOf(option: string) {
  return (text: string) => readOperation(option, text);
}

function managementClient(): Pick<Connections, "management"> {
  const { AUTH0_CLIENT_ID: clientId, AUTH0_CLIENT_SECRET: clientSecret } = process.env;
  return clientId && clientSecret ? { management: { clientId, clientSecret } } : {};
}

async function readOutputs(stack: string | undefined): Promise<unknown> {
  const named = stack === undefined ? [] : ["--stack", stack];
  return JSON.parse(await readPulumi(["stack", "output", "--json", "--show-secrets", ...named]));
}

async function exportState(stack: string): Promise<unknown> {
  return JSON.parse(await readPulumi(["stack", "export", "--stack", stack]));
}

/** The parser's words would quote what may be secret. */
function readOutputsFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new UsageError(`--outputs ${file} cannot be read as JSON.`);
  }
}

function readToken(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    throw new UsageError(`--expired-token ${file} cannot be read.`);
  }
}
