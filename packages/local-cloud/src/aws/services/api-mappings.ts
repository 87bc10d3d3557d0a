// Which API is served under which base path of a custom domain name.
import type { Account } from "../account";
import { AwsError, textOf } from "../resource-type";

export const basePathMappingType = "aws:apigateway/basePathMapping:BasePathMapping";
export const apiMappingType = "aws:apigatewayv2/apiMapping:ApiMapping";

interface ApiMapping {
  id: string;
  domain: unknown;
  apiId: string;
  stageName: string;
  basePath: string;
}

/** Made by either of the two interfaces. */
export function listApiMappings(account: Account): ApiMapping[] {
  return [
    ...account.list(basePathMappingType).map(({ id, inputs }) => ({
      id,
      domain: inputs.domainName,
      apiId: textOf(inputs.restApi),
      stageName: textOf(inputs.stageName),
      basePath: textOf(inputs.basePath ?? ""),
    })),
    ...account.list(apiMappingType).map(({ id, inputs }) => ({
      id,
      domain: inputs.domainName,
      apiId: textOf(inputs.apiId),
      stageName: textOf(inputs.stage),
      basePath: textOf(inputs.apiMappingKey ?? ""),
    })),
  ];
}

/** The words are those of amplify-education/serverless-domain-manager#406 and gruntwork-io/cloud-nuke#370. */
export function requireUnmapped(apiId: string, kind: "rest" | "http", account: Account): void {
  if (!listApiMappings(account).some((mapping) => mapping.apiId === apiId)) return;
  throw new AwsError(
    "BadRequestException",
    kind === "rest"
      ? `Deleting RestApi ${apiId} failed. Please remove all base path mappings related to the RestApi in your domains.`
      : `Deleting API ${apiId} failed. Please remove all API mappings for the API from your custom domain names.`,
  );
}
