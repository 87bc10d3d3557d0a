// Route 53: records. Nobody resolves them; the local gateway goes by the Host header.
import { flag, list, number, object, text } from "../property";
import { AwsError, type ResourceType, textOf } from "../resource-type";

export const recordType = "aws:route53/record:Record";

export const route53: Record<string, ResourceType> = {
  [recordType]: {
    title: "Route53 Record",
    properties: {
      // https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html
      aliases: list(
        object({
          evaluateTargetHealth: flag({ required: true }),
          name: text({ required: true, maxLength: 1024 }),
          zoneId: text({ required: true, pattern: /^[A-Z0-9]{1,32}$/ }),
        }),
      ),
      allowOverwrite: flag(),
      name: text({ required: true, replace: true, pattern: /^[^.\s]([^\s]{0,253})$/ }),
      records: list(text()),
      ttl: number({ min: 0, max: 2_147_483_647 }),
      type: text({
        required: true,
        values: [
          ...["A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SOA"],
          ...["SPF", "SRV", "SSHFP", "SVCB", "TLSA", "TXT"],
        ],
      }),
      zoneId: text({
        required: true,
        replace: true,
        pattern: /^Z[A-Z0-9]{1,31}$/,
        hint: "it must be the id of a hosted zone, such as Z0123456789ABCDEFGHIJ",
      }),
    },
    check({ aliases, records, ttl }, report) {
      if ((aliases === undefined) === (records === undefined)) {
        report("records", "is required, or aliases in its place");
      }
      if (aliases !== undefined && ttl !== undefined) report("ttl", "has no place beside aliases");
      if (records !== undefined && ttl === undefined) report("ttl", "is required with records");
      if (Array.isArray(aliases) && aliases.length !== 1) report("aliases", "must be one");
    },
    computed: ["fqdn"],
    apply(inputs, account, current) {
      const { zoneId, name, type } = inputs;
      const id = `${zoneId}_${name}_${type}`;
      // https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
      const others = account.list(recordType).filter((one) => one.id !== current?.id);
      const atName = others.filter(({ inputs: other }) => other.zoneId === zoneId && other.name === name);
      if (atName.some(({ inputs: other }) => (other.type === "CNAME") !== (type === "CNAME"))) {
        throw new AwsError(
          "InvalidChangeBatch",
          `RRSet of type ${type} with DNS name ${name}. is not permitted as it conflicts with other records with the same DNS name`,
        );
      }
      return { id, outputs: { fqdn: textOf(name) } };
    },
  },
};
