import { inspect } from "node:util";
import { declareProgram } from "../../src/pulumi/program";

const frame = (file: string) => `    at run (/srv/api/node_modules/${file}:1598:22)`;

test("what the program gives is what comes of it", async () => {
  expect(await declareProgram(async () => ({ url: "https://api.example.com" }))()).toEqual({
    url: "https://api.example.com",
  });
});

test("an error has no frame in a file beside the packages of a scope, so that it can be shown in colors", async () => {
  const error = new Error("removalLimit: ...");
  error.stack = ["Error: removalLimit: ...", frame("@pulumi/resource.ts"), frame("@pulumi/pulumi/a.js")].join(
    "\n",
  );
  await expect(declareProgram(() => Promise.reject(error))()).rejects.toBe(error);
  expect(error.stack).toBe(["Error: removalLimit: ...", frame("@pulumi/pulumi/a.js")].join("\n"));
  // Without an end in Node.js 20 and 22, were the frame there.
  expect(inspect(error, { colors: true })).toContain("removalLimit");
});

test("what is no error is thrown as it is", async () => {
  await expect(declareProgram(() => Promise.reject("text"))()).rejects.toBe("text");
});
