// What `customers validate` reports beyond the comment.
import { listFurtherProblems } from "../../src/pr/further-problems";

test("problems that the comment has are not repeated, also after a stack's name", () => {
  const printed = `dev: customers/acme.yaml:5:14  clients.default.scopes: "read:order" is not a scope of the API.
customers  is no folder
1 problem in 1 of 3 files
1 of 1 stacks have problems
`;
  const comment = `\`\`\`text
customers/acme.yaml:5:14  clients.default.scopes: "read:order" is not a scope of the API.
customers  is no folder
1 problem in 1 of 3 files
\`\`\``;
  expect(listFurtherProblems(printed, comment)).toEqual([]);
});

test("problems of another stack are listed with its name", () => {
  const printed = `dev: all is well
prod: Pulumi.prod.yaml:3:3  audience is missing.
1 problem in 1 of 3 files
1 of 2 stacks have problems
`;
  expect(listFurtherProblems(printed, "### Preview of `dev`: nothing changes")).toEqual([
    "prod: Pulumi.prod.yaml:3:3  audience is missing.",
    "1 problem in 1 of 3 files",
  ]);
});
