// Whoever is put on the live list is denied by the running function, without a deployment.
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Credentials,
  type Customers,
  getToken,
  readOutput,
} from "../../packages/local-cloud/src/credentials";
import { ssm } from "../../packages/local-cloud/testing/ssm-client";
import { changesOf, openTestCloud, type TestCloud } from "./local-cloud";

let system: TestCloud;
beforeAll(async () => {
  system = await openTestCloud();
  await system.stack.up();
});
afterAll(() => system?.close());

/** docs/explanation/authorizer.md: the list is read again after 30 seconds, and waited for after 60. */
const boundSeconds = 60;

test("a suspension in the parameter takes effect within its bound, and is no change for Pulumi", async () => {
  const { cloud, stack } = system;
  const outputs = await stack.outputs();
  const credentials = readOutput<Credentials>(outputs, "credentials").acme?.default;
  if (!credentials) throw new Error("there is no client acme/default");
  const call = async () => {
    // A fresh token each time: API Gateway remembers no answer about it.
    const token = await getToken(cloud.fetch, credentials);
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${readOutput<string>(outputs, "url")}/orders`, { headers })).status;
  };
  expect(await call()).toBe(200);

  const Name = readOutput<string>(outputs, "suspensionsParameter");
  const organizations = [readOutput<Customers>(outputs, "customers").acme?.organizationId];
  const Value = JSON.stringify({ organizations });
  expect(await ssm(cloud.aws.ssmUrl, "PutParameter", { Name, Value, Overwrite: true })).toMatchObject({
    status: 200,
  });

  const deadline = Date.now() + (boundSeconds + 5) * 1000;
  let status = await call();
  while (status === 200 && Date.now() < deadline) {
    await sleep(1100);
    status = await call();
  }
  expect(status).toBe(403);
  expect(await changesOf((options) => stack.preview(options))).toEqual({});
  expect(await changesOf((options) => stack.up(options))).toEqual({});
  expect(await call()).toBe(403);
});
