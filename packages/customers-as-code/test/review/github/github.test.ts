import { callGitHub } from "../../../src/review/github/github";

test("a server that doesn't answer is named, with the reason and the remedy, and without the token", async () => {
  const repository = { api: "http://127.0.0.1:1", name: "example/customers", token: "ghs_secret" };
  const call = callGitHub(repository, "GET", "/issues");
  await expect(call).rejects.toThrow(
    /^GitHub cannot be reached at http:\/\/127\.0\.0\.1:1: .+\. Run the job again; on a server of your own, check GITHUB_API_URL\.$/,
  );
  await expect(call).rejects.not.toThrow("ghs_secret");
});
