// What the tenant answers, as one table that must hold in-process and over HTTPS.

import { operations } from "../src/operations";
import { planNames } from "../src/plans";
import { type ClientCredential, clientCredentials } from "../src/records";
import { publicPem } from "../testing/assertion";
import { inProcessTenant } from "../testing/in-process";
import { overHttps } from "./over-https";
import { type Row, Runner, StandingClock } from "./row";
import { actionRows } from "./rows-actions";
import { clientGrantRows } from "./rows-client-grants";
import { clientRows } from "./rows-clients";
import { connectionRows } from "./rows-connections";
import { credentialRows } from "./rows-credentials";
import { client } from "./rows-given";
import { logRows } from "./rows-logs";
import { notKeptRows } from "./rows-not-kept";
import { organizationRows } from "./rows-organizations";
import { pagingRows } from "./rows-paging";
import { planRows } from "./rows-plans";
import { requestRows } from "./rows-requests";
import { resourceServerRows } from "./rows-resource-servers";
import { roleRows } from "./rows-roles";
import { demands, scopeRows } from "./rows-scopes";
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
  ...roleRows,
  ...connectionRows,
  ...actionRows,
  ...tenantSettingsRows,
  ...signingKeyRows,
  ...logRows,
  ...notKeptRows,
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

test("the table of scopes has every operation of the tenant", () => {
  const names = ["x", "y"];
  const served = operations.map(({ method, path }) => {
    let at = 0;
    return `${method} ${path.replace(/:\w+/g, (name) => (name === ":trigger" ? "post-login" : (names[at++] ?? name)))}`;
  });
  expect(demands.map(([operation]) => operation.split("?")[0]).sort()).toEqual(served.sort());
});

test("a tenant has 2000 credentials at most", async () => {
  const tenant = await inProcessTenant();
  const { store } = tenant.tenant;
  // As many requests would take too long.
  await store.write((view) => {
    for (let n = 1; n <= 1999; n += 1) view.put(clientCredentials, madeUpCredential(n));
  });
  const pem = publicPem("one");
  const credential = { credential_type: "public_key", pem };
  const limitReached = { status: 403, shape: { errorCode: "too_many_entities" } };
  await new Runner(tenant, new StandingClock()).run(
    {
      name: "the last credential, and one too many",
      steps: [
        client("keyed"),
        { request: "POST /api/v2/clients/{keyed}/credentials", body: credential, status: 201 },
        client("other"),
        { request: "POST /api/v2/clients/{other}/credentials", body: credential, ...limitReached },
      ],
    },
    0,
  );
  await tenant.close();
});

function madeUpCredential(number: number): ClientCredential {
  const at = "2026-01-01T00:00:00.000Z";
  return {
    ...{ id: `cred_${number}`, client_id: `client${number}`, kid: `kid${number}`, pem: "" },
    ...{ credential_type: "public_key", alg: "RS256", created_at: at, updated_at: at },
  };
}

test("no two rows have the same name", () => {
  const names = table.map(({ name, plan }) => `${plan} ${name}`);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});
