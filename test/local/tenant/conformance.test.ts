// What the tenant answers, as one table that must hold in-process and over HTTPS.
import { planNames } from "../../../local/tenant/plans";
import { inProcessTenant } from "./in-process";
import { overHttps } from "./over-https";
import { type Row, Runner, StandingClock } from "./row";
import { actionRows } from "./rows-actions";
import { clientGrantRows } from "./rows-client-grants";
import { clientRows } from "./rows-clients";
import { connectionRows } from "./rows-connections";
import { credentialRows } from "./rows-credentials";
import { logRows } from "./rows-logs";
import { organizationRows } from "./rows-organizations";
import { pagingRows } from "./rows-paging";
import { planRows } from "./rows-plans";
import { requestRows } from "./rows-requests";
import { resourceServerRows } from "./rows-resource-servers";
import { scopeRows } from "./rows-scopes";
import { signingKeyRows } from "./rows-signing-keys";
import { tenantSettingsRows } from "./rows-tenant-settings";
import { tokenRows } from "./rows-token";
import { tokenOrganizationRows } from "./rows-token-organizations";
import { tokenQuotaRows } from "./rows-token-quotas";
import { userRows } from "./rows-users";
import { wireRows } from "./wire";

const table: Row[] = [
  ...requestRows,
  ...scopeRows,
  ...clientRows,
  ...credentialRows,
  ...clientGrantRows,
  ...resourceServerRows,
  ...organizationRows,
  ...userRows,
  ...connectionRows,
  ...actionRows,
  ...tenantSettingsRows,
  ...signingKeyRows,
  ...logRows,
  ...pagingRows,
  ...tokenRows,
  ...tokenOrganizationRows,
  ...tokenQuotaRows,
  ...planRows,
  ...wireRows,
];

describe.each([
  ["in-process", inProcessTenant],
  ["over HTTPS", overHttps],
] as const)("%s", (_, open) => {
  describe.each(planNames)("the tenant of plan %s", (plan) => {
    const clock = new StandingClock();
    let tenant: Awaited<ReturnType<typeof open>>;
    let runner: Runner;
    beforeAll(async () => {
      tenant = await open({ plan, clock: clock.read });
      runner = new Runner(tenant, clock);
    });
    afterAll(() => tenant.close());

    for (const [number, row] of table.entries()) {
      if ((row.plan ?? "enterprise") === plan) test(row.name, () => runner.run(row, number));
    }
  });
});

test("no two rows have the same name", () => {
  const names = table.map(({ name, plan }) => `${plan} ${name}`);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});
