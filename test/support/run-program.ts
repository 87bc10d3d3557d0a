// The program as the engine runs it, with a recorder in the engine's place and the tenant's keys given.
import { generateKeyPairSync } from "node:crypto";

export const config = {
  "auth0:domain": "example.eu.auth0.com",
  "customers-as-code:audience": "https://api.example.com/",
  "customers-as-code:backendUrl": "https://backend.example.com",
  "customers-as-code:publicRoutes": '["GET /health"]',
};
export const moesif = {
  "customers-as-code:moesifIngestUrl": "https://moesif.example.com/ingest",
  "customers-as-code:moesifApplicationId": "moesif-application",
};
const answers = {
  "auth0:index/getUser:getUser": { id: "auth0|jane" },
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012", arn: "", id: "", userId: "" },
  "aws:index/getRegion:getRegion": {
    region: "eu-central-1",
    description: "",
    endpoint: "",
    id: "",
    name: "",
  },
};

const jwk = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ format: "jwk" });
const jwks = JSON.stringify({ keys: [{ ...jwk, kid: "key-1", use: "sig", alg: "RS256" }] });

/** The SDKs take seconds to load, and keep nothing of a run that the next one's recorder does not replace. */
const sdks = ["@pulumi/pulumi", "../../packages/customers-as-code/src/pulumi/aws", "@pulumi/auth0"];
for (const sdk of [...sdks, "@pulumi/awsx/ec2", "@pulumi/awsx/ecs", "@pulumi/awsx/lb"]) {
  const loaded: unknown = jest.requireActual(sdk);
  jest.doMock(sdk, () => loaded);
}

export interface ProgramOptions {
  /** Name of the stack that runs. */
  stack?: string;
  /** A stack's outputs of its last deployment; default: nothing. */
  outputsOf?(stack: string): object;
}

/** Loads the program afresh; the tenant cannot be reached from a test, so its key set is given. */
export async function runProgram(more: Record<string, string> = {}, options: ProgramOptions = {}) {
  const { program, ...ran } = await runOtherProgram(more, {
    load: (): typeof import("../../index") => require("../../index"),
    ...options,
  });
  const { known } = ran.recorder;
  const outputs = {
    url: await known(program.url),
    portalEnv: await known(program.portalEnv),
    customers: await known(program.customers),
    credentials: await known(program.credentials),
    portalUrl: await known(program.portalUrl),
    portalLoadBalancer: await known(program.portalLoadBalancer),
  };
  // What nothing waits for is declared too.
  await disconnect();
  return { ...ran, outputs, program };
}

/** @param options.load loads the program, whose default export declares it */
export async function runOtherProgram<Outputs extends object>(
  more: Record<string, string>,
  {
    load,
    stack = "test",
    outputsOf = () => ({}),
  }: ProgramOptions & { load: () => { default: () => Promise<Outputs> } },
) {
  jest.resetModules();
  jest.spyOn(globalThis, "fetch").mockImplementation(async (url) => {
    expect(String(url)).toBe("https://example.eu.auth0.com/.well-known/jwks.json");
    return new Response(jwks);
  });
  const recorder: typeof import("./recorder") = require("./recorder");
  const recording = await recorder.record(
    { ...config, ...more },
    {
      ...answers,
      "pulumi:pulumi:readStackOutputs": ({ name }: Record<string, unknown>) => ({
        outputs: outputsOf(String(name).replace("organization/customers-as-code/", "")),
      }),
    },
    stack,
  );
  const program = await load().default();
  return { recording, program, recorder };
}

/** Waits for everything that is being declared. */
export async function disconnect(): Promise<void> {
  const { runtime }: typeof import("@pulumi/pulumi") = require("@pulumi/pulumi");
  await runtime.disconnect();
}
