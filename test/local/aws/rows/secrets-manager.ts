import { policyWith, type Row } from "./row";

const read = {
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::210987654321:root" },
  Action: "secretsmanager:GetSecretValue",
  Resource: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:world-abc123",
};

export const secretsManager: Row[] = [
  {
    type: "secretsmanager/secret",
    inputs: () => ({ name: "row/acme/ci", recoveryWindowInDays: 0 }),
    change: { description: "For Acme." },
    replaced: ["name"],
    refused: [
      // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
      { given: { name: "row acme" }, property: "name", message: /up to 512 letters, digits/ },
      { given: { name: "a".repeat(513) }, property: "name", message: /up to 512/ },
      { given: { name: "row:acme" }, property: "name", message: /up to 512/ },
      { given: { description: "a".repeat(2049) }, property: "description", message: /at most 2048/ },
      { given: { kmsKeyId: "key" }, property: "kmsKeyId", message: /ARN, id or alias/ },
      {
        given: { kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555" },
        message: /InvalidParameterException: .* is not of the secret's region/,
      },
      // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
      ...[6, 31, -1].map((recoveryWindowInDays) => ({
        given: { recoveryWindowInDays },
        property: "recoveryWindowInDays",
        message: /must be 0, or from 7 to 30/,
      })),
      { given: { secretString: "s" }, property: "secretString", message: /not supported/ },
    ],
  },
  {
    type: "secretsmanager/secretVersion",
    inputs: ({ secret }) => ({ secretId: secret.outputs.arn, secretString: "{}" }),
    change: undefined,
    replaced: ["secretId", "secretString"],
    generatedId: true,
    refused: [
      { given: { secretId: undefined }, property: "secretId", message: /required/ },
      { given: { secretString: undefined }, property: "secretString", message: /required/ },
      // https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
      { given: { secretString: "" }, property: "secretString", message: /from 1 to 65536 bytes, has 0/ },
      {
        given: { secretString: "ü".repeat(32_769) },
        property: "secretString",
        message: /from 1 to 65536 bytes, has 65538/,
      },
      { given: { secretId: "nobody" }, message: /ResourceNotFoundException/ },
    ],
  },
  {
    type: "secretsmanager/secretPolicy",
    inputs: ({ secret }) => ({ secretArn: secret.outputs.arn, policy: policyWith(read) }),
    change: { blockPublicPolicy: true },
    replaced: ["secretArn"],
    refused: [
      { given: { secretArn: undefined }, property: "secretArn", message: /required/ },
      { given: { policy: "{" }, property: "policy", message: /MalformedPolicyDocument/ },
      {
        given: { policy: policyWith({ ...read, Principal: undefined }) },
        property: "policy",
        message: /Principal is missing/,
      },
      {
        given: { policy: policyWith({ ...read, Sid: "a".repeat(20_480) }) },
        property: "policy",
        message: /up to 20480 bytes/,
      },
      { given: { secretArn: "nobody" }, message: /ResourceNotFoundException/ },
      // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html
      ...["*", { AWS: "*" }, { AWS: ["arn:aws:iam::210987654321:root", "*"] }].map((Principal) => ({
        given: { blockPublicPolicy: true, policy: policyWith({ ...read, Principal }) },
        message: /PublicPolicyException/,
      })),
    ],
  },
];
