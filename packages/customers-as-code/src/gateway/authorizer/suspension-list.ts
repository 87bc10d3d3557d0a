// The list of those who may not call, which people change while the API runs.

import * as pulumi from "@pulumi/pulumi";
import * as aws from "../../pulumi/aws";

/** A parameter of the Systems Manager; the program makes it, empty, and never writes it again. */
export class SuspensionList extends pulumi.ComponentResource {
  /** Name of the parameter. */
  readonly parameterName: pulumi.Output<string>;
  /** For the role that reads it. */
  readonly parameterArn: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:gateway:SuspensionList", name, {}, opts);
    const parameter = new aws.ssm.Parameter(
      name,
      {
        name: `/${pulumi.getProject()}/${pulumi.getStack()}/suspensions`,
        description: "Organizations, clients and tokens that the API denies; JSON.",
        type: "String",
        // Has room for over 100 ids; people may raise it, and to lower it again would replace the list.
        tier: "Standard",
        value: "{}",
      },
      // An update of any of these writes the value as well, as the stack's state knows it: people's list would be lost.
      { parent: this, ignoreChanges: ["value", "tier", "description"] },
    );
    this.parameterName = parameter.name;
    this.parameterArn = parameter.arn;
    this.registerOutputs({ parameterName: this.parameterName });
  }
}
