// The role in which an AWS service acts for us.

import * as pulumi from "@pulumi/pulumi";
import * as aws from "./aws";

export interface ServiceRoleArgs {
  /** Such as `lambda.amazonaws.com`. */
  service: string;
  /** Conditions of its trust, such as an external id. */
  trustCondition?: Record<string, Record<string, pulumi.Input<string>>>;
  /** What it may do; every resource is named. */
  allow: { actions: string[]; resource: pulumi.Input<string> }[];
}

/** An IAM role for one AWS service, with a policy of its own. */
export class ServiceRole extends pulumi.ComponentResource {
  /** Known once the policy is attached, so that whatever takes the role may use it at once. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: ServiceRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:gateway:ServiceRole", name, {}, opts);
    const role = new aws.iam.Role(
      name,
      {
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: args.service },
              Action: "sts:AssumeRole",
              ...(args.trustCondition && { Condition: args.trustCondition }),
            },
          ],
        },
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      name,
      {
        role: role.id,
        policy: {
          Version: "2012-10-17",
          Statement: args.allow.map(({ actions, resource }) => ({
            Effect: "Allow" as const,
            Action: actions,
            Resource: resource,
          })),
        },
      },
      { parent: this },
    );
    this.arn = pulumi.all([role.arn, policy.id]).apply(([arn]) => arn);
    this.registerOutputs({ arn: this.arn });
  }
}
