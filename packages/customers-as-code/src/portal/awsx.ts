// @pulumi/awsx, which the portal alone needs: a company without one doesn't install it, and so nothing else may load it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Fault } from "../problems/problem";
import { asRecord } from "../problems/record";

interface Awsx {
  ec2: typeof import("@pulumi/awsx/ec2");
  ecs: typeof import("@pulumi/awsx/ecs");
  lb: typeof import("@pulumi/awsx/lb");
}

/** Module by module: all of it takes longer to load. */
export const awsx: { readonly [Module in keyof Awsx]: Awsx[Module] } = {
  get ec2(): Awsx["ec2"] {
    return require("@pulumi/awsx/ec2");
  },
  get ecs(): Awsx["ecs"] {
    return require("@pulumi/awsx/ecs");
  },
  get lb(): Awsx["lb"] {
    return require("@pulumi/awsx/lb");
  },
};

/** @param locate finds a module, or throws */
export function checkAwsx(locate: (name: string) => string = require.resolve): Fault | undefined {
  try {
    locate("@pulumi/awsx/package.json");
    return undefined;
  } catch {
    const own: unknown = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8"));
    const version = asRecord(asRecord(own).peerDependencies)["@pulumi/awsx"];
    return {
      code: "portal-package-missing",
      message: `portal needs the package @pulumi/awsx, which is not installed. Install it with: npm install --save-exact @pulumi/awsx@${version}`,
    };
  }
}
