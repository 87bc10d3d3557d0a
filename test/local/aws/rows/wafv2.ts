import type { Row } from "./row";

const webAclArn = "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/row/0a1b";

export const wafv2: Row[] = [
  {
    type: "wafv2/webAclAssociation",
    inputs: ({ stage }) => ({ resourceArn: stage.outputs.arn, webAclArn }),
    change: undefined,
    replaced: ["resourceArn", "webAclArn"],
    refused: {
      "https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html": [
        ["webAclArn", undefined, /required/],
        ["resourceArn", undefined, /required/],
        ["webAclArn", webAclArn.replace("regional", "global"), /regional web ACL/],
        {
          given: ({ httpApi }) => ({ resourceArn: `${httpApi.outputs.arn}/stages/v1` }),
          property: "resourceArn",
          message: /a stage of a REST API/,
        },
        {
          given: { webAclArn: webAclArn.replace("eu-central-1", "us-east-1") },
          message: /WAFInvalidParameterException: .* is not of eu-central-1/,
        },
        {
          given: ({ stage }) => ({ resourceArn: `${stage.outputs.arn}x` }),
          message: /WAFNonexistentItemException: There is no .*x/,
        },
      ],
    },
  },
];
