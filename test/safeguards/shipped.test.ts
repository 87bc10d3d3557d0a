// What a company copies is safe as it is: nothing that guards its customers is off in the example or in the template.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { asRecord } from "../../packages/customers-as-code/src/problems/record";
import { parseSource } from "../../packages/customers-as-code/src/problems/source";
import { settingKinds } from "../../packages/customers-as-code/src/review/guards/setting-kinds";
import { effectiveSettings } from "../../packages/customers-as-code/src/settings/effective-settings";

const companies = [".", "packages/create-customers-as-code/template"];

test.each(companies)("the stack of %s protects customers, and approves nothing", (company) => {
  const path = join(company, "Pulumi.dev.yaml");
  const { config } = asRecord(parseSource(path, readFileSync(path, "utf8")).value);
  const given = Object.keys(asRecord(config)).map((key) => key.replace("customers-as-code:", ""));
  const guards = given.filter((key) => settingKinds[key]?.kind === "guard");
  // Which tenant it is, and the operation that the document declares without security.
  expect(guards.filter((key) => key !== "auth0:domain" && key !== "publicRoutes")).toEqual([]);
  const { protect, removalLimit, replaceable, approvedChanges } = effectiveSettings({});
  expect({ protect, removalLimit, replaceable, approvedChanges }).toEqual({
    ...{ protect: true, removalLimit: "25%", replaceable: [], approvedChanges: [] },
  });
});

test.each(companies)("the policies of %s are on", (company) => {
  const policy: unknown = JSON.parse(readFileSync(join(company, "policy/dev.json"), "utf8"));
  expect(policy).toEqual({ "public-routes": { allowed: ["GET /health"] } });
});
