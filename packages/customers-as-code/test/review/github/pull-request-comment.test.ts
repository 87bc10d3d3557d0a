import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { putComment } from "../../../src/review/github/pull-request-comment";
import { listApprovers, listReviews } from "../../../src/review/github/reviews";
import { trackIssue } from "../../../src/review/github/tracked-issue";
import { GitHub, made } from "../github-server";

const github = new GitHub();
beforeAll(() => github.open());
afterAll(() => github.close());
beforeEach(() => github.reset());

const person = { type: "User", login: "eve" };
const marker = (stack: string) => `<!-- customers-as-code: preview of ${stack} -->`;
const second = ({ body }: { body: string }) => body.split("\n")[1];

describe("the comment", () => {
  const put = (text: string, stack = "dev") =>
    putComment(github.repository, "7", `${marker(stack)}\n${text}`);

  it("comes with the first run, and changes with each later one", async () => {
    expect(await put("one")).toBe("https://github.com/1");
    expect(await put("two")).toBe("https://github.com/1");
    expect(github.comments.map(second)).toEqual(["two"]);
    expect(github.requests).toEqual([
      "GET /issues/7/comments",
      "POST /issues/7/comments",
      "GET /issues/7/comments",
      "PATCH /issues/comments/1",
    ]);
  });

  it("is each stack's own", async () => {
    await put("one", "dev");
    await put("two", "production");
    await put("three", "dev");
    expect(github.comments.map(second)).toEqual(["three", "two"]);
  });

  it("leaves people's, whatever they look like", async () => {
    github.comments.push(made(1, `${marker("dev")}\nmine`, person));
    await put("one");
    expect(github.comments.map(second)).toEqual(["mine", "one"]);
  });

  it("of a person's own token is updated, and nobody else's", async () => {
    github.comments.push(made(1, `${marker("dev")}\nhers`, { type: "User", login: "jane" }));
    github.person = "eve";
    await put("one");
    await put("two");
    expect(github.comments.map(second)).toEqual(["hers", "two"]);
  });

  it.each(["", "<html>busy</html>", '{"message":"busy"}', "null"])(
    "is not created while a page of the comments is %j",
    async (page) => {
      for (let number = 1; number <= 150; number++) github.comments.push(made(number, "hello"));
      github.comments.push(made(999, `${marker("dev")}\nold`));
      github.secondPage = page;
      await expect(put("new")).rejects.toThrow(/^GitHub's answer to GET .* is no (JSON|list).* again\.$/);
      expect(github.comments).toHaveLength(151);
    },
  );

  it("is found behind a hundred others", async () => {
    for (let number = 1; number <= 150; number++) github.comments.push(made(number, "hello"));
    github.comments.push(made(999, `${marker("dev")}\nold`));
    await put("new");
    expect(github.comments).toHaveLength(151);
    expect(github.comments[150]?.body).toContain("new");
  });

  it("fails with GitHub's reason and what may be missing, without the token", async () => {
    github.status = 403;
    const failure = await put("one").then(() => "", String);
    expect(failure).toContain("403");
    expect(failure).toContain("Resource not accessible by integration");
    expect(failure).toContain("Does the job have the permission");
    expect(failure).not.toContain("Bearer");
  });

  it("is of customers preview's making, since no later run would find another", async () => {
    await expect(putComment(github.repository, "7", "hello")).rejects.toThrow("no marker");
    expect(github.requests).toEqual([]);
  });
});

describe("the issue", () => {
  const track = (text: string | undefined, title = "Drift of dev") =>
    trackIssue(github.repository, title, text);

  it("is opened, kept up to date and closed", async () => {
    expect(await track("one client")).toBe("Opened https://github.com/1");
    expect(await track("one client")).toBe("https://github.com/1 says so already");
    expect(await track("two clients")).toBe("Updated https://github.com/1");
    expect(github.issues).toMatchObject([{ title: "Drift of dev", state: "open" }]);
    expect(github.issues[0]?.body).toBe("<!-- customers-as-code -->\n\ntwo clients");
    expect(await track(undefined)).toBe("Closed https://github.com/1");
    expect(github.issues).toMatchObject([{ state: "closed" }]);
  });

  it("has as many lines as GitHub takes, and says how many more there are", async () => {
    const text = `\`\`\`text\n${"client globex/warehouse has other scopes\n".repeat(5000)}\`\`\``;
    expect(await track(text)).toBe("Opened https://github.com/1");
    expect(github.issues[0]?.body).toMatch(/other scopes\n… \d+ more lines, see the run's log$/);
    expect(await track(text)).toBe("https://github.com/1 says so already");
  });

  it("is another one after it was closed, and for another title", async () => {
    await track("a");
    await track(undefined);
    await track("b");
    await track("c", "Drift of production");
    expect(github.issues.map(({ title, state }) => `${title} ${state}`)).toEqual([
      "Drift of dev closed",
      "Drift of dev open",
      "Drift of production open",
    ]);
  });

  it("of a person's own token is the same one the next night", async () => {
    github.person = "eve";
    expect(await track("one client")).toBe("Opened https://github.com/1");
    expect(await track("two clients")).toBe("Updated https://github.com/1");
    expect(github.issues).toHaveLength(1);
  });

  it("is not opened for nothing, and no other one is touched", async () => {
    github.issues.push({ ...made(1, "mine", person), title: "Drift of dev" });
    expect(await track(undefined)).toBe('There is no issue "Drift of dev", and nothing for one.');
    expect(await track("new")).toBe("Opened https://github.com/2");
    expect(github.issues[0]).toMatchObject({ body: "mine", state: "open" });
  });
});

describe("approvals", () => {
  it("are of the last commit, and each reviewer's last word", async () => {
    const reviews: [login: string, state: string, commit: string][] = [
      ["jane", "APPROVED", "new"],
      ["jane", "COMMENTED", "new"],
      ["joe", "APPROVED", "old"],
      ["ann", "APPROVED", "new"],
      ["ann", "CHANGES_REQUESTED", "new"],
      ["bob", "CHANGES_REQUESTED", "new"],
      ["bob", "APPROVED", "new"],
      ["sue", "APPROVED", "new"],
      ["sue", "DISMISSED", "new"],
    ];
    github.reviews = reviews.map(([login, state, commit_id], index) => ({
      ...made(index, "", { type: "User", login }),
      state,
      commit_id,
    }));
    expect(listApprovers(await listReviews(github.repository, "7"), "new")).toEqual(["jane", "bob"]);
  });

  it.each([
    ["the author's own", [["Eve", "APPROVED", "new"]]],
    ["one that is dismissed after the author pushed", [["jane", "DISMISSED", "new"]]],
    ["one of an earlier commit", [["jane", "APPROVED", "old"]]],
    [
      "one that the reviewer takes back under a name in another case",
      [
        ["Jane", "APPROVED", "new"],
        ["jane", "CHANGES_REQUESTED", "new"],
      ],
    ],
    [
      "one by a name that would add an output",
      [
        ["jane\nnext=1", "APPROVED", "new"],
        ["::error::x", "APPROVED", "new"],
      ],
    ],
    ["one of a deleted user", [["", "APPROVED", "new"]]],
  ])("don't count %s", (_, reviews) => {
    const all = reviews.map(([login = "", state = "", commit = ""]) => ({ login, state, commit }));
    expect(listApprovers(all, "new", "eve")).toEqual([]);
  });
});

describe("the commands", () => {
  const folder = mkdtempSync(join(tmpdir(), "comment-"));
  const file = join(folder, "comment.md");
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (command: string, args: string[], more: Record<string, string> = {}) =>
    new Promise<{ code: number | null; output: string }>((resolve) => {
      const { api, name, token } = github.repository;
      const child = spawn(process.execPath, ["packages/customers-as-code/bin.cjs", command, ...args], {
        env: { PATH: "", GITHUB_API_URL: api, GITHUB_REPOSITORY: name, GITHUB_TOKEN: token, ...more },
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
      child.on("close", (code) => resolve({ code, output }));
    });

  it("put a file's comment, and say what is missing", async () => {
    writeFileSync(file, `${marker("dev")}\nhello\n`);
    expect(await run("comment", [file], { PR_NUMBER: "7" })).toEqual({
      code: 0,
      output: "https://github.com/1\n",
    });
    expect(github.comments[0]?.body).toContain("hello");
    expect(await run("comment", [file])).toEqual({
      code: 2,
      output: expect.stringContaining("has no PR_NUMBER"),
    });
  }, 60_000);

  it("open an issue with a file, without secrets, and close it if there is none", async () => {
    const text = join(folder, "drift.txt");
    writeFileSync(text, "client *x* has token-of-pulumi\n");
    const args = ["--title", "Drift", text];
    expect((await run("issue", args, { PULUMI_ACCESS_TOKEN: "token-of-pulumi" })).code).toBe(0);
    expect(github.issues[0]?.body).toContain("```text\nclient *x* has [secret]\n```");
    rmSync(text);
    expect(await run("issue", args)).toEqual({ code: 0, output: "Closed https://github.com/1\n" });
  }, 60_000);

  describe("find the pull request of a run", () => {
    const pull = (more: object = {}) => ({
      number: 7,
      state: "open",
      user: { type: "User", login: "eve" },
      head: { sha: "abc", repo: { full_name: "example/customers" } },
      base: { ref: "main" },
      ...more,
    });
    const ofRun = { RUN_HEAD: "abc", RUN_WORKFLOW: "42", DEFAULT_BRANCH: "main" };
    const find = (more: Record<string, string> = {}) => run("pull-request", [], { ...ofRun, ...more });

    it("with its author, and the latest plan of its last commit", async () => {
      github.pulls = [pull({ number: 6, state: "closed" }), pull()];
      github.runs = [
        { id: 2, head_sha: "abc" },
        { id: 3, head_sha: "abc" },
        { id: 4, head_sha: "def" },
      ];
      expect(await find()).toEqual({ code: 0, output: "number=7\nauthor=eve\nhead=abc\nrun=3\n" });
    }, 60_000);

    it.each([
      ["has a newer commit", pull({ head: { sha: "def", repo: { full_name: "example/customers" } } })],
      ["is a fork's", pull({ head: { sha: "abc", repo: { full_name: "eve/customers" } } })],
      ["goes into another branch", pull({ base: { ref: "release" } })],
      ["is closed", pull({ state: "closed" })],
    ])(
      "or nothing if it %s",
      async (_, other) => {
        github.pulls = [other];
        github.runs = [{ id: 2, head_sha: "abc" }];
        expect(await find()).toEqual({ code: 0, output: "" });
      },
      60_000,
    );

    it("or nothing until there is a plan", async () => {
      github.pulls = [pull()];
      expect(await find()).toEqual({ code: 0, output: "" });
    }, 60_000);

    it("or say which variable of the run is missing", async () => {
      expect(await find({ RUN_WORKFLOW: "" })).toEqual({
        code: 2,
        output: expect.stringContaining("has no RUN_WORKFLOW"),
      });
    }, 60_000);

    it("with no output that its author's name would add", async () => {
      github.pulls = [pull({ user: { login: "eve\nrun=9" } })];
      github.runs = [{ id: 2, head_sha: "abc" }];
      expect((await find()).output).toBe("number=7\nauthor=ghost\nhead=abc\nrun=2\n");
    }, 60_000);
  });

  it.each([
    ["success", "success"],
    ["failure", "failure"],
    ["cancelled", "failure"],
  ])(
    "set the status of a commit for the result %s",
    async (result, state) => {
      const environment = { PR_HEAD: "abc", GITHUB_SERVER_URL: "https://github.com", GITHUB_RUN_ID: "1" };
      const { code } = await run("status", ["--context", "Preview (dev)", result], environment);
      expect(code).toBe(0);
      expect(github.statuses).toEqual([
        [
          "abc",
          expect.objectContaining({
            state,
            context: "Preview (dev)",
            target_url: "https://github.com/example/customers/actions/runs/1",
          }),
        ],
      ]);
    },
    60_000,
  );

  it("print who approves as an output of a step", async () => {
    github.reviews = [
      { ...made(1, "", { type: "User", login: "jane" }), state: "APPROVED", commit_id: "abc" },
    ];
    github.reviews.push({ ...made(2, "", person), state: "APPROVED", commit_id: "abc" });
    const environment = { PR_NUMBER: "7", PR_HEAD: "abc", PR_AUTHOR: person.login };
    expect(await run("approvals", [], environment)).toEqual({ code: 0, output: "approved-by=jane\n" });
  }, 60_000);
});
