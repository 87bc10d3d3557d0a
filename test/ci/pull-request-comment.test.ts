// Over HTTP, against a server that keeps comments as GitHub does.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { putComment } from "../../ci/pull-request-comment";

interface Comment {
  id: number;
  body: string;
  user: { type: string };
}

let comments: Comment[] = [];
let requests: string[] = [];
let status = 0;

const read = async (request: IncomingMessage) => {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text === "" ? {} : (JSON.parse(text) as { body: string });
};

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? "", "http://localhost");
  requests.push(`${request.method} ${url.pathname}`);
  const answer = (code: number, body: unknown) => response.writeHead(code).end(JSON.stringify(body));
  if (status !== 0) return answer(status, { message: "Resource not accessible by integration" });
  if (request.headers.authorization !== "Bearer token") return answer(401, { message: "Bad credentials" });
  const { body = "" } = { ...(await read(request)) };
  const shown = (comment: Comment) => ({ ...comment, html_url: `https://github.com/c/${comment.id}` });
  if (request.method === "PATCH") {
    const found = comments.find(
      ({ id }) => url.pathname === `/repos/example/customers/issues/comments/${id}`,
    );
    if (!found) return answer(404, {});
    found.body = body;
    return answer(200, shown(found));
  }
  if (url.pathname !== "/repos/example/customers/issues/7/comments") return answer(404, {});
  if (request.method === "POST") {
    comments.push({ id: comments.length + 1, body, user: { type: "Bot" } });
    return answer(201, shown(comments[comments.length - 1] as Comment));
  }
  const size = Number(url.searchParams.get("per_page"));
  const page = Number(url.searchParams.get("page"));
  return answer(200, comments.slice((page - 1) * size, page * size));
});

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  comments = [];
  requests = [];
  status = 0;
});

const api = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const pullRequest = () => ({ api: api(), repository: "example/customers", number: "7", token: "token" });
const put = (text: string, stack = "dev") =>
  putComment(pullRequest(), `<!-- customers-as-code: preview of ${stack} -->\n${text}`);
const someone = (body: string, type = "User") => ({ id: comments.length + 100, body, user: { type } });

test("the first run creates the comment, and each later one updates the same", async () => {
  expect(await put("one")).toBe("https://github.com/c/1");
  expect(await put("two")).toBe("https://github.com/c/1");
  expect(comments.map(({ body }) => body.split("\n")[1])).toEqual(["two"]);
  expect(requests).toEqual([
    "GET /repos/example/customers/issues/7/comments",
    "POST /repos/example/customers/issues/7/comments",
    "GET /repos/example/customers/issues/7/comments",
    "PATCH /repos/example/customers/issues/comments/1",
  ]);
});

test("each stack has its own", async () => {
  await put("one", "dev");
  await put("two", "production");
  await put("three", "dev");
  expect(comments.map(({ body }) => body.split("\n")[1])).toEqual(["three", "two"]);
});

test("people's comments stay, whatever they look like", async () => {
  comments.push(someone("<!-- customers-as-code: preview of dev -->\nmine"));
  await put("one");
  expect(comments.map(({ body }) => body.split("\n")[1])).toEqual(["mine", "one"]);
});

test("it is found behind a hundred others", async () => {
  for (let index = 0; index < 150; index++) comments.push(someone("hello", "Bot"));
  comments.push({ ...someone("<!-- customers-as-code: preview of dev -->\nold", "Bot"), id: 999 });
  await put("new");
  expect(comments).toHaveLength(151);
  expect(comments[150]?.body).toContain("new");
});

test("a refusal is told with what may be missing, and the token is not", async () => {
  status = 403;
  const failure = await put("one").then(() => "", String);
  expect(failure).toContain("403");
  expect(failure).toContain("Has the job the permission pull-requests: write?");
  expect(failure).not.toContain("Bearer");
});

test("a file that ci:preview did not write is refused, since no later run would find it", async () => {
  await expect(putComment(pullRequest(), "hello")).rejects.toThrow("no marker");
  expect(requests).toEqual([]);
});

describe("the command", () => {
  const folder = mkdtempSync(join(tmpdir(), "comment-"));
  const file = join(folder, "comment.md");
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (args: string[], environment: Record<string, string>) =>
    new Promise<{ code: number | null; output: string }>((resolve) => {
      const child = spawn(process.execPath, ["--import", "tsx", "ci/comment.ts", ...args], {
        env: { PATH: process.env.PATH, ...environment },
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
      child.on("close", (code) => resolve({ code, output }));
    });
  const environment = () => ({
    GITHUB_API_URL: api(),
    GITHUB_REPOSITORY: "example/customers",
    PR_NUMBER: "7",
    GITHUB_TOKEN: "token",
  });

  it("puts a file's comment", async () => {
    writeFileSync(file, "<!-- customers-as-code: preview of dev -->\nhello\n");
    expect(await run([file], environment())).toEqual({ code: 0, output: "https://github.com/c/1\n" });
    expect(comments[0]?.body).toContain("hello");
  });

  it("says what is missing", async () => {
    const { PR_NUMBER: _, ...others } = environment();
    expect(await run([file], others)).toEqual({
      code: 2,
      output: expect.stringContaining("has no PR_NUMBER"),
    });
    expect((await run([], environment())).code).toBe(2);
  });
});
