// What is grave is seen, whatever else a pull request does.

import { type Company, company, declaredBy } from "../../../../../test/support/company";
import { compareDeclared } from "../../../src/review/changes/compare";
import { type CommentParts, renderComment } from "../../../src/review/comment/comment-text";
import { checkReviewable } from "../../../src/review/comment/grave-changes";
import { describeChange } from "../../../src/review/compare-values";
import type { Refusal } from "../../../src/review/guards/guards";
import { customer, plan } from "../../../testing/preview-events";

function told(edit: (company: Company) => void, more: Partial<CommentParts> = {}) {
  const [base, head] = [company(), company()];
  edit(head);
  const changes = compareDeclared(declaredBy(base), declaredBy(head));
  const refusals = checkReviewable(changes);
  const text = renderComment({
    plan: plan(),
    lastSeen: {},
    changes,
    ...more,
    refusals: [...refusals, ...(more.refusals ?? [])],
  });
  return { text, refusals, first: text.split("\n").slice(0, 40).join("\n") };
}

const makePublic = ({ document: { paths } }: Company) => {
  const { get } = paths["/orders"] ?? {};
  if (get) get.security = [];
};
const addCustomers =
  (number: number, values: object = {}) =>
  (one: Company) => {
    for (let n = 0; n < number; n++) {
      one.customers[`new-${n}`] = {
        displayName: `New ${n}`,
        clients: { ci: { scopes: ["read:orders"] } },
        ...values,
      };
    }
  };
const both =
  (...edits: ((company: Company) => void)[]) =>
  (one: Company) => {
    for (const edit of edits) edit(one);
  };
const publicRoute =
  "- **gains access**: `GET /orders` requires nothing instead of `read:orders`: **anyone may call it";

test('nine customers with names of 255 "@" do not push a public route out', () => {
  const { first } = told(both(makePublic, addCustomers(9, { displayName: "@".repeat(255) })));
  expect(first).toContain(publicRoute);
});

test("120 additions do not push a public route out, and those without room are counted", () => {
  const { text, first } = told(both(makePublic, addCustomers(120)));
  expect(first).toContain(publicRoute);
  expect(text).toMatch(/^- (and|…) \d+ more/m);
});

test("many refusals do not push it out, nor does it push them out", () => {
  const refusals = Array.from(
    { length: 500 },
    (_, n): Refusal => ({
      guard: "owners",
      message: `customers/c${n}.yaml belongs to @jane.`,
    }),
  );
  const other: Refusal = {
    guard: "number of customers",
    message: "acme, globex: 2 of 3 customers would be removed.",
  };
  const { first, text } = told(makePublic, { refusals: [...refusals, other] });
  expect(first).toContain(publicRoute);
  expect(first).toContain("- **owners**: customers/c0.yaml");
  expect(first).toContain("- **number of customers**: acme, globex");
  expect(text.length).toBeLessThanOrEqual(65_536);
});

test("if there is no room for all grave changes, each is named at the top and described in full below", () => {
  const { text, first, refusals } = told((one) => {
    for (let n = 0; n < 60; n++) one.config[`aws:unknown${n}`] = `value-${n}`;
    addCustomers(60, { delivery: { awsAccountId: "999999999999" } })(one);
  });
  expect(refusals).toEqual([]);
  for (let n = 0; n < 60; n++) {
    expect(first).toContain(`\`aws:unknown${n}\``);
    expect(first).toContain(`\`new-${n}\``);
    expect(text).toContain(`sets \`aws:unknown${n}\` to \`value-${n}\``);
    expect(text).toContain(`sets \`delivery.awsAccountId\` of \`new-${n}\` (*New ${n}*) to \`999999999999\``);
  }
});

test("changes that do the same to many are reported once, with the names of all", () => {
  const { text, first, refusals } = told(addCustomers(400, { members: ["eve@example.com"] }));
  expect(refusals).toEqual([]);
  for (let n = 0; n < 400; n++) expect(first).toContain(`\`new-${n}\``);
  expect(text).toContain("makes `eve@example.com` members of …");
});

test("a pull request with more of them than a comment can show is refused, with the way out", () => {
  const { text, refusals } = told(
    addCustomers(3000, { delivery: { awsAccountId: "999999999999" }, displayName: "N".repeat(200) }),
  );
  expect(refusals).toEqual([
    {
      guard: "size of the review",
      message: expect.stringMatching(
        /^There is too much to review at once: 3000 changes .* Split the pull request\.$/,
      ),
    },
  ]);
  expect(text).toContain("- **size of the review**: There is too much to review at once");
  expect(text.length).toBeLessThanOrEqual(65_536);
});

test("a value that is too long shows its ends, its host and its digest", () => {
  const { first } = told((one) => {
    one.config["customers-as-code:backendUrl"] =
      `https://backend.example.com:${"a".repeat(5000)}@stranger.example.com/${"b".repeat(5000)}end`;
  });
  expect(first).toContain("to `https://backend.example.com:aaa");
  expect(first).toMatch(
    /bbbend` \(host `stranger\.example\.com`, 10053 characters, SHA-256 `[0-9a-f]{64}`\)/,
  );
});

test("of two values that are too long, the place is shown at which they differ", () => {
  const document = (middle: string) => `${"a".repeat(5000)}${middle}${"b".repeat(5000)}`;
  const sentence = describeChange("`x`", document("old"), document("new"));
  expect(sentence).toContain("aaaoldbbb");
  expect(sentence).toContain("aaanewbbb");
});

test("a secret is never shown, whether it is encrypted or in clear", () => {
  const { text } = told((one) => {
    Object.assign(one.config, {
      "auth0:clientSecret": "hunter2-hunter2",
      "customers-as-code:stripeApiKey": "sk_live_hunter2",
      "customers-as-code:moesifApplicationId": { secure: "v1:hunter2" },
      "aws:secretKey": "hunter2-hunter2",
      "customers-as-code:portal": {
        environment: { api: { SOME_TOKEN: "hunter2", OTHER: "sk_live_hunter2" } },
      },
    });
  });
  expect(text).toContain("`auth0:clientSecret`");
  expect(text).not.toContain("hunter2");
});

test("a setting that no resource shows is no pull request that changes nothing", () => {
  const { text } = told((one) => {
    one.config["customers-as-code:removalLimit"] = "100%";
  });
  expect(text).toContain("### Preview of `dev`: no resource changes, 1 other change; ⚠️ check 1 first");
});

test("reports when those who are cut off last called the API", () => {
  const found = plan(
    customer("acme", { before: "active", after: "suspended", displayName: "Acme Corporation" }),
  );
  const suspend = (one: Company) => {
    const { acme } = one.customers;
    if (acme) acme.status = "suspended";
  };
  const { text } = told(suspend, { plan: found, lastSeen: { org_acme: { at: "2026-11-20T13:37:00.000Z" } } });
  expect(text).toContain(
    "- **cuts off**: suspends `acme` (*Acme Corporation*): its 2 clients get 403; last seen by Moesif 2026-11-20 13:37 UTC",
  );
  // The file explains what the plan does.
  expect(text).not.toContain("only in the plan");
});

test("what the plan does to a customer and no file declares is reported as such", () => {
  const found = plan(
    customer("acme", {
      before: "active",
      after: "active",
      displayName: "Acme Corporation",
      clients: { default: [["read:orders"], ["read:orders", "write:orders"]] },
    }),
  );
  const { first } = told(() => {}, { plan: found });
  expect(first).toContain(
    "- **gains access**: gives `write:orders` to client `default` of `acme` (*Acme Corporation*) (only in the plan: no file of this pull request declares it)",
  );
});

test("without a base, shows the plan and that nothing is compared", () => {
  const { first } = told(() => {}, { changes: { reason: "The base HEAD^1 cannot be read." } });
  expect(first).toContain(
    "- **cannot be compared**: does not compare what the files declare: The base HEAD^1 cannot be read.",
  );
});

test("a part of a customer's file explains no more of the plan than that part", () => {
  const rename = (one: Company) => {
    const { acme } = one.customers;
    if (acme) acme.displayName = "Acme Inc.";
  };
  const removed = plan(customer("acme", { before: "active", displayName: "Acme Inc." }));
  expect(told(rename, { plan: removed }).first).toMatch(
    /^- \*\*cuts off\*\*: removes `acme` \(\*Acme Inc\.\*\): .* \(only in the plan: /m,
  );
  const remove = (one: Company) => {
    delete one.customers.acme;
  };
  expect(told(remove, { plan: removed }).text).not.toContain("only in the plan");
});
