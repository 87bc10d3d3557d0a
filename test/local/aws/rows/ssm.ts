import type { Row } from "./row";

export const ssm: Row[] = [
  {
    type: "ssm/parameter",
    inputs: () => ({ name: "/row/list", type: "String", value: "{}" }),
    change: { value: '{"clients":[]}' },
    replaced: ["name"],
    refused: [
      { given: { value: undefined }, property: "value", message: /required/ },
      { given: { value: "" }, property: "value", message: /not be empty/ },
      // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
      { given: { value: "a {{ b }}" }, property: "value", message: /another parameter/ },
      { given: { value: "ü".repeat(2049) }, property: "value", message: /4098 bytes; .* at most 4096/ },
      { given: { tier: "Advanced", value: "a".repeat(8193) }, property: "value", message: /at most 8192/ },
      { given: { tier: "Basic" }, property: "tier", message: /one of Standard, Advanced/ },
      { given: { type: "Number" }, property: "type", message: /one of String, StringList/ },
      { given: { type: undefined }, property: "type", message: /required/ },
      { given: { name: "row/list" }, property: "name", message: /begin with "\/"/ },
      { given: { name: "/row/a list" }, property: "name", message: /letters, digits/ },
      { given: { name: "/aws/list" }, property: "name", message: /may not come first/ },
      { given: { name: "SSM-list" }, property: "name", message: /may not come first/ },
      { given: { name: "/a".repeat(16) }, property: "name", message: /up to 15 levels/ },
      { given: { description: "a".repeat(1025) }, property: "description", message: /at most 1024/ },
      { given: { secret: true }, property: "secret", message: /not supported/ },
    ],
  },
];
