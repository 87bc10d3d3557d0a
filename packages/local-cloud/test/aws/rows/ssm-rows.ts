import type { Row } from "./row";

export const ssm: Row[] = [
  {
    type: "ssm/parameter",
    inputs: () => ({ name: "/row/list", type: "String", value: "{}" }),
    change: { value: '{"clients":[]}' },
    replaced: ["name"],
    refused: {
      "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html": [
        ["value", undefined, /required/],
        ["value", "", /not be empty/],
        ["value", "a {{ b }}", /another parameter/],
        ["tier", "Basic", /one of Standard, Advanced/],
        ["type", "Number", /one of String, StringList/],
        ["type", undefined, /required/],
        ["description", "a".repeat(1025), /at most 1024/],
      ],
      "https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html":
        [
          ["value", "ü".repeat(2049), /4098 bytes; .* at most 4096/],
          {
            given: { tier: "Advanced", value: "a".repeat(8193) },
            property: "value",
            message: /at most 8192/,
          },
        ],
      "https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-parameter-name-constraints.html": [
        ["name", "row/list", /begin with "\/"/],
        ["name", "/row/a list", /letters, digits/],
        ["name", "/aws/list", /may not come first/],
        ["name", "SSM-list", /may not come first/],
        ["name", "/a".repeat(16), /up to 15 levels/],
      ],
      "local: it has no other properties": [["secret", true, /not supported/]],
      "local: of the values that AWS takes, those that the local cloud serves": [
        ["dataType", "other", /text, not/],
      ],
    },
  },
];
