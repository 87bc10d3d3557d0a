import { explainProtectedResource } from "../../src/stacks/protected-resource";

const urn = (types: string, name: string) => `urn:pulumi:prod::shop::${types}::${name}`;
const client = urn("customers-as-code:auth0:Customer$auth0:index/client:Client", "acme/ci");
const bucket = urn("aws:s3/bucket:Bucket", "reports");

/** As pulumi/pulumi 3.276 writes them. */
const deletes = (one: string) =>
  `resource "${one}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${one}'\``;
const replaces = (one: string, because = "") =>
  `unable to replace resource "${one}"${because}\nas it is currently marked for protection. To unprotect the resource, remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\``;

test("a protected resource of a customer is named with the customer and the way to remove it", () => {
  const said = explainProtectedResource(deletes(client));
  expect(explainProtectedResource(`Preview failed: ${deletes(client)}`)).toBe(said);
  expect(explainProtectedResource(`update failed: ${deletes(client)}`)).toBe(said);
  expect(said).toBe(
    'protect: this deployment would delete protected resources of customer acme: its credentials or its access would end. Undo what causes that. To remove the customer, put its file back, run "npx customers remove acme", merge and deploy that; then run it again, which deletes the file.',
  );
});

test("a replacement can only be undone, also one that another resource causes", () => {
  const said =
    "protect: this deployment would replace protected resources of customer acme: its credentials or its access would end. Undo what causes that.";
  expect(explainProtectedResource(replaces(client))).toBe(said);
  expect(explainProtectedResource(replaces(client, ` as part of replacing "${bucket}"`))).toBe(said);
});

test("a resource of the company's own is unprotected in the program, not in the state", () => {
  expect(explainProtectedResource(deletes(bucket))).toBe(
    'protect: this deployment would delete the Bucket reports, which is protected. Undo what causes that; or set "protect: false" in its options in the program, and deploy that first.',
  );
});

test("any other message stays as it is", () => {
  for (const message of [`creating ${client}: 409`, "", "preview failed"]) {
    expect(explainProtectedResource(message)).toBe(message);
  }
});
