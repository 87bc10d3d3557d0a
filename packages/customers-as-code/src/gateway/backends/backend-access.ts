// What API Gateway needs to reach backends that are not in the internet: links into VPCs, and leave to call functions.

import * as pulumi from "@pulumi/pulumi";
import * as aws from "../../pulumi/aws";
import type { Backend, Backends, LambdaBackend, VpcLinkBackend } from "./backend";

/**
 * Makes the VPC links (V2, which both kinds of API take) of the backends that name none of their own. Subnets and
 * security groups of a link cannot change: another link is made then, and the old one goes when nothing uses it.
 * @returns ids by the backend's name
 */
export function createVpcLinks(
  name: string,
  backends: Backends,
  parent: pulumi.ResourceOptions,
): Record<string, pulumi.Input<string>> {
  return Object.fromEntries(
    ofKind(backends, isVpcLink).map(([backendName, { vpcLinkId, subnetIds = [], securityGroupIds = [] }]) => {
      if (vpcLinkId !== undefined) return [backendName, vpcLinkId];
      const link = new aws.apigatewayv2.VpcLink(
        `${name}-${backendName}`,
        { subnetIds, securityGroupIds },
        parent,
      );
      return [backendName, link.id];
    }),
  );
}

/** Lets the stage call the functions of the backends: whatever its operations, and no other API. */
export function permitFunctions(
  name: string,
  backends: Backends,
  stage: { executionArn: pulumi.Input<string>; stageName: string },
  parent: pulumi.ResourceOptions,
): aws.lambda.Permission[] {
  return ofKind(backends, isLambda).map(([backendName, { functionArn }]) => {
    const [unqualified, qualifier] = splitQualifier(functionArn);
    return new aws.lambda.Permission(
      `${name}-${backendName}`,
      {
        function: unqualified,
        // Leave to call an alias is the alias's own: https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
        ...(qualifier !== undefined && { qualifier }),
        action: "lambda:InvokeFunction",
        principal: "apigateway.amazonaws.com",
        sourceArn: pulumi.interpolate`${stage.executionArn}/${stage.stageName}/*`,
      },
      parent,
    );
  });
}

/** `arn:aws:lambda:REGION:ACCOUNT:function:NAME:ALIAS` → without the alias, and that */
function splitQualifier(functionArn: string): [unqualified: string, qualifier: string | undefined] {
  const parts = functionArn.split(":");
  return [parts.slice(0, 7).join(":"), parts[7]];
}

function ofKind<T extends Backend>(
  backends: Backends,
  is: (backend: Backend) => backend is T,
): [name: string, backend: T][] {
  return Object.entries(backends).flatMap(([name, backend]): [string, T][] =>
    is(backend) ? [[name, backend]] : [],
  );
}

const isVpcLink = (backend: Backend): backend is VpcLinkBackend => backend.kind === "vpcLink";
const isLambda = (backend: Backend): backend is LambdaBackend => backend.kind === "lambda";
