import { type Row, required } from "./row";

const target = { name: "d-1a2b.execute-api.eu-central-1.amazonaws.com", zoneId: "Z1U9ULNL0V5AJ3" };

export const route53: Row[] = [
  {
    type: "route53/record",
    inputs: () => ({
      zoneId: "Z0123456789ABCDEFGHIJ",
      name: "row.example.com",
      type: "A",
      aliases: [{ ...target, evaluateTargetHealth: false }],
    }),
    change: { aliases: [{ ...target, evaluateTargetHealth: true }] },
    replaced: ["name", "zoneId"],
    refused: {
      "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html": [
        ["zoneId", "example.com", /the id of a hosted zone/],
        {
          given: {
            name: "taken.example.com",
            type: "CNAME",
            aliases: undefined,
            records: ["a.example"],
            ttl: 60,
          },
          message: /InvalidChangeBatch: RRSet of type CNAME .* conflicts with other records/,
        },
      ],
      "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html": [
        ["type", "ALIAS", /AAAA/],
        { given: { aliases: undefined }, property: "records", message: /or aliases in its place/ },
        {
          given: { records: ["192.0.2.1"], ttl: 60 },
          property: "records",
          message: /or aliases in its place/,
        },
        ["ttl", 60, /no place beside aliases/],
        {
          given: { aliases: undefined, records: ["192.0.2.1"] },
          property: "ttl",
          message: /required with records/,
        },
        ...required("name", "type", "zoneId"),
        ["name", "a row.example.com", /not valid/],
        ["ttl", -1, /from 0 to 2147483647/],
        ["ttl", 2147483648, /from 0 to 2147483647/],
      ],
      "https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html": [
        { given: { aliases: [target] }, property: "aliases[0].evaluateTargetHealth", message: /required/ },
        ...required("aliases[0].name", "aliases[0].zoneId"),
        ["aliases[0].name", "x".repeat(1025), /at most 1024/],
        ["aliases[0].zoneId", "example.com", /not valid/],
      ],
    },
  },
];
