// Lists of GitHub's REST API, from a server on localhost.
import { list } from "../../ci/github";
import { serveInTests } from "../authorizer/fixture";

const serve = serveInTests();

it.each(["{}", "null", '"moved"', '{"message":"Bad gateway"}'])(
  "stop at a page that is 200 and no list, instead of ending with it: %s",
  async (answer) => {
    const full = JSON.stringify(Array.from({ length: 100 }, (_, id) => ({ id, title: "", body: "" })));
    const { url } = await serve((request, response) =>
      response.end(request.url?.endsWith("page=1") ? full : answer),
    );
    const repository = { api: url.slice(0, -1), name: "acme/api", token: "t" };
    await expect(list(repository, "/issues/1/comments")).rejects.toThrow(
      "GitHub answers GET /issues/1/comments, page 2, without a list. Try again.",
    );
  },
);
