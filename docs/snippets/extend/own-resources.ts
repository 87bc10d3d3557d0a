// Resources of the company's own beside those of the package.
import * as auth0 from "@pulumi/auth0";
import * as lambda from "@pulumi/aws/lambda/index.js";
import * as route53 from "@pulumi/aws/route53/index.js";
import * as wafv2 from "@pulumi/aws/wafv2/index.js";
import * as pulumi from "@pulumi/pulumi";
import { declareCompany, declareProgram } from "customers-as-code";

export default declareProgram(async () => {
  const { gateway, customers, outputs } = await declareCompany();
  // A shard has customers and nothing else.
  if (!gateway) return outputs;

  // A firewall in front of the API. Don't also set webAclArn.
  const metrics = { cloudwatchMetricsEnabled: true, metricName: "api", sampledRequestsEnabled: true };
  const webAcl = new wafv2.WebAcl("api", {
    scope: "REGIONAL",
    defaultAction: { allow: {} },
    rules: [
      {
        name: "requests-per-address",
        priority: 1,
        action: { block: {} },
        statement: { rateBasedStatement: { limit: 2000, aggregateKeyType: "IP" } },
        visibilityConfig: metrics,
      },
    ],
    visibilityConfig: metrics,
  });
  new wafv2.WebAclAssociation("api", { resourceArn: gateway.stageArn, webAclArn: webAcl.arn });

  // A second name in DNS for the API's own domain name.
  const { domainTarget, domainTargetZoneId } = gateway;
  if (domainTarget && domainTargetZoneId) {
    new route53.Record("api", {
      zoneId: "Z0123456789ABC",
      name: "orders.example.com",
      type: "A",
      aliases: [{ name: domainTarget, zoneId: domainTargetZoneId, evaluateTargetHealth: false }],
    });
  }

  // CloudWatch may send the authorizer's log to your function "audit", which must exist.
  if (gateway.authorizer) {
    new lambda.Permission("decisions", {
      function: "audit",
      action: "lambda:InvokeFunction",
      principal: "logs.amazonaws.com",
      sourceArn: pulumi.interpolate`arn:aws:logs:eu-central-1:123456789012:log-group:${gateway.authorizer.logGroupName}:*`,
    });
  }

  // An application of Auth0 for the company's own staff.
  const backoffice = new auth0.Client("backoffice", {
    name: "Back office",
    appType: "spa",
    callbacks: ["https://backoffice.example.com/callback"],
  });

  return {
    ...(await outputs),
    backofficeClientId: backoffice.clientId,
    organizationIds: (await customers).map(({ organizationId }) => organizationId),
  };
});
