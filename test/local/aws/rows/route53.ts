import type { Row } from "./row";

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
    // https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
    refused: [
      { given: { zoneId: "example.com" }, property: "zoneId", message: /the id of a hosted zone/ },
      { given: { type: "ALIAS" }, property: "type", message: /AAAA/ },
      { given: { aliases: undefined }, property: "records", message: /or aliases in its place/ },
      { given: { records: ["192.0.2.1"], ttl: 60 }, property: "records", message: /or aliases in its place/ },
      { given: { ttl: 60 }, property: "ttl", message: /no place beside aliases/ },
      {
        given: { aliases: undefined, records: ["192.0.2.1"] },
        property: "ttl",
        message: /required with records/,
      },
      { given: { aliases: [target] }, property: "aliases[0].evaluateTargetHealth", message: /required/ },
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
  },
];
