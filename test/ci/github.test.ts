// A company's files for GitHub Actions are those of this repository, except that they call the workflows by tag.
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import product from "../../packages/customers-as-code/package.json";
import local from "../../packages/local-cloud/package.json";

const templates = "packages/create-customers-as-code/template-ci";
const repository = "customers-as-code/customers-as-code";

describe.each([
  ["github.yml", "customers.yml"],
  ["github-comment.yml", "comment.yml"],
])("%s", (template, own) => {
  const text = readFileSync(`${templates}/${template}`, "utf8");

  it("calls the workflows of this version by tag, and is otherwise this repository's own file", () => {
    const byTag = /uses: ([\w-]+\/[\w-]+)\/(\.github\/workflows\/customers-[\w-]+\.yml)@(\S+)/g;
    const calls = [...text.matchAll(byTag)];
    expect(calls.length).toBe(Object.values(parse(text).jobs).filter((job) => isCall(job)).length);
    expect(new Set(calls.map(([, from, , tag]) => `${from}@${tag}`))).toEqual(
      new Set([`${repository}@v${product.version}`]),
    );
    const relative = text.replace(byTag, "uses: ./$2");
    expect(relative).toBe(readFileSync(`.github/workflows/${own}`, "utf8"));
  });

  it("is short enough to read", () => {
    expect(text.split("\n").length).toBeLessThan(60);
  });
});

const isCall = (job: unknown) => typeof job === "object" && job !== null && "uses" in job;

test("Renovate moves the package, the local cloud and the workflows in one pull request", () => {
  const { packageRules } = JSON.parse(readFileSync(`${templates}/renovate.json`, "utf8"));
  expect(packageRules[0]).toMatchObject({
    groupName: "customers-as-code",
    // Of npm, and of GitHub's tags: https://docs.renovatebot.com/modules/manager/github-actions/
    matchPackageNames: [product.name, local.name, repository],
  });
});

test("Renovate leaves GitLab's image alone, because the Pulumi CLI moves with the package", () => {
  const { packageRules } = JSON.parse(readFileSync(`${templates}/renovate.json`, "utf8"));
  const [, image] = /name: (pulumi\/[\w-]+):/.exec(readFileSync(`${templates}/gitlab.yml`, "utf8")) ?? [];
  expect(packageRules[1]).toMatchObject({ enabled: false, matchPackageNames: [image] });
});
