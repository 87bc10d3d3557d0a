import { type CommentParts, commentMarker, renderComment } from "../../../src/review/comment/comment-text";
import { joinPlans } from "../../../src/stacks/plan";
import {
  api,
  customer,
  error,
  plan,
  secretMark,
  settings,
  step,
  unknownMark,
  violation,
} from "../../../testing/preview-events";

type Events = Parameters<typeof plan>;

function comment(events: Events, more: Partial<CommentParts> = {}): string {
  return renderComment({ plan: plan(...events), refusals: [], lastSeen: {}, ...more });
}

const title = (text: string) => /^### (.*)$/m.exec(text)?.[1];

const body = (paths: Record<string, unknown[]>) =>
  JSON.stringify({
    paths: Object.fromEntries(Object.entries(paths).map(([path, security]) => [path, { get: { security } }])),
  });

const everything: Events = [
  api,
  customer("globex", {
    after: "active",
    displayName: "Globex",
    clients: { default: [undefined, ["orders:read"]] },
  }),
  customer("acme", {
    before: "active",
    displayName: "Acme Corporation",
    clients: { ci: [["read:orders"], undefined], shop: [["write:orders"], undefined] },
  }),
  customer("initech", { before: "active", after: "active", clients: { default: [["a"], ["a", "b"]] } }),
  step("RestApi", "gateway", {
    op: "update",
    old: { body: body({ "/health": [], "/orders": [{}] }) },
    new: { body: body({ "/health": [], "/orders": [] }) },
    diffs: ["body"],
  }),
  step("Function", "gateway-authorizer", {
    op: "update",
    old: { environment: secretMark, memorySize: 256, role: "a" },
    new: { environment: secretMark, memorySize: 512, role: unknownMark },
    diffs: ["environment", "memorySize", "role"],
  }),
];

test("describes everything in the customers' words, with the plan folded below", () => {
  const text = comment(everything, {
    lastSeen: { org_acme: { at: "2026-11-20T13:37:00.123Z" } },
    commit: "0123456789abcdef0123456789abcdef01234567",
    runUrl: "https://github.com/example/customers/actions/runs/1",
  });
  expect(text).toMatchSnapshot();
  expect(text.split("\n")[0]).toBe(commentMarker("dev"));
});

test("what refuses it comes first, each with its way out, once for each policy", () => {
  const description = "Organizations are protected. Set protect to true.";
  const text = comment(
    [
      customer("acme", { before: "active" }),
      violation("protected-customers", `${description}\nThe client acme/ci is not protected.\n`, "mandatory"),
      violation("protected-customers", `${description}\nThe client acme/b is not protected.\n`, "mandatory"),
      violation("naming", "Names are nice. Think of a nicer one.\nacme is not nice.", "warning"),
      error("preview failed\n"),
    ],
    { refusals: [{ guard: "owners", message: "customers/acme.yaml belongs to @jane. Ask her to approve." }] },
  );
  expect(text).toMatchSnapshot();
});

test("what the program says is wrong is the comment, with file, line and column", () => {
  const problems =
    'customers/acme.yaml:4:14  clients.default.scopes: "read:order" is not a scope of the API. Did you mean "read:orders"?\n1 problem in 1 of 4 files\n';
  const text = comment([error(problems), error("preview failed\n")]);
  expect(title(text)).toBe("Preview of `dev`: refused, 1 problem");
  expect(text).toContain(`\`\`\`text\n${problems.trim()}\n\`\`\``);
  expect(text).not.toContain("preview failed");
});

test("reports only that it failed if the reason is unknown", () => {
  expect(comment([error("preview failed\n")])).toContain("```text\npreview failed\n```");
});

const unchanged = customer("acme", { before: "active", after: "active" });
const titles: [events: Events, title: string][] = [
  [[unchanged], "Preview of `dev`: nothing changes"],
  [
    [unchanged, step("Function", "f", { op: "update", old: {}, new: {} })],
    "Preview of `dev`: no customer changes",
  ],
  [
    [customer("a", { after: "active" }), customer("b", { before: "closing" })],
    "Preview of `dev`: customers: 1 added, 1 removed",
  ],
];

test.each(titles)("the title says how many customers change", (events, expected) => {
  expect(title(comment(events))).toBe(expected);
});

test("a deployment that was made is called one, and so is one that failed half-way", () => {
  const half = [unchanged, error("400: the name is taken")];
  expect(title(comment(half, { isDone: true }))).toBe("Deployment of `dev`: failed, 1 problem");
  expect(title(comment([unchanged], { isDone: true }))).toBe("Deployment of `dev`: nothing changes");
});

test("of a thousand customers, a hundred are named, and the whole fits into a comment", () => {
  const ids = Array.from({ length: 1000 }, (_, index) => `customer-${index}`);
  const text = comment(ids.map((id) => customer(id, { after: "active" })));
  expect(text.length).toBeLessThanOrEqual(65_536);
  expect(text).toContain("- and 900 more changes");
  expect(text).toMatch(/… \d+ more lines: see the run's log\n```\n\n<\/details>/);
});

/** Of each kind, many; none of them may keep the comment from being taken by GitHub. */
const many = Array.from({ length: 1500 }, (_, index) => index);
const overflows: [what: string, text: () => string, cut: RegExp][] = [
  [
    "problems that the program tells",
    () =>
      comment([
        error(
          many.map((n) => `customers/c${n}.yaml:4:14  "read:order" is not a scope of the API.`).join("\n"),
        ),
      ]),
    /^… \d+ more lines, see the run's log\n```$/m,
  ],
  [
    "errors of one line that is too long",
    () => comment([error("x".repeat(100_000))]),
    /^```text\nx{3000,}…\n```$/m,
  ],
  [
    "violations of one policy",
    () =>
      comment(
        many.flatMap((n) =>
          violation("granted-scopes", `None.\nThe client c${n} has no scopes.`, "mandatory"),
        ),
      ),
    /^- \*\*granted-scopes\*\*: The client .* … \d+ more, see the run's log None\.$/m,
  ],
  [
    "policies",
    () =>
      comment(
        many.flatMap((n) => violation(`policy-${n}`, `None.\nThe client c${n} has no scopes.`, "mandatory")),
      ),
    /^- … \d+ more, see the run's log$/m,
  ],
  [
    "pieces of advice",
    () =>
      comment(
        many.flatMap((n) => violation(`policy-${n}`, `None.\nThe client c${n} has no scopes.`, "warning")),
      ),
    /^- … \d+ more, see the run's log$/m,
  ],
  [
    "refusals",
    () =>
      comment([], {
        refusals: many.map((n) => ({
          guard: "owners",
          message: `customers/c${n}.yaml belongs to @jane. Ask her.`,
        })),
      }),
    /^- \*\*owners\*\*: customers\/c0\.yaml .* … \d+ more, see the run's log$/m,
  ],
  [
    "routes",
    () =>
      comment([
        step("RestApi", "gateway", {
          op: "update",
          old: { body: body({}) },
          new: { body: body(Object.fromEntries(many.map((n) => [`/orders/${n}`, [{}]]))) },
          diffs: ["body"],
        }),
      ]),
    /^- and 1400 more changes$/m,
  ],
];

test.each(overflows)("of too many %s, some are named", (_what, text, cut) => {
  const told = text();
  expect(told.length).toBeLessThanOrEqual(65_536);
  expect(told).toMatch(cut);
});

test("of too much of everything, there is some of everything", () => {
  const text = comment(
    [
      ...many.map((n) => violation(`m-${n}`, `None.\n${"A client has no scopes. ".repeat(40)}`, "mandatory")),
      ...many.map((n) => violation(`w-${n}`, `None.\n${"A client has no scopes. ".repeat(40)}`, "warning")),
      ...many.map((n) => error(`error ${n}: ${"x".repeat(300)}`)),
      ...many.map((n) => customer(`customer-${n}`, { after: "active", displayName: "N".repeat(250) })),
    ].flat(),
    { refusals: many.map((n) => ({ guard: "owners", message: `customers/c${n}.yaml belongs to @jane.` })) },
  );
  expect(text.length).toBeLessThanOrEqual(65_536);
  for (const part of ["**owners**", "To be considered:", "error 1:", "adds customer", "<summary>The plan:"]) {
    expect(text).toContain(part);
  }
});

const hostile: [displayName: string, shown: string][] = [
  ["@everyone", "@<!-- -->everyone"],
  ["[free](https://evil.example)", "\\[free\\]\\(https:<!-- -->//evil.example\\)"],
  ["fixes #1", "fixes #<!-- -->1"],
  ["a\n# b", "a⟨U+000A⟩#<!-- --> b"],
  ["`x` *y* <b>", "\\`x\\` \\*y\\* &lt;b&gt;"],
  ["--> <!-- x", "\\-\\-&gt; &lt;\\!\\-\\- x"],
];

test.each(hostile)("the name %j does nothing but show", (displayName, shown) => {
  expect(comment([customer("acme", { before: "closing", displayName })])).toContain(
    `removes \`acme\` (*${shown}*): `,
  );
});

test("nothing in the plan breaks out of it", () => {
  const text = comment([
    step("Function", "f", { op: "update", old: { a: "```\n</details>" }, new: { a: "x" }, diffs: ["a"] }),
    error("```\n# hello"),
  ]);
  expect(text).toContain("````diff\n");
  expect(text).toContain("````text\n```\n# hello\n````");
});

test("secrets are not there to be shown, even where a setting has one", () => {
  const found = plan(
    settings({ "customers-as-code:a": "[secret]", "customers-as-code:b": "1" }),
    everything[0] ?? [],
  );
  expect(found.settings).toEqual({ "customers-as-code:b": "1" });
  expect(comment(everything)).toContain("environment: changes");
});

test("whatever the engine puts beside the mark of a secret, the mark is all that is kept", () => {
  const { ciphertext: _, ...mark } = secretMark;
  const text = comment([
    step("Function", "f", {
      op: "update",
      old: { key: "none" },
      new: { key: { ...mark, plaintext: '"hunter2-hunter2"' } },
      diffs: ["key"],
    }),
  ]);
  expect(text).toContain('key: "none" -> "[secret]"');
  expect(text).not.toContain("hunter2");
});

test("a route that comes and goes is reported, and one whose document is not known yet is not", () => {
  const change = (before: unknown, after: unknown) =>
    comment([
      step("RestApi", "gateway", { op: "update", old: { body: before }, new: { body: after }, diffs: [] }),
    ]);
  const text = change(
    body({ "/a": [], "/b": [{}], "/c": [{}] }),
    body({ "/a": [{}], "/c": [{}], "/d": [], "/e": [{}] }),
  );
  expect(text.match(/^- .*route.*$|^- .*token.*$/gm)).toEqual([
    "- requires a token for `GET /a`: anyone may call it until now",
    "- adds the route `GET /d`: **anyone may call it, without a token**",
    "- removes the route `GET /b`: whoever calls it is refused",
    "- adds the route `GET /e`",
  ]);
  expect(change(unknownMark, body({ "/a": [] }))).not.toContain("`GET /a`");
});

describe("of a stack with shards", () => {
  const main = plan(
    api,
    step("Function", "gateway-authorizer", { op: "update", old: { a: 1 }, new: { a: 2 } }),
  );
  const added = plan(customer("globex", { after: "active", displayName: "Globex" }));
  const removed = plan(customer("acme", { before: "closing", displayName: "Acme" }));
  const told = (concerned: string[], ...shards: (typeof main)[]) =>
    renderComment({
      plan: joinPlans(main, shards),
      refusals: [],
      lastSeen: {},
      shards: { number: 3, concerned },
    });

  it("one comment speaks of all of them, under the mark of the stack", () => {
    const text = told(["dev-shard-1", "dev-shard-3"], added, removed);
    expect(text.startsWith(commentMarker("dev"))).toBe(true);
    expect(title(text)).toBe("Preview of `dev`: customers: 1 added, 1 removed");
    expect(text).toContain("\nOf its 3 shards, concerned: `dev-shard-1`, `dev-shard-3`.\n");
    expect(text).toContain("- adds customer `globex` (*Globex*)");
    expect(text).toContain("- removes `acme` (*Acme*)");
    expect(text).toContain("`update` Function `gateway-authorizer`");
  });

  it("says where none of them is concerned, and where all are", () => {
    expect(told([])).toContain("\nNone of its 3 shards is concerned.\n");
    expect(told(["dev-shard-1", "dev-shard-2", "dev-shard-3"], added)).toContain(
      "\nAll of its 3 shards are concerned.\n",
    );
  });

  it("is refused for what is wrong with any of them, which is reported once", () => {
    const wrong = plan(error("The tenant does not answer."));
    const text = told(["dev-shard-1", "dev-shard-2"], wrong, wrong);
    expect(title(text)).toBe("Preview of `dev`: refused, 1 problem");
    expect(text.split("The tenant does not answer.")).toHaveLength(2);
  });
});
