// Stands for GitHub's REST API: keeps comments, issues and reviews of the repository example/customers.
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Item {
  id: number;
  number: number;
  title?: string;
  body: string;
  state: string;
  user: { type: string; login: string };
  commit_id?: string;
}

export class GitHub {
  comments: Item[] = [];
  issues: Item[] = [];
  reviews: Item[] = [];
  pulls: object[] = [];
  runs: object[] = [];
  /** By commit. */
  statuses: [commit: string, status: object][] = [];
  /** Such as `PATCH /issues/comments/1`. */
  requests: string[] = [];
  /** If not 0, the status with which it refuses everything. */
  status = 0;
  /** Login of the person whose token it is; without one it is the token of a job. */
  person?: string;
  /** Instead of the second page of each list, and the pages after it. */
  secondPage?: string;
  private readonly server: Server = createServer((request, response) => {
    void this.answer(request).then(([status, body]) =>
      response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body)),
    );
  });

  open(): Promise<void> {
    return new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }

  close(): Promise<unknown> {
    return new Promise((resolve) => this.server.close(resolve));
  }

  reset(): void {
    Object.assign(this, {
      comments: [],
      issues: [],
      reviews: [],
      requests: [],
      status: 0,
      pulls: [],
      runs: [],
      statuses: [],
    });
    this.person = undefined;
    this.secondPage = undefined;
  }

  get repository() {
    const { port } = this.server.address() as AddressInfo;
    return { api: `http://127.0.0.1:${port}`, name: "example/customers", token: "token" };
  }

  private async answer(request: IncomingMessage): Promise<[status: number, body: unknown]> {
    const url = new URL(request.url ?? "", "http://localhost");
    const path = url.pathname.replace(/^\/repos\/example\/customers/, "");
    this.requests.push(`${request.method} ${path}`);
    let text = "";
    for await (const chunk of request) text += chunk;
    if (this.status !== 0) return [this.status, { message: "Resource not accessible by integration" }];
    if (request.headers.authorization !== "Bearer token") return [401, { message: "Bad credentials" }];
    if (path === "/user") {
      // As GitHub answers the token of a job: https://docs.github.com/en/rest/users/users#get-the-authenticated-user
      if (this.person === undefined) return [403, { message: "Resource not accessible by integration" }];
      return [200, { login: this.person, type: "User" }];
    }
    const given: Partial<Item> = text === "" ? {} : JSON.parse(text);
    const [, commit] = /^\/statuses\/(\w+)$/.exec(path) ?? [];
    if (commit !== undefined && request.method === "POST") {
      this.statuses.push([commit, given]);
      return [201, given];
    }
    if (path === "/commits/abc/pulls") return [200, this.pulls];
    if (path === "/actions/workflows/42/runs") return [200, { workflow_runs: this.runs }];
    if ((given.body ?? "").length > 65_536) return [422, { message: "Validation Failed" }];
    if (request.method === "PATCH") return this.change(path, given);
    const lists: Record<string, Item[]> = {
      "/issues": this.issues,
      "/issues/7/comments": this.comments,
      "/pulls/7/reviews": this.reviews,
    };
    const list = lists[path];
    if (!list) return [404, { message: "Not Found" }];
    if (request.method === "POST") {
      const item = {
        ...made(list.length + 1, String(given.body), this.author()),
        ...(given.title && { title: given.title }),
      };
      list.push(item);
      return [201, shown(item)];
    }
    const [size, page] = ["per_page", "page"].map((key) => Number(url.searchParams.get(key)));
    if (this.secondPage !== undefined && (page ?? 1) > 1) return [200, this.secondPage];
    const state = url.searchParams.get("state");
    const creator = url.searchParams.get("creator");
    const found = list.filter(
      (item) => (state === null || item.state === state) && (creator === null || item.user.login === creator),
    );
    return [200, found.slice(((page ?? 1) - 1) * (size ?? 0), (page ?? 1) * (size ?? 0)).map(shown)];
  }

  private author(): Item["user"] {
    return this.person === undefined
      ? { type: "Bot", login: "github-actions[bot]" }
      : { type: "User", login: this.person };
  }

  private change(path: string, given: Partial<Item>): [status: number, body: unknown] {
    const items = path.startsWith("/issues/comments/") ? this.comments : this.issues;
    const found = items.find(({ number }) => path.endsWith(`/${number}`));
    if (!found) return [404, { message: "Not Found" }];
    Object.assign(found, given);
    return [200, shown(found)];
  }
}

/** As the bot of GitHub Actions makes it. */
export function made(
  number: number,
  body: string,
  user = { type: "Bot", login: "github-actions[bot]" },
): Item {
  return { id: number, number, body, state: "open", user };
}

/** Comments have no number. */
function shown({ number, ...item }: Item) {
  const url = `https://github.com/${number}`;
  return { ...item, ...(item.title !== undefined && { number }), html_url: url };
}
