import { policyWith, type Row, required } from "./row";

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
    refused: {
      "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html": [
        ["name", "row acme", /up to 512 letters, digits/],
        ["name", "a".repeat(513), /up to 512/],
        ["name", "row:acme", /up to 512/],
        ["description", "a".repeat(2049), /at most 2048/],
        ["kmsKeyId", "key", /ARN, id or alias/],
        {
          given: { kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555" },
          message: /InvalidParameterException: .* is not of the secret's region/,
        },
      ],
      "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html": [
        ...[6, 31, -1].map((recoveryWindowInDays) => ({
          given: { recoveryWindowInDays },
          property: "recoveryWindowInDays",
          message: /must be 0, or from 7 to 30/,
        })),
      ],
      "local: it has no other properties": [["secretString", "s", /not supported/]],
    },
  },
  {
    type: "secretsmanager/secretVersion",
    inputs: ({ secret }) => ({ secretId: secret.outputs.arn, secretString: "{}" }),
    change: undefined,
    replaced: ["secretId", "secretString"],
    generatedId: true,
    refused: {
      "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html": [
        ["secretId", undefined, /required/],
        ["secretString", undefined, /required/],
        { given: { secretId: "nobody" }, message: /ResourceNotFoundException/ },
      ],
      "https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html": [
        ["secretString", "", /from 1 to 65536 bytes, has 0/],
        ["secretString", "ü".repeat(32_769), /from 1 to 65536 bytes, has 65538/],
      ],
    },
  },
  {
    type: "secretsmanager/secretPolicy",
    inputs: ({ secret }) => ({ secretArn: secret.outputs.arn, policy: policyWith(read) }),
    change: { blockPublicPolicy: true },
    replaced: ["secretArn"],
    refused: {
      "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html": [
        ["secretArn", undefined, /required/],
        { given: { secretArn: "nobody" }, message: /ResourceNotFoundException/ },
        ...["*", { AWS: "*" }, { AWS: ["arn:aws:iam::210987654321:root", "*"] }].map((Principal) => ({
          given: { blockPublicPolicy: true, policy: policyWith({ ...read, Principal }) },
          message: /PublicPolicyException/,
        })),
        ...required("policy"),
      ],
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html": [
        { given: { policy: "{" }, property: "policy", message: /MalformedPolicyDocument/ },
      ],
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html": [
        ["policy", policyWith({ ...read, Principal: undefined }), /Principal is missing/],
      ],
      "https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html": [
        ["policy", policyWith({ ...read, Sid: "a".repeat(20_480) }), /up to 20480 bytes/],
      ],
    },
  },
];
