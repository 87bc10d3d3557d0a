// A running local account, with a REST API whose authorizer and backend the test supplies.
import { createHash } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type AwsOptions, type RunningAws, startAws } from "../src/aws/start-aws";
import { fromStruct } from "../src/engine/property-values";
import type { Properties } from "../src/engine/provider";

/** Shortens Pulumi's type tokens: `lambda/function` for `aws:lambda/function:Function`. */
export function typeOf(short: string): string {
  const name = short.split("/")[1] ?? "";
  return `aws:${short}:${name[0]?.toUpperCase()}${name.slice(1)}`;
}

export interface Created {
  id: string;
  inputs: Properties;
  outputs: Properties;
}

export class Fixture {
  private accessLogs = 0;

  private constructor(
    readonly directory: string,
    readonly aws: RunningAws,
  ) {}

  static async start(options: Partial<AwsOptions> = {}): Promise<Fixture> {
    const directory = options.directory ?? mkdtempSync(join(tmpdir(), "aws-"));
    return new Fixture(directory, await startAws({ ...options, directory }));
  }

  /** Check and create, as the engine does; throws every failure of the check. */
  async create(short: string, inputs: Properties, name = "test"): Promise<Created> {
    const checked = await this.check(short, inputs, name);
    const { id, outputs } = await this.aws.provider.create(typeOf(short), checked, false);
    return { id, inputs: checked, outputs };
  }

  async update(short: string, { id, inputs: oldInputs, outputs: old }: Created, changes: Properties) {
    const { provider } = this.aws;
    const type = typeOf(short);
    const { inputs } = await provider.check(type, { ...oldInputs, ...changes }, "urn::test", oldInputs);
    const outputs = await provider.update(type, id, old, inputs, false);
    return { id, inputs, outputs };
  }

  async check(short: string, inputs: Properties, name = "test"): Promise<Properties> {
    const type = typeOf(short);
    const result = await this.aws.provider.check(
      type,
      inputs,
      `urn:pulumi:s::p::${type}::${name}`,
      undefined,
    );
    if (result.failures.length > 0) {
      throw new Error(result.failures.map(({ property, reason }) => `${property} ${reason}`).join("\n"));
    }
    return result.inputs;
  }

  role(service: string, name: string): Promise<Created> {
    const assumeRolePolicy = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
    };
    return this.create("iam/role", { assumeRolePolicy, name });
  }

  async function(code: string | Record<string, string>, inputs: Properties = {}): Promise<Created> {
    const name = String(inputs.name ?? "authorizer");
    const role = this.aws.account.get(typeOf("iam/role"), `${name}-role`)
      ? this.aws.account.get(typeOf("iam/role"), `${name}-role`)
      : await this.role("lambda.amazonaws.com", `${name}-role`);
    return this.create("lambda/function", {
      name,
      role: role?.outputs.arn,
      runtime: "nodejs24.x",
      handler: "index.handler",
      code: archive(code),
      ...inputs,
    });
  }

  /** A REST API with the body, deployed as stage "v1". */
  async deploy(body: unknown, stage: Properties = {}) {
    const restApi = await this.create("apigateway/restApi", { body: JSON.stringify(body) });
    const deployment = await this.create("apigateway/deployment", { restApi: restApi.id });
    const deployed = await this.create("apigateway/stage", {
      restApi: restApi.id,
      deployment: deployment.id,
      stageName: "v1",
      ...stage,
    });
    return { restApi, deployment, stage: deployed, url: String(deployed.outputs.invokeUrl) };
  }

  /** Lets API Gateway call the function, or an alias of it, for whatever the pattern covers. */
  permit(functionName: string, sourceArn: string, qualifier?: string): Promise<Created> {
    return this.create("lambda/permission", {
      function: functionName,
      ...(qualifier !== undefined && { qualifier }),
      action: "lambda:InvokeFunction",
      principal: "apigateway.amazonaws.com",
      sourceArn,
    });
  }

  /**
   * A stage's settings by which it logs into a group of its own, and the lines of that.
   * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
   */
  async accessLog(format: string) {
    this.accessLogs += 1;
    if (this.accessLogs === 1) {
      const role = await this.role("apigateway.amazonaws.com", "log-writer");
      await this.create("apigateway/account", { cloudwatchRoleArn: role.outputs.arn });
    }
    const group = await this.create("cloudwatch/logGroup", { name: `access-log-${this.accessLogs}` });
    return {
      settings: { accessLogSettings: { destinationArn: group.outputs.arn, format } },
      lines: async () => {
        await this.aws.flushLogs();
        return readFileSync(this.aws.logs.fileOf(group.id), "utf8").trimEnd().split("\n");
      },
    };
  }

  async close({ keep = false } = {}): Promise<void> {
    await this.aws.close();
    if (!keep) await rm(this.directory, { recursive: true, force: true });
  }
}

/** An archive as the engine hands it over: with the hash of its contents, by which it is compared. */
export function archive(code: string | Record<string, string>): unknown {
  const files = typeof code === "string" ? { "index.mjs": code } : code;
  const assets = Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, { ...marked(assetSignature, text), text }]),
  );
  const wire = { code: { ...marked(archiveSignature, JSON.stringify(files)), assets } };
  return fromStruct(Struct.fromJavaScript(wire)).code;
}

/** Marks of the wire format (pulumi/pulumi, sdk/nodejs/runtime/rpc.ts). */
const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";

function marked(signature: string, content: string) {
  return {
    "4dabf18193072939515e22adb298388d": signature,
    hash: createHash("sha256").update(content).digest("hex"),
  };
}

export interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  body: Buffer;
  text: string;
  json: Record<string, unknown>;
}

/**
 * One request on a connection of its own; unlike fetch, it sends the path and the headers exactly as given.
 * @param options `headers` may be a list of names and values by turns, which then has the Host too
 */
export function call(
  url: string,
  options: { method?: string; headers?: Record<string, string> | string[]; body?: string | Buffer } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { origin } = new URL(url);
    const { hostname, port } = new URL(origin);
    const { method, headers } = options;
    const outgoing = httpRequest(
      { hostname, port, path: url.slice(origin.length), method, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const body = Buffer.concat(chunks);
          const text = body.toString();
          let json: Record<string, unknown> = {};
          try {
            json = JSON.parse(text) as Record<string, unknown>;
          } catch {
            // Not every answer is JSON.
          }
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body, text, json });
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(options.body);
  });
}

export interface Backend {
  url: string;
  /** Resolves when the next request for the path has come. */
  nextRequest(path: string): Promise<void>;
  close(): Promise<void>;
}

/** A backend that answers with what it was asked, unless the test has another answer. Bodies are read as latin1. */
export async function startBackend(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void = echo,
): Promise<Backend> {
  const arrivals = new EventEmitter();
  const server = createServer(async (request, response) => {
    arrivals.emit(request.url ?? "");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    answer(request, response, Buffer.concat(chunks).toString("latin1"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    async nextRequest(path) {
      await once(arrivals, path);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function echo(request: IncomingMessage, response: ServerResponse, body: string): void {
  const { method, url, headers, rawHeaders } = request;
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify({ method, url, headers, rawHeaders, body }));
}

/** An operation of a body that is proxied to the backend. */
export function proxied(uri: string, integration: Properties = {}, operation: Properties = {}): Properties {
  return {
    responses: {},
    ...operation,
    "x-amazon-apigateway-integration": { type: "http_proxy", httpMethod: "GET", uri, ...integration },
  };
}

/** The body's part that declares an authorizer of the name "customers". */
export function securedBy(fn: Created, settings: Properties = {}): Properties {
  return {
    securitySchemes: {
      customers: {
        type: "apiKey",
        name: "Authorization",
        in: "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {
          type: "token",
          authorizerUri: fn.outputs.invokeArn,
          ...settings,
        },
      },
    },
  };
}

/** Has a test move the time of setTimeout; everything else goes on by itself. */
export function fakeSetTimeout(): void {
  jest.useFakeTimers({
    doNotFake: ["setImmediate", "clearImmediate", "nextTick", "queueMicrotask", "performance", "Date"],
  });
}
