// API Gateway, custom domain names: the names of REST and HTTP APIs, and which API is served under which base path.
// A name is one thing in AWS, whichever of the two interfaces made it, and so it is here.
import type { Account, StoredResource } from "../account";
import { parseArn } from "../arn";
import { isObject, objectRule, type PropertyRule, stringRule, tagsRule } from "../property";
import { AwsError, derivedId, type ResourceType, regionRule, tagsOf, textOf } from "../resource-type";
import { restApiType, stageType } from "./api-gateway";
import { httpApiType, httpStageType } from "./api-gateway-v2";
import { apiMappingType, basePathMappingType, listApiMappings } from "./api-mappings";
import { bucketType } from "./s3";
import { checkSecurityPolicy, isEnhanced, securityPolicies } from "./security-policy";

export const domainNameType = "aws:apigateway/domainName:DomainName";
export const domainNameV2Type = "aws:apigatewayv2/domainName:DomainName";

/** Of the zone in which AWS keeps the targets of Regional names; one for all regions here. */
const regionalZoneId = "Z1U9ULNL0V5AJ3";

/** https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDomainName.html; upper case is refused. */
const domainName = (): PropertyRule =>
  stringRule({
    required: true,
    replace: true,
    pattern: /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    hint: "it is a domain name in lower case, such as api.example.com",
  });

const certificateArn = (options: { required?: boolean } = {}): PropertyRule =>
  stringRule({
    ...options,
    pattern: /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/,
    hint: "it must be the ARN of a certificate in ACM",
  });

/** https://docs.aws.amazon.com/apigateway/latest/api/API_MutualTlsAuthentication.html */
const mutualTlsAuthentication = (): PropertyRule =>
  objectRule({
    truststoreUri: stringRule({
      required: true,
      pattern: /^s3:\/\/[a-z0-9.-]{3,63}\/.+$/,
      hint: "it must be a URL such as s3://bucket/key",
    }),
    truststoreVersion: stringRule(),
  });

export const domainNameTypes: Record<string, ResourceType> = {
  [domainNameType]: {
    title: "API Gateway Domain Name",
    properties: {
      domainName: domainName(),
      endpointAccessMode: stringRule({ values: ["BASIC", "STRICT"] }),
      endpointConfiguration: objectRule({
        ipAddressType: stringRule({ values: ["ipv4", "dualstack"] }),
        // Of the kinds that AWS has, those that the local cloud serves.
        types: stringRule({ required: true, values: ["REGIONAL"] }),
      }),
      mutualTlsAuthentication: mutualTlsAuthentication(),
      ownershipVerificationCertificateArn: certificateArn(),
      region: regionRule(),
      regionalCertificateArn: certificateArn({ required: true }),
      securityPolicy: stringRule({ values: securityPolicies }),
      tags: tagsRule(),
    },
    check({ endpointAccessMode, mutualTlsAuthentication: mutual, securityPolicy }, report) {
      checkSecurityPolicy({ endpointAccessMode, securityPolicy }, report);
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html
      if (mutual !== undefined && isEnhanced(securityPolicy)) {
        report(
          "mutualTlsAuthentication",
          `has no place beside ${securityPolicy}: mutual TLS needs a legacy security policy, such as TLS_1_2`,
        );
      }
    },
    computed: ["arn", "regionalDomainName", "regionalZoneId", "tagsAll"],
    apply(inputs, account, current) {
      const name = textOf(inputs.domainName);
      if (!current) refuseTaken(name, account);
      checkCertificate(inputs.regionalCertificateArn, account);
      checkTruststore(inputs.mutualTlsAuthentication, account);
      return {
        id: name,
        outputs: {
          arn: account.arn("apigateway", `/domainnames/${name}`, { owned: false }),
          regionalDomainName: target(name, account),
          regionalZoneId,
          ...tagsOf(inputs),
        },
      };
    },
    remove: removeMappings,
  },

  [basePathMappingType]: {
    title: "API Gateway Base Path Mapping",
    properties: {
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html; with slashes only by v2.
      basePath: stringRule({
        pattern: /^([\w$.+!*'(),-]{1,300})?$/,
        hint: "a base path has letters, digits and $-_.+!*'(), and no slash",
      }),
      domainName: stringRule({ required: true, replace: true }),
      region: regionRule(),
      restApi: stringRule({ required: true }),
      stageName: stringRule({ required: true }),
    },
    exclusive: true,
    computed: [],
    apply(inputs, account, current) {
      const { restApi, stageName } = inputs;
      const domain = findDomain(inputs.domainName, account);
      if (!account.get(restApiType, textOf(restApi))) {
        throw new AwsError("BadRequestException", "Invalid REST API identifier specified");
      }
      if (!account.get(stageType, `ags-${restApi}-${stageName}`)) {
        throw new AwsError("BadRequestException", "Invalid stage identifier specified");
      }
      const path = textOf(inputs.basePath ?? "");
      const id = current?.id ?? `${domain.id}/${path}`;
      refuseTakenPath(domain.id, path, current?.id, account);
      return { id, outputs: {} };
    },
  },

  [domainNameV2Type]: {
    title: "API Gateway v2 Domain Name",
    properties: {
      domainName: domainName(),
      domainNameConfiguration: objectRule(
        {
          certificateArn: certificateArn({ required: true }),
          endpointType: stringRule({ required: true, values: ["REGIONAL"] }),
          ipAddressType: stringRule({ values: ["ipv4", "dualstack"], default: "ipv4" }),
          ownershipVerificationCertificateArn: certificateArn(),
          // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html
          securityPolicy: stringRule({ required: true, values: ["TLS_1_2"] }),
        },
        { required: true },
      ),
      mutualTlsAuthentication: mutualTlsAuthentication(),
      region: regionRule(),
      tags: tagsRule(),
    },
    computed: ["apiMappingSelectionExpression", "arn", "tagsAll"],
    apply(inputs, account, current) {
      const name = textOf(inputs.domainName);
      const configuration = isObject(inputs.domainNameConfiguration) ? inputs.domainNameConfiguration : {};
      if (!current) refuseTaken(name, account);
      checkCertificate(configuration.certificateArn, account);
      checkTruststore(inputs.mutualTlsAuthentication, account);
      return {
        id: name,
        outputs: {
          apiMappingSelectionExpression: "$request.basepath",
          arn: account.arn("apigateway", `/domainnames/${name}`, { owned: false }),
          domainNameConfiguration: {
            ...configuration,
            hostedZoneId: regionalZoneId,
            targetDomainName: target(name, account),
          },
          ...tagsOf(inputs),
        },
      };
    },
    remove: removeMappings,
  },

  [apiMappingType]: {
    title: "API Gateway v2 API Mapping",
    properties: {
      apiId: stringRule({ required: true, replace: true }),
      apiMappingKey: stringRule({
        pattern: /^([\w$.+!*'(),-]+(\/[\w$.+!*'(),-]+)*)?$/,
        hint: "an ApiMapping key may contain only letters, numbers and $-_.+!*'(), in parts between slashes",
      }),
      domainName: stringRule({ required: true, replace: true }),
      region: regionRule(),
      stage: stringRule({ required: true }),
    },
    exclusive: true,
    computed: [],
    // The official provider's id is the mapping's alone, which is not unique here; it is imported as ID/DOMAIN.
    idOfImport: (given) => given.split("/").reverse().join("/"),
    apply(inputs, account, current) {
      const { apiId, stage } = inputs;
      const domain = findDomain(inputs.domainName, account);
      const isHttp = account.get(httpApiType, textOf(apiId)) !== undefined;
      if (!isHttp && !account.get(restApiType, textOf(apiId))) {
        throw new AwsError("BadRequestException", `Invalid API identifier specified ${account.id}:${apiId}`);
      }
      const found = isHttp
        ? account.get(httpStageType, `${apiId}/${stage}`)
        : account.get(stageType, `ags-${apiId}-${stage}`);
      if (!found) throw new AwsError("BadRequestException", "Invalid stage identifier specified");
      // "You can't map an HTTP API to a domain name that uses an enhanced security policy."
      if (isHttp && isEnhanced(domain.inputs.securityPolicy)) {
        throw new AwsError(
          "BadRequestException",
          `An HTTP API cannot be mapped to a domain name with ${domain.inputs.securityPolicy}`,
        );
      }
      const path = textOf(inputs.apiMappingKey ?? "");
      const id = current?.id ?? `${domain.id}/${derivedId(path, 6)}`;
      refuseTakenPath(domain.id, path, current?.id, account);
      return { id, outputs: {} };
    },
  },
};

/** What is served at a domain name: the API's stage whose base path is the longest of those that the path begins with. */
export function findMapping(
  host: string,
  path: string,
  account: Account,
): { apiId: string; stageName: string; basePath: string } | undefined {
  return mappingsOf(host, account)
    .filter(({ basePath }) => basePath === "" || path === `/${basePath}` || path.startsWith(`/${basePath}/`))
    .sort((a, b) => b.basePath.length - a.basePath.length)[0];
}

export function isDomainName(host: string, account: Account): boolean {
  return (account.get(domainNameType, host) ?? account.get(domainNameV2Type, host)) !== undefined;
}

function mappingsOf(domain: string, account: Account) {
  return listApiMappings(account).filter((mapping) => mapping.domain === domain);
}

/** Whichever of the two interfaces made it. */
function refuseTaken(name: string, account: Account): void {
  if (!isDomainName(name, account)) return;
  throw new AwsError("BadRequestException", "The domain name you provided already exists.");
}

function refuseTakenPath(domain: string, path: string, own: string | undefined, account: Account): void {
  const taken = mappingsOf(domain, account).some(({ id, basePath }) => id !== own && basePath === path);
  if (taken) throw new AwsError("ConflictException", "Base path already exists for this domain name");
}

function findDomain(name: unknown, account: Account): StoredResource {
  const found = account.get(domainNameType, textOf(name)) ?? account.get(domainNameV2Type, textOf(name));
  if (!found) throw new AwsError("NotFoundException", "Invalid domain name identifier specified");
  return found;
}

/** "The certificate must be in the same Region as your API": the guide on Regional custom domain names. */
function checkCertificate(arn: unknown, account: Account): void {
  if (parseArn(textOf(arn))?.region === account.region) return;
  throw new AwsError("BadRequestException", `Certificate ${arn} is not in ${account.region}`);
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html: from the same account's buckets, as far as those are known here. */
function checkTruststore(settings: unknown, account: Account): void {
  if (!isObject(settings)) return;
  const uri = textOf(settings.truststoreUri);
  const [, bucket = ""] = /^s3:\/\/([^/]+)\//.exec(uri) ?? [];
  if (account.get(bucketType, bucket)) return;
  throw new AwsError("BadRequestException", `Unable to read the truststore ${uri}`);
}

function target(name: string, account: Account): string {
  return `d-${derivedId(name, 10)}.execute-api.${account.region}.amazonaws.com`;
}

/** AWS deletes a name together with its mappings. */
async function removeMappings({ id }: StoredResource, account: Account): Promise<void> {
  for (const type of [basePathMappingType, apiMappingType]) {
    for (const mapping of account.list(type).filter(({ inputs }) => inputs.domainName === id)) {
      await account.remove(type, mapping.id);
    }
  }
}
