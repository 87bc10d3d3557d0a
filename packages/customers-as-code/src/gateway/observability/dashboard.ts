// The dashboard of an API: calls, decisions and deliveries on one page of CloudWatch.

import * as pulumi from "@pulumi/pulumi";
import * as aws from "../../pulumi/aws";
import { type DashboardFacts, renderDashboard } from "./dashboard-body";
import type { WatchedResources } from "./metrics";

export interface DashboardArgs extends Pick<DashboardFacts, "title"> {
  watched: WatchedResources<pulumi.Input<string>>;
  /** What is on top, where there are alarms. */
  alarmArns: pulumi.Input<string>[];
}

/** The dashboard. */
export class Dashboard extends pulumi.ComponentResource {
  constructor(name: string, args: DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:gateway:Dashboard", name, {}, opts);
    const parent = { parent: this };
    const { region } = aws.getRegionOutput({}, parent);
    new aws.cloudwatch.Dashboard(
      name,
      {
        dashboardName: `${pulumi.getProject()}-${pulumi.getStack()}`,
        dashboardBody: pulumi
          .output({ ...args, region })
          .apply((facts) => JSON.stringify(renderDashboard(facts))),
      },
      parent,
    );
    this.registerOutputs({});
  }
}
