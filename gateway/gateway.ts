// The API Gateway in front of the company's API: the API, its authorizer and its access log.
import * as pulumi from "@pulumi/pulumi";
import type { Jwks } from "../authorizer/config";
import { AccessLogs, type AccessLogsArgs } from "./access-logs";
import type { ApiTypeSettings } from "./api-type";
import { authorizerConfig } from "./authorizer-config";
import { AuthorizerFunction } from "./authorizer-function";
import { HttpApi, type HttpAuthorizer } from "./http-api";
import { fetchJwks } from "./jwks";
import { RestApi, type RestApiSettings } from "./rest-api";
import { SuspensionList } from "./suspension-list";

export interface GatewayArgs extends AccessLogsArgs, RestApiSettings, ApiTypeSettings {
  /** Issuer of the tokens, with a slash at the end. */
  issuer: string;
  /** Keys of the issuer; default: read from its JWKS endpoint. */
  jwks?: pulumi.Input<Jwks>;
  /** Audience of the tokens. */
  audience: pulumi.Input<string>;
  /** Ids of organizations whose requests are denied. */
  suspendedOrganizations: pulumi.Input<pulumi.Input<string>[]>;
  /** Make a list of suspensions that people can change without a deployment. */
  liveSuspensions: boolean;
}

/** The gateway. */
export class Gateway extends pulumi.ComponentResource {
  /** Base URL of the API for customers. */
  readonly url: pulumi.Output<string>;
  /** Name of the Systems Manager's parameter with the live list of suspensions, where there is one. */
  readonly suspensionsParameter: pulumi.Output<string> | undefined;

  constructor(name: string, args: GatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:gateway:Gateway", name, {}, opts);
    const parent = { parent: this };
    const suspensions = args.liveSuspensions ? new SuspensionList(`${name}-suspensions`, parent) : undefined;
    const logs = new AccessLogs(`${name}-access-logs`, args, parent);
    const createFunction = () => createAuthorizerFunction(`${name}-authorizer`, args, suspensions, parent);
    const createHttpAuthorizer = (): HttpAuthorizer =>
      args.httpAuthorizer === "jwt"
        ? { kind: "jwt", issuer: args.issuer, audience: args.audience }
        : { kind: "lambda", function: createFunction() };
    const api =
      args.apiType === "rest"
        ? new RestApi(name, { ...args, authorizer: createFunction(), logs }, parent)
        : new HttpApi(name, { ...args, authorizer: createHttpAuthorizer(), logs }, parent);
    this.url = api.url;
    this.suspensionsParameter = suspensions?.parameterName;
    this.registerOutputs({ url: this.url });
  }
}

function createAuthorizerFunction(
  name: string,
  args: GatewayArgs,
  suspensions: SuspensionList | undefined,
  parent: pulumi.ResourceOptions,
): AuthorizerFunction {
  const config = pulumi
    .output({
      jwks: args.jwks ?? fetchJwks(args.issuer),
      audience: args.audience,
      suspended: args.suspendedOrganizations,
      suspensionsParameter: suspensions?.parameterName,
    })
    .apply((told) => authorizerConfig({ api: args.api, issuer: args.issuer, ...told }));
  const allow = suspensions ? [{ actions: ["ssm:GetParameter"], resource: suspensions.parameterArn }] : [];
  return new AuthorizerFunction(name, { ...args, config, allow }, parent);
}
