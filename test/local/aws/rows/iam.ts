import { policyWith, type Row, trustOf } from "./row";

const identity = { Effect: "Allow", Action: "logs:PutLogEvents", Resource: "*" };
const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };

export const iam: Row[] = [
  {
    type: "iam/role",
    inputs: () => ({ name: "row-role", assumeRolePolicy: trustOf("lambda.amazonaws.com") }),
    change: { description: "changed" },
    replaced: ["name", "path"],
    refused: [
      { given: { assumeRolePolicy: undefined }, property: "assumeRolePolicy", message: /required/ },
      { given: { rolle: 1 }, property: "rolle", message: /not supported/ },
      // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
      { given: { name: "two words" }, property: "name", message: /up to 64/ },
      { given: { name: "x".repeat(65) }, property: "name", message: /up to 64/ },
      { given: { maxSessionDuration: 60 }, property: "maxSessionDuration", message: /3600 to 43200/ },
      { given: { path: "service" }, property: "path", message: /not valid/ },
      { given: { permissionsBoundary: "arn:aws:s3:::b" }, property: "permissionsBoundary", message: /iam/ },
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
      { given: { assumeRolePolicy: "{" }, property: "assumeRolePolicy", message: /is not JSON/ },
      {
        given: { assumeRolePolicy: policyWith({ ...trust, Resource: "*" }) },
        property: "assumeRolePolicy",
        message: /prohibited field Resource/,
      },
      {
        given: { assumeRolePolicy: policyWith({ ...trust, Action: "s3:GetObject" }) },
        property: "assumeRolePolicy",
        message: /not one of sts/,
      },
      {
        given: { assumeRolePolicy: policyWith({ Effect: "Allow", Action: "sts:AssumeRole" }) },
        property: "assumeRolePolicy",
        message: /Principal is missing/,
      },
    ],
  },
  {
    type: "iam/rolePolicy",
    inputs: ({ lambdaRole }) => ({ name: "row-policy", role: lambdaRole.id, policy: policyWith(identity) }),
    change: { policy: policyWith({ ...identity, Action: "logs:CreateLogStream" }) },
    replaced: ["name", "role"],
    refused: [
      { given: { role: undefined }, property: "role", message: /required/ },
      {
        given: { policy: policyWith({ ...identity, Effect: "allow" }) },
        property: "policy",
        message: /Effect/,
      },
      {
        given: { policy: policyWith({ ...identity, Action: "PutLogEvents" }) },
        property: "policy",
        message: /service:Action/,
      },
      {
        given: { policy: policyWith({ ...identity, Resource: "bucket" }) },
        property: "policy",
        message: /ARN format/,
      },
      {
        given: { policy: policyWith({ ...identity, Principal: "*" }) },
        property: "policy",
        message: /"Principal" is not allowed/,
      },
      {
        given: { policy: policyWith({ ...identity, NotAction: "s3:*" }) },
        property: "policy",
        message: /exclude each other/,
      },
      {
        given: { policy: policyWith(identity, { Version: "2012-10-18" }) },
        property: "policy",
        message: /2012-10-17/,
      },
      {
        given: { policy: JSON.stringify({ Version: "2012-10-17" }) },
        property: "policy",
        message: /Statement is missing/,
      },
      { given: { role: "nobody" }, message: /NoSuchEntity: The role with name nobody cannot be found/ },
    ],
  },
  {
    type: "iam/rolePolicyAttachment",
    inputs: ({ lambdaRole }) => ({
      role: lambdaRole.id,
      policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
    }),
    change: undefined,
    replaced: ["role", "policyArn"],
    refused: [
      { given: { policyArn: "ReadOnlyAccess" }, property: "policyArn", message: /ARN of a resource of iam/ },
      { given: { policyArn: undefined }, property: "policyArn", message: /required/ },
      { given: { role: "nobody" }, message: /NoSuchEntity/ },
    ],
  },
];
