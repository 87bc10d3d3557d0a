// AWS WAF: which web ACL guards a stage. What its rules would refuse, the local gateway lets pass.
import { parseArn } from "../arn";
import { text } from "../property";
import { AwsError, type ResourceType, region, textOf } from "../resource-type";
import { stageType } from "./api-gateway";

export const wafv2: Record<string, ResourceType> = {
  "aws:wafv2/webAclAssociation:WebAclAssociation": {
    title: "WAFv2 Web ACL Association",
    properties: {
      region: region(),
      // https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html
      resourceArn: text({
        required: true,
        replace: true,
        pattern: /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+::\/restapis\/[^/]+\/stages\/[^/]+$/,
        hint: "it must be the ARN of a stage of a REST API",
      }),
      webAclArn: text({
        required: true,
        replace: true,
        pattern: /^arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/[^/]+\/[^/]+$/,
        hint: "it must be the ARN of a regional web ACL",
      }),
    },
    exclusive: true,
    computed: [],
    apply(inputs, account) {
      const [webAclArn, resourceArn] = [textOf(inputs.webAclArn), textOf(inputs.resourceArn)];
      if (parseArn(webAclArn)?.region !== account.region) {
        throw new AwsError("WAFInvalidParameterException", `${webAclArn} is not of ${account.region}.`);
      }
      if (!account.findByArn(stageType, resourceArn)) {
        throw new AwsError("WAFNonexistentItemException", `There is no ${resourceArn}.`);
      }
      return { id: `${webAclArn},${resourceArn}`, outputs: {} };
    },
  },
};
