// The program and the plan guard the same things, each by what it sees: the same cases must end in the same way for both.
import { checkRemovals } from "../../../src/deployment/removals";
import { checkDeploymentPlan } from "../../../src/review/guards/guards";
import { customer, type GivenCustomer, plan, settings, step } from "../../../testing/preview-events";

type Status = NonNullable<GivenCustomer["before"]>;

const statuses: [before: Status | undefined, after: Status | undefined, isLoss: boolean][] = [
  ["active", "active", false],
  ["active", "suspended", true],
  ["active", "closing", true],
  ["active", undefined, true],
  ["suspended", "active", false],
  ["suspended", "suspended", false],
  ["suspended", "closing", true],
  ["suspended", undefined, true],
  ["closing", "active", false],
  ["closing", "suspended", false],
  ["closing", "closing", false],
  ["closing", undefined, true],
  [undefined, "active", false],
  [undefined, "suspended", false],
  [undefined, "closing", false],
];

const clients = [{ name: "default", scopes: ["read:orders"], closing: false, rotation: "1" }];
const inProgram = { limit: "0", file: "Pulumi.dev.yaml", ownClientId: undefined };

describe("with a removalLimit of 0", () => {
  test.each(statuses)("a customer that was %s and becomes %s is refused: %s", (before, after, isLoss) => {
    const fromFiles = checkRemovals({
      ...inProgram,
      deployed: before === undefined ? {} : { a: { status: before, clients: { default: "id" } } },
      declared: after === undefined ? [] : [{ id: "a", status: after, clients }],
    });
    const steps = customer("a", { ...(before && { before }), ...(after && { after }) });
    const fromPlan = checkDeploymentPlan(
      plan(settings({ "customers-as-code:removalLimit": "0" }), steps),
      undefined,
    );
    expect(fromFiles.map(({ code }) => code)).toEqual(isLoss ? ["removal-limit-exceeded"] : []);
    expect(fromPlan.map(({ guard }) => guard)).toEqual(isLoss ? ["number of customers"] : []);
  });
});

const ownClients: [own: string | undefined, isKept: boolean, isRefused: boolean][] = [
  ["id-a/default", false, true],
  ["id-a/default", true, false],
  ["another", false, false],
  ["", false, false],
  [undefined, false, false],
];

test.each(ownClients)(
  "Pulumi's own client %j, of a client that stays: %s, is refused: %s",
  (own, isKept, isRefused) => {
    const fromFiles = checkRemovals({
      ...inProgram,
      limit: "100%",
      ownClientId: own,
      deployed: { a: { status: "closing", clients: { default: "id-a/default" } } },
      declared: [{ id: "a", status: "closing", clients: isKept ? clients : [] }],
    });
    const client = step("Client", "a/default", {
      op: isKept ? "same" : "delete",
      old: {},
      ...(isKept && { new: {} }),
    });
    const fromPlan = checkDeploymentPlan(plan(client), own);
    const remedy = "Give Pulumi another client first (auth0:clientId or AUTH0_CLIENT_ID).";
    const found = [...fromFiles, ...fromPlan].map(({ message }) => message);
    expect(found).toEqual(
      isRefused ? [expect.stringContaining(remedy), expect.stringContaining(remedy)] : [],
    );
  },
);
