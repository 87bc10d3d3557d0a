// What the program declares for customers that read their secrets from accounts of their own.

import { type Recording, secretValue } from "../../../../test/support/recorder";
import { runProgram } from "../../../../test/support/run-program";
import { variants } from "../../../../test/support/variants";
import { checkDelivery } from "../../src/delivery/check-delivery";

const config = variants["customers that read their secrets from accounts of their own"] ?? {};
const kmsKeyArn = config["customers-as-code:deliveryKmsKeyArn"];
let recording: Recording;
let delivered: unknown;

beforeAll(async () => {
  const { program, recorder, recording: made } = await runProgram(config);
  recording = made;
  delivered = await recorder.known(program.deliveredSecrets);
}, 60_000);

const namesOf = (type: string) =>
  recording.resources
    .filter((one) => one.type === `aws:secretsmanager/${type}`)
    .map(({ name }) => name)
    .sort();
const find = (type: string, name: string) => recording.find(`aws:secretsmanager/${type}`, name).inputs;
const arnOf = (name: string) => `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}-AbCdEf`;

test("each client that has a secret gets one, and no client of other customers or with a key pair does", () => {
  const clients = ["acme/bookkeeping", "acme/default"];
  for (const type of ["secret:Secret", "secretVersion:SecretVersion", "secretPolicy:SecretPolicy"]) {
    expect([type, namesOf(type)]).toEqual([type, clients]);
  }
});

test("it is encrypted with the key that other accounts may use, and AWS keeps it for a time after its deletion", () => {
  const { kmsKeyId, recoveryWindowInDays } = find("secret:Secret", "acme/default");
  expect(kmsKeyId).toBe(kmsKeyArn);
  expect(recoveryWindowInDays).toBeUndefined();
});

test("it holds what the client needs, of the new rotation where there are two, and is secret on its way there", () => {
  const { secretId, secretString } = find("secretVersion:SecretVersion", "acme/default");
  expect(secretId).toBe(arnOf("acme/default"));
  expect(JSON.parse(String(secretValue(secretString)))).toEqual({
    clientId: "client-of-acme/default/2",
    clientSecret: "secret-of-acme/default/2",
    tokenUrl: "https://example.eu.auth0.com/oauth/token",
    audience: "https://api.example.com/",
    scopes: ["read:orders"],
  });
});

test("the customer's account may read it and nobody else, and a policy that says otherwise is blocked", () => {
  const { secretArn, policy, blockPublicPolicy } = find("secretPolicy:SecretPolicy", "acme/default");
  expect({ secretArn, blockPublicPolicy }).toEqual({
    secretArn: arnOf("acme/default"),
    blockPublicPolicy: true,
  });
  expect(JSON.parse(String(policy))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::012345678901:root" },
        Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        Resource: arnOf("acme/default"),
      },
    ],
  });
});

test("an output has the ARN, without which another account cannot ask for it", () => {
  expect(delivered).toEqual({
    acme: { default: arnOf("acme/default"), bookkeeping: arnOf("acme/bookkeeping") },
  });
});

test("without the key the program ends before it declares anything, and says why", async () => {
  await expect(runProgram({ ...config, "customers-as-code:deliveryKmsKeyArn": "" })).rejects.toThrow(
    "Pulumi.test.yaml  deliveryKmsKeyArn is missing, which the delivery of acme needs: other accounts cannot read a secret that AWS's own key encrypts. Set it with: pulumi config set deliveryKmsKeyArn VALUE",
  );
  expect(checkDelivery([], { file: "Pulumi.test.yaml", deliveryKmsKeyArn: undefined }).problems).toEqual([]);
});
