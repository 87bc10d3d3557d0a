// What the provider does beyond a single resource: names, comparisons, refused deletions, restarts, functions.
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { AssetArchive, FileArchive, RemoteArchive, StringAsset } from "@pulumi/pulumi/asset";
import { bucketDirectory } from "../../src/aws/services/s3";
import { UNKNOWN } from "../../src/engine/provider";
import { archive, Fixture, proxied, typeOf } from "../../testing/fixture";
import { policyWith, trustOf } from "./rows/row";

let fixture: Fixture;

beforeEach(async () => {
  fixture = await Fixture.start();
});

afterEach(() => fixture.close());

const roleType = typeOf("iam/role");
const urn = (type: string, name: string) => `urn:pulumi:s::p::a:b:C$${type}::${name}`;

// Local: as the official provider makes them (internal/create/naming.go of hashicorp/terraform-provider-aws, and Pulumi's auto-naming).
describe("names", () => {
  const check = (inputs: Record<string, unknown>, old?: Record<string, unknown>, type = roleType) =>
    fixture.aws.provider.check(type, inputs, urn(type, "Authorizer"), old);
  const inputs = { assumeRolePolicy: trustOf("lambda.amazonaws.com") };

  it("are made from the resource's own where the program gives none", async () => {
    expect((await check(inputs)).inputs.name).toMatch(/^Authorizer-[\da-f]{7}$/);
  });

  it("are lower case where the service demands it, and short enough", async () => {
    const type = typeOf("s3/bucket");
    const long = `Access-Logs-${"x".repeat(80)}`;
    const { inputs: bucket, failures } = await fixture.aws.provider.check(
      type,
      {},
      urn(type, long),
      undefined,
    );
    expect(failures).toEqual([]);
    expect(bucket.bucket).toMatch(/^access-logs-x+-[\da-f]{7}$/);
  });

  it("stay where they were made before, and differ for every new resource", async () => {
    const first = await check(inputs);
    const second = await check(inputs, first.inputs);
    expect(second.inputs.name).toBe(first.inputs.name);
    expect((await check(inputs)).inputs.name).not.toBe(first.inputs.name);
  });

  it("that the program gives up are created again, which replaces the resource", async () => {
    const named = await check({ ...inputs, name: "mine" });
    const unnamed = await check(inputs, named.inputs);
    expect(unnamed.inputs.name).toMatch(/^Authorizer-/);
    const diff = await fixture.aws.provider.diff(roleType, "mine", named.inputs, {}, unnamed.inputs);
    expect(diff).toEqual({ changed: ["name"], replace: ["name"], deleteBeforeReplace: false });
  });

  it("that the program keeps through a replacement are freed first", async () => {
    const before = await check({ ...inputs, name: "mine" });
    const after = await check({ ...inputs, name: "mine", path: "/service/" }, before.inputs);
    const diff = await fixture.aws.provider.diff(roleType, "mine", before.inputs, {}, after.inputs);
    expect(diff).toEqual({ changed: ["path"], replace: ["path"], deleteBeforeReplace: true });
  });
});

// Local: as the official provider makes them, which compares policies by what they say and archives by their hash.
describe("comparisons", () => {
  it("find no difference between two spellings of a policy", async () => {
    const text = trustOf("lambda.amazonaws.com");
    const role = await fixture.create("iam/role", { assumeRolePolicy: text });
    for (const assumeRolePolicy of [JSON.stringify(JSON.parse(text), null, 2), JSON.parse(text)]) {
      const { inputs } = await fixture.aws.provider.check(roleType, { assumeRolePolicy }, "urn", role.inputs);
      const diff = await fixture.aws.provider.diff(roleType, role.id, role.inputs, role.outputs, inputs);
      expect(diff.changed).toEqual([]);
    }
  });

  it("tell archives apart by their contents", async () => {
    const type = typeOf("lambda/function");
    const { inputs } = await fixture.function("export const handler = 1;");
    const diff = (code: unknown) => fixture.aws.provider.diff(type, "id", inputs, {}, { ...inputs, code });
    expect((await diff(archive("export const handler = 1;"))).changed).toEqual([]);
    expect((await diff(archive("export const handler = 2;"))).changed).toEqual(["code"]);
    expect((await diff(archive({ "main.mjs": "export const handler = 1;" }))).changed).toEqual(["code"]);
  });

  it("take what a preview does not know for a difference, and for valid", async () => {
    const checked = await fixture.aws.provider.check(
      typeOf("apigateway/stage"),
      {
        restApi: UNKNOWN,
        deployment: UNKNOWN,
        stageName: "v1",
        accessLogSettings: { destinationArn: UNKNOWN, format: "$context.requestId" },
      },
      "urn::stage",
      undefined,
    );
    expect(checked.failures).toEqual([]);
    const policy = await fixture.aws.provider.check(
      typeOf("iam/rolePolicy"),
      {
        role: "r",
        policy: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "s3:*", Resource: UNKNOWN }],
        },
      },
      "urn::policy",
      undefined,
    );
    expect(policy.failures).toEqual([]);
    expect(policy.inputs.policy).toBe(UNKNOWN);
  });

  it("report every reason of one resource at once", async () => {
    const { failures } = await fixture.aws.provider.check(
      typeOf("lambda/function"),
      { runtime: "nodejs18.x", timeout: 0, handlr: "index.handler" },
      "urn::function",
      undefined,
    );
    const properties = ["code", "handler", "role", "runtime", "timeout", "handlr"];
    expect(failures.map(({ property }) => property).sort()).toEqual(properties.sort());
  });
});

describe("a deletion", () => {
  const remove = (short: string, id: string) => fixture.aws.provider.delete(typeOf(short), id, {});

  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html
  it("of a role waits for its policies", async () => {
    const role = await fixture.role("lambda.amazonaws.com", "r");
    const policy = policyWith({ Effect: "Allow", Action: "s3:*", Resource: "*" });
    const attached = await fixture.create("iam/rolePolicy", { role: role.id, name: "p", policy });
    await expect(remove("iam/role", role.id)).rejects.toThrow(
      "deleting IAM Role (r): DeleteConflict: Cannot delete entity, must detach all policies first.",
    );
    await remove("iam/rolePolicy", attached.id);
    await expect(remove("iam/role", role.id)).resolves.toBeUndefined();
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html
  it("of a bucket with objects needs forceDestroy", async () => {
    const bucket = await fixture.create("s3/bucket", { bucket: "logs" });
    const directory = bucketDirectory(fixture.aws.account, "logs");
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "object"), "");
    await expect(remove("s3/bucket", bucket.id)).rejects.toThrow(
      "BucketNotEmpty: The bucket you tried to delete is not empty.",
    );
    await fixture.update("s3/bucket", bucket, { forceDestroy: true });
    await expect(remove("s3/bucket", bucket.id)).resolves.toBeUndefined();
  });

  // https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteDeployment.html
  // https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteRestApi.html
  it("of a deployment waits for the stages that serve it, and that of an API takes both along", async () => {
    const paths = { "/a": { get: proxied("http://127.0.0.1:9") } };
    const { restApi, deployment, stage } = await fixture.deploy({ openapi: "3.0.1", paths });
    await expect(remove("apigateway/deployment", deployment.id)).rejects.toThrow(
      /Active stages pointing to this deployment must be moved or deleted/,
    );
    await remove("apigateway/restApi", restApi.id);
    expect(fixture.aws.account.get(typeOf("apigateway/stage"), stage.id)).toBeUndefined();
    expect(fixture.aws.account.get(typeOf("apigateway/deployment"), deployment.id)).toBeUndefined();
  });

  // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
  it("of a secret keeps its name for as long as it can be restored", async () => {
    const named = { name: "acme/ci" };
    const first = await fixture.create("secretsmanager/secret", named);
    await remove("secretsmanager/secret", first.id);
    await expect(fixture.create("secretsmanager/secret", named)).rejects.toThrow(
      "InvalidRequestException: You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
    const second = await fixture.create("secretsmanager/secret", {
      name: "acme/cd",
      recoveryWindowInDays: 0,
    });
    await remove("secretsmanager/secret", second.id);
    const third = await fixture.create("secretsmanager/secret", { name: "acme/cd" });
    expect(third.id).not.toBe(second.id);
  });

  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/protecting-log-groups-from-deletion.html
  it("of a protected log group is refused", async () => {
    const group = await fixture.create("cloudwatch/logGroup", { deletionProtectionEnabled: true });
    await expect(remove("cloudwatch/logGroup", group.id)).rejects.toThrow(
      "ValidationException: Cannot delete log group with deletion protection enabled. Disable deletion protection first.",
    );
  });
});

describe("a deployment", () => {
  // https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDeployment.html
  it.each([
    ["without methods", {}, "The REST API doesn't contain any methods"],
    [
      "of a method without an integration",
      { "/a": { get: { responses: {} } } },
      "No integration defined for method",
    ],
  ])("%s is refused", async (_title, paths, message) => {
    const body = JSON.stringify({ openapi: "3.0.1", paths });
    const restApi = await fixture.create("apigateway/restApi", { body });
    await expect(fixture.create("apigateway/deployment", { restApi: restApi.id })).rejects.toThrow(message);
  });

  // https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html
  it("of another API is none that a stage can serve", async () => {
    const body = JSON.stringify({
      openapi: "3.0.1",
      paths: { "/a": { get: proxied("http://127.0.0.1:9") } },
    });
    const [one, two] = [
      await fixture.create("apigateway/restApi", { body }, "one"),
      await fixture.create("apigateway/restApi", { body }, "two"),
    ];
    const deployment = await fixture.create("apigateway/deployment", { restApi: one.id });
    const stage = { restApi: two.id, deployment: deployment.id, stageName: "v1" };
    await expect(fixture.create("apigateway/stage", stage)).rejects.toThrow(/Invalid Deployment identifier/);
  });
});

// Local: AWS takes zip files, which need not be made here.
describe("the code of a function", () => {
  const create = (code: unknown) => fixture.function("", { code });

  it("is an archive of files or a directory", async () => {
    const remote = new RemoteArchive("https://127.0.0.1/code.zip");
    await expect(create(remote)).rejects.toThrow(
      "the local cloud reads the code of a function from an AssetArchive or a directory only",
    );
  });

  it("is no packed file", async () => {
    const path = join(fixture.directory, "code.zip");
    writeFileSync(path, "");
    await expect(create(new FileArchive(path))).rejects.toThrow(
      `${path}: the local cloud does not unpack archives. Give the directory itself.`,
    );
  });

  it("has no file outside of the function's directory", async () => {
    const file = new StringAsset("export const handler = async () => 1;");
    await expect(create(new AssetArchive({ "../index.mjs": file }))).rejects.toThrow(
      `the archive's file "../index.mjs" lies outside of it`,
    );
  });
});

// Local: AWS is always there.
it("keeps the account and the gateway's port through a restart", async () => {
  const role = await fixture.role("lambda.amazonaws.com", "r");
  const { url } = fixture.aws;
  await fixture.close({ keep: true });
  fixture = await Fixture.start({ directory: fixture.directory });
  expect(fixture.aws.url).toBe(url);
  expect(await fixture.aws.provider.read(roleType, role.id, role.inputs, role.outputs)).toEqual(role);
});

// Local: AWS is always there.
it("leaves nothing listening if the gateway's port is taken", async () => {
  const { directory } = fixture;
  await fixture.close({ keep: true });
  const ssmUrl = `http://127.0.0.1:${Number(readFileSync(join(directory, "ssm", "port"), "utf8"))}`;
  const taken = createServer().listen(Number(readFileSync(join(directory, "port"), "utf8")), "127.0.0.1");
  await once(taken, "listening");
  await expect(Fixture.start({ directory })).rejects.toThrow(/which the gateway had before, is taken/);
  await expect(fetch(ssmUrl)).rejects.toThrow("fetch failed");
  await new Promise((resolve) => taken.close(resolve));
  fixture = await Fixture.start({ directory });
});

// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
it("knows who and where the caller is, and no more", async () => {
  const { provider } = fixture.aws;
  expect(await provider.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})).toMatchObject({
    accountId: "123456789012",
  });
  await provider.configure({ region: "eu-west-1" });
  expect(await provider.invoke("aws:index/getRegion:getRegion", {})).toMatchObject({ name: "eu-west-1" });
  expect((await fixture.create("cloudwatch/logGroup", { name: "g" })).outputs.arn).toBe(
    "arn:aws:logs:eu-west-1:123456789012:log-group:g",
  );
  await expect(provider.invoke("aws:index/getAmi:getAmi", {})).rejects.toThrow(
    /has no function aws:index\/getAmi/,
  );
  await expect(provider.check("aws:sqs/queue:Queue", {}, "urn", undefined)).rejects.toThrow(
    "the local cloud has no aws:sqs/queue:Queue. Add a row for it in packages/local-cloud/src/aws/services.",
  );
});
