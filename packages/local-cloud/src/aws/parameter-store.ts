// The Systems Manager's endpoint: people change a parameter that the program declares, and functions read it.
import { createServer, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { closeServer, listenAtRememberedPort } from "../port";
import type { Account } from "./account";
import { isObject } from "./property";
import { AwsError, textOf } from "./resource-type";
import { findParameter, overwriteParameter, versionOf } from "./services/ssm";

interface ParameterStore {
  /** For AWS_ENDPOINT_URL_SSM, or `aws ssm --endpoint-url`. */
  url: string;
  close(): Promise<void>;
}

export async function startParameterStore(account: Account): Promise<ParameterStore> {
  const server = createServer(async (request, response) => {
    let status = 200;
    const answer = await answerOf(request, account).catch((error: unknown) => {
      status = error instanceof AwsError ? 400 : 500;
      if (!(error instanceof AwsError)) console.error("the local parameter store failed:", error);
      return errorOf(error);
    });
    response.writeHead(status, { "Content-Type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(answer));
  });
  const file = join(account.directory, "ssm", "port");
  const port = await listenAtRememberedPort(server, file, "the parameter store");
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => closeServer(server),
  };
}

type Action = (input: Record<string, unknown>, account: Account) => object | Promise<object>;

const actions = new Map<string, Action>([
  ["AmazonSSM.GetParameter", getParameter],
  ["AmazonSSM.PutParameter", putParameter],
]);

/** The JSON protocol: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
async function answerOf(request: IncomingMessage, account: Account): Promise<object> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  checkSigned(request);
  const action = actions.get(String(request.headers["x-amz-target"]));
  if (request.method !== "POST" || !action) {
    throw new AwsError("UnknownOperationException", "The local cloud has GetParameter and PutParameter.");
  }
  return action(parse(Buffer.concat(chunks).toString()), account);
}

/** The signature itself is not verified: on this machine there is no secret to verify it by. */
function checkSigned({ headers: { authorization } }: IncomingMessage): void {
  if (authorization === undefined) {
    throw new AwsError("MissingAuthenticationTokenException", "Missing Authentication Token");
  }
  const scope = /^AWS4-HMAC-SHA256 Credential=[^/,\s]+\/\d{8}\/[a-z0-9-]+\/(\w+)\/aws4_request,/.exec(
    authorization,
  );
  if (!scope || !/SignedHeaders=[^,]+,\s*Signature=[0-9a-f]{64}$/.test(authorization)) {
    throw new AwsError("IncompleteSignatureException", "The Authorization header is no AWS signature.");
  }
  if (scope[1] !== "ssm") {
    throw new AwsError("InvalidSignatureException", "Credential should be scoped to correct service: 'ssm'.");
  }
}

function getParameter({ Name }: Record<string, unknown>, account: Account): object {
  const parameter = findParameter(text("Name", Name), account);
  const { inputs, outputs, state } = parameter;
  return {
    Parameter: {
      ARN: outputs.arn,
      DataType: inputs.dataType,
      LastModifiedDate: Number(state.lastModified) / 1000,
      Name: inputs.name,
      Type: inputs.type,
      Value: inputs.value,
      Version: versionOf(parameter),
    },
  };
}

async function putParameter(input: Record<string, unknown>, account: Account): Promise<object> {
  const value = text("Value", input.Value);
  const parameter = findParameter(text("Name", input.Name), account);
  if (input.Overwrite !== true) {
    throw new AwsError(
      "ParameterAlreadyExists",
      "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
    );
  }
  if (input.Type !== undefined && input.Type !== textOf(parameter.inputs.type)) {
    throw new AwsError("HierarchyTypeMismatchException", "The type of a parameter cannot be changed.");
  }
  const tier = input.Tier === undefined ? undefined : text("Tier", input.Tier);
  const { version, tier: Tier } = await overwriteParameter(parameter, { value, tier }, account);
  return { Tier, Version: version };
}

function text(name: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new AwsError("ValidationException", `${name} must be a string that is not empty.`);
}

function parse(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    if (isObject(value)) return value;
  } catch {
    // Reported below.
  }
  throw new AwsError("SerializationException", "The body is no JSON object.");
}

function errorOf(error: unknown): object {
  if (!(error instanceof AwsError)) return { __type: "InternalServerError" };
  const message = error.message.slice(`${error.code}: `.length);
  return { __type: error.code, ...(message && { message }) };
}
