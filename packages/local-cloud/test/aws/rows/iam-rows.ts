import { policyWith, type Row, required, trustOf } from "./row";

const identity = { Effect: "Allow", Action: "logs:PutLogEvents", Resource: "*" };
const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };

export const iam: Row[] = [
  {
    type: "iam/role",
    inputs: () => ({ name: "row-role", assumeRolePolicy: trustOf("lambda.amazonaws.com") }),
    change: { description: "changed" },
    replaced: ["name", "path"],
    refused: {
      "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html": [
        ["assumeRolePolicy", undefined, /required/],
        ["name", "two words", /up to 64/],
        ["name", "x".repeat(65), /up to 64/],
        ["maxSessionDuration", 60, /3600 to 43200/],
        ["path", "service", /not valid/],
        ["permissionsBoundary", "arn:aws:s3:::b", /iam/],
        ["description", "x".repeat(1001), /at most 1000/],
        ["managedPolicyArns[0]", "arn:aws:sns:eu-central-1:123456789012:row", /ARN of a resource of iam/],
        ["maxSessionDuration", 43201, /from 3600 to 43200/],
      ],
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html": [
        { given: { assumeRolePolicy: "{" }, property: "assumeRolePolicy", message: /is not JSON/ },
      ],
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html": [
        ["assumeRolePolicy", policyWith({ ...trust, Resource: "*" }), /prohibited field Resource/],
      ],
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html": [
        [
          "assumeRolePolicy",
          policyWith({ Effect: "Allow", Action: "sts:AssumeRole" }),
          /Principal is missing/,
        ],
      ],
      "local: it has no other properties": [["rolle", 1, /not supported/]],
      'guess: IAM has it so, in other words ("AssumeRole policy may only specify STS AssumeRole actions"), and no page for it':
        [
          ["assumeRolePolicy", policyWith({ ...trust, Action: "s3:GetObject" }), /not one of sts/],
          ["assumeRolePolicy", policyWith({ ...trust, Action: "*" }), /not one of sts/],
          ["assumeRolePolicy", policyWith({ ...trust, Action: "sts:*" }), /not one of sts/],
        ],
    },
  },
  {
    type: "iam/rolePolicy",
    inputs: ({ lambdaRole }) => ({ name: "row-policy", role: lambdaRole.id, policy: policyWith(identity) }),
    change: { policy: policyWith({ ...identity, Action: "logs:CreateLogStream" }) },
    replaced: ["name", "role"],
    refused: {
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html": [
        ["policy", "[]", /MalformedPolicyDocument: must be a JSON object/],
        ["policy", policyWith(identity, { Statements: [] }), /"Statements" is not an element of a policy/],
        ["policy", policyWith({ ...identity, Actions: [] }), /"Actions" is not allowed here/],
        ["policy", policyWith(identity, { Statement: ["Allow"] }), /Statement\[0\]: must be an object/],
      ],
      "https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html": [
        ["role", undefined, /required/],
        { given: { role: "nobody" }, message: /NoSuchEntity: The role with name nobody cannot be found/ },
        ...required("policy"),
        ["name", "x".repeat(129), /up to 128/],
      ],
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html": [
        ["policy", policyWith({ ...identity, Effect: "allow" }), /Effect/],
      ],
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html": [
        ["policy", policyWith({ ...identity, Action: "PutLogEvents" }), /service:Action/],
      ],
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html": [
        ["policy", policyWith({ ...identity, Resource: "bucket" }), /ARN format/],
      ],
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html": [
        ["policy", policyWith({ ...identity, Principal: "*" }), /"Principal" is not allowed/],
      ],
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html": [
        ["policy", policyWith({ ...identity, NotAction: "s3:*" }), /exclude each other/],
      ],
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html": [
        ["policy", policyWith(identity, { Version: "2012-10-18" }), /2012-10-17/],
      ],
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html": [
        ["policy", JSON.stringify({ Version: "2012-10-17" }), /Statement is missing/],
      ],
    },
  },
  {
    type: "iam/rolePolicyAttachment",
    inputs: ({ lambdaRole }) => ({
      role: lambdaRole.id,
      policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
    }),
    change: undefined,
    replaced: ["role", "policyArn"],
    refused: {
      "https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html": [
        ["policyArn", "ReadOnlyAccess", /ARN of a resource of iam/],
        ["policyArn", undefined, /required/],
        { given: { role: "nobody" }, message: /NoSuchEntity/ },
        ...required("role"),
      ],
    },
  },
];
