// The wording of every problem of the policy pack's settings, in one file.
import { join } from "node:path";
import { parsePolicyConfig } from "../../../src/review/guards/policy-config";
import { checkPolicyPlaces } from "../../../src/stacks/policy-settings";
import { expectGolden } from "../../problems/golden";

const parse = (config: unknown) => () =>
  parsePolicyConfig("policy/dev.json", `${JSON.stringify(config, null, 2)}\n`);

test("the wording of policy settings' problems is that of the golden file", () => {
  expectGolden("policy", join(__dirname, "__golden__/policy.txt"), {
    "policy-config-not-object": parse(["public-routes"]),
    "policy-config-twice": () => checkPolicyPlaces("dev", () => true),
    "policy-unknown": parse({ all: "mandatory", "public-route": "advisory" }),
    "policy-unknown-key": parse({ "public-routes": { enforcementLevel: "mandatory", alowed: [] } }),
    "policy-invalid-level": parse({ "public-routes": { enforcementLevel: "advisroy" } }),
    "policy-invalid-routes": parse({ "public-routes": { allowed: "GET /health" } }),
  });
});
