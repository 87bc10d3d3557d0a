// Changes of what a customer's file says of one stack: that stack's part alone changes, and says what comes of it.
import * as fc from "fast-check";
import { parse } from "yaml";
import { publicPem } from "../../../auth0-tenant/testing/assertion";
import type { CustomerFiles } from "../../src/customers/load-customers";
import { parseCustomers } from "../../src/customers/load-customers";
import { removeCustomer, resumeCustomer, suspendCustomer } from "../../src/edit/change";
import { editMap } from "../../src/edit/edit-map";
import { finishRotation, rotateClient } from "../../src/edit/rotate-client";
import { formatProblem } from "../../src/problems/problem";

const today = "2026-03-01";
const acme = `displayName: Acme # ours
clients:
  # Places orders.
  default:
    scopes: [read:orders]
`;
const withPart = `${acme}stacks:
  # Where they try things.
  dev:
    # Not for invoices.
    displayName: Acme (dev) # as they say
    clients:
      default:
        scopes: [write:orders] # all
  prod:
    contact: a@acme.example
`;

function folder(text: string, stack?: string): CustomerFiles {
  return {
    folder: "customers",
    files: [{ name: "acme.yaml", text }],
    scopes: ["read:orders", "write:orders"],
    stacks: { known: ["dev", "prod"], stack },
  };
}

/** What the stack has of the text. */
function inStack(text: string | undefined, stack?: string) {
  const { files, scopes } = folder(text ?? "");
  const { customers, problems } = parseCustomers("customers", files, scopes, { known: [], stack });
  expect(problems).toEqual([]);
  const [customer] = customers;
  if (!customer) throw new Error("there is no customer");
  return customer;
}

describe("suspending in one stack", () => {
  it("is a line in its part, where there is one, and every other line stays as it was", () => {
    const { file, says } = suspendCustomer(folder(withPart, "dev"), "acme", "load tests");
    expect(file?.text).toBe(withPart.replace("say\n", "say\n    status: suspended # load tests\n"));
    expect(says).toBe(
      "suspends Acme (dev) in the stack dev only: its 1 client gets 403 within authorizerCacheSeconds (a minute by default) of the deployment.",
    );
    expect([inStack(file?.text, "dev").status, inStack(file?.text, "prod").status]).toEqual([
      "suspended",
      "active",
    ]);
  });

  it("makes the part where there is none", () => {
    expect(suspendCustomer(folder(acme, "prod"), "acme", "unpaid").file?.text).toBe(
      `${acme}stacks:\n  prod:\n    status: suspended # unpaid\n`,
    );
    const other = `${acme}stacks:\n  dev:\n    contact: a@acme.example\n`;
    expect(suspendCustomer(folder(other, "prod"), "acme").file?.text).toBe(
      `${other}  prod:\n    status: suspended\n`,
    );
  });

  it("stands in front of what else the part says, above its remarks", () => {
    const text = `${acme}stacks:\n  prod:\n    # Whom to call\n    contact: a@acme.example\n`;
    expect(suspendCustomer(folder(text, "prod"), "acme").file?.text).toBe(
      text.replace("    # Whom", "    status: suspended\n    # Whom"),
    );
  });

  it("indents as the file does, and keeps its line ends", () => {
    const wide = acme.replaceAll("  ", "    ").replaceAll("\n", "\r\n");
    expect(suspendCustomer(folder(wide, "prod"), "acme").file?.text).toBe(
      `${wide}stacks:\r\n    prod:\r\n        status: suspended\r\n`,
    );
  });

  it("takes a new reason, in place of the old one", () => {
    const text = `${acme}stacks:\n  prod:\n    status: suspended # unpaid\n    contact: a@acme.example\n`;
    expect(suspendCustomer(folder(text, "prod"), "acme").says).toBe(
      "Acme is already suspended in the stack prod.",
    );
    const { file, says } = suspendCustomer(folder(text, "prod"), "acme", "abuse");
    expect(file?.text).toBe(text.replace("unpaid", "abuse"));
    expect(says).toBe("records why Acme is suspended, and changes nothing else.");
  });

  it("works in braces, which are rewritten", () => {
    const text = `${acme}stacks: {dev: {contact: a@acme.example}}\n`;
    const { file } = suspendCustomer(folder(text, "dev"), "acme");
    expect(file?.text).toBe(`${acme}stacks: {dev: {contact: a@acme.example, status: suspended}}\n`);
    expect(resumeCustomer(folder(file?.text ?? "", "dev"), "acme").file?.text).toBe(text);
    expect(inStack(suspendCustomer(folder(text, "prod"), "acme").file?.text, "prod").status).toBe(
      "suspended",
    );
  });

  it("is refused where the part is another's, by an alias", () => {
    const text = `${acme}stacks:\n  dev: &dev\n    contact: a@acme.example\n  prod: *dev\n`;
    for (const stack of ["dev", "prod"]) {
      expect(suspendCustomer(folder(text, stack), "acme")).toEqual({
        problems: [
          {
            file: "customers/acme.yaml",
            code: "edit-by-hand",
            message: "uses an anchor or alias where the status belongs: edit it by hand.",
          },
        ],
        says: "",
      });
    }
  });
});

describe("resuming in one stack", () => {
  it("takes the line away, and the part where nothing is left of it", () => {
    const suspended = `${acme}stacks:\n  prod:\n    status: suspended # unpaid\n`;
    const { file, says } = resumeCustomer(folder(suspended, "prod"), "acme");
    expect(file?.text).toBe(acme);
    expect(says).toBe(
      "resumes Acme in the stack prod only: its 1 client can call the API again within authorizerCacheSeconds (a minute by default) of the deployment.",
    );
    const two = `${suspended}  dev:\n    contact: a@acme.example\n`;
    expect(resumeCustomer(folder(two, "prod"), "acme").file?.text).toBe(
      `${acme}stacks:\n  dev:\n    contact: a@acme.example\n`,
    );
  });

  it("says active where all other stacks are suspended, without the reason why it was not", () => {
    const text = `${acme}status: suspended # unpaid\n`;
    const { file } = resumeCustomer(folder(text, "dev"), "acme");
    expect(file?.text).toBe(`${text}stacks:\n  dev:\n    status: active\n`);
    const own = `${text}stacks:\n  dev:\n    status: closing # gone\n`;
    expect(resumeCustomer(folder(own, "dev"), "acme").file?.text).toBe(
      `${text}stacks:\n  dev:\n    status: active\n`,
    );
  });

  it("of one that is active there changes nothing", () => {
    expect(resumeCustomer(folder(withPart, "dev"), "acme")).toEqual({
      problems: [],
      says: "Acme (dev) is already active in the stack dev.",
    });
  });
});

describe("what is done in all stacks", () => {
  const apart = `${acme}stacks:\n  dev:\n    status: active # for tests\n    contact: a@acme.example\n`;

  it("names the stack that differs and stays as it is", () => {
    expect(suspendCustomer(folder(apart), "acme").says).toBe(
      "suspends Acme: its 1 client gets 403 within authorizerCacheSeconds (a minute by default) of the deployment. It stays active in dev, as the file says; to change that, use --stack dev.",
    );
    const suspended = apart.replace("active # for tests", "suspended");
    expect(resumeCustomer(folder(suspended), "acme")).toEqual({
      problems: [],
      says: "Acme is already active. It stays suspended in dev, as the file says; to change that, use --stack dev.",
    });
  });

  it("closes whom it removes in every stack, before the file goes", () => {
    const { file, says } = removeCustomer(folder(apart), "acme");
    expect(file?.text).toBe(
      `displayName: Acme # ours\nstatus: closing\n${acme.split("\n").slice(1).join("\n")}stacks:\n  dev:\n    contact: a@acme.example\n`,
    );
    expect(says).toContain("closes Acme: ");
    expect(says).not.toContain("stays");
    const half = `${acme}status: closing\nstacks:\n  dev:\n    status: suspended\n`;
    expect(removeCustomer(folder(half), "acme").file?.text).toBe(`${acme}status: closing\n`);
  });
});

describe("rotating in one stack", () => {
  it("writes the rotation into its part, and ends it there", () => {
    const { file, says } = rotateClient(folder(withPart, "dev"), "acme", undefined, { today });
    expect(file?.text).toBe(
      withPart.replace("# all\n", `# all\n        rotation: ${today}\n        retiring: 1\n`),
    );
    expect(says).toBe(
      'begins to rotate the secret of acme/default in the stack dev only: it gets a new client id and secret, and the old ones still work. Once it is deployed, hand out what "npx customers credentials acme --client default --stack dev" prints; when the customer uses it, run: npx customers rotate acme default --finish --stack dev',
    );
    expect(inStack(file?.text, "prod").clients).toEqual(inStack(withPart, "prod").clients);
    const finished = finishRotation(folder(file?.text ?? "", "dev"), "acme", undefined);
    expect(finished.file?.text).toBe(withPart.replace("# all\n", `# all\n        rotation: ${today}\n`));
    expect(finished.says).toMatch(
      /^finishes the rotation of acme\/default in the stack dev only: its old client id/,
    );
  });

  it("makes the part where there is none", () => {
    expect(rotateClient(folder(acme, "prod"), "acme", "default", { today }).file?.text).toBe(
      `${acme}stacks:\n  prod:\n    clients:\n      default:\n        rotation: ${today}\n        retiring: 1\n`,
    );
  });

  it("gives a key pair that all stacks share another key in the one", () => {
    const [old, next] = [publicPem("one"), publicPem("two")];
    const lines = (pem: string) => pem.trimEnd().split("\n").join("\n      ");
    const text = `${acme}    authentication: private_key_jwt\n    publicKey: |\n      ${lines(old)}\n`;
    const { file, problems } = rotateClient(folder(text, "prod"), "acme", undefined, {
      today,
      publicKey: next,
    });
    expect(problems).toEqual([]);
    expect(file?.text?.startsWith(text)).toBe(true);
    expect(inStack(file?.text, "prod").clients).toMatchObject([
      { publicKey: next, retiringPublicKey: old, rotation: today },
    ]);
    expect(inStack(file?.text, "dev").clients).toEqual(inStack(text).clients);
    const finished = finishRotation(folder(file?.text ?? "", "prod"), "acme", undefined).file?.text;
    expect(inStack(finished, "prod").clients[0]).not.toHaveProperty("retiringPublicKey");
    const again = rotateClient(folder(finished ?? "", "prod"), "acme", undefined, {
      today: "2026-04-01",
      publicKey: publicPem("three"),
    });
    expect(inStack(again.file?.text, "prod").clients).toMatchObject([
      { publicKey: publicPem("three"), retiringPublicKey: next, rotation: "2026-04-01" },
    ]);
  });

  it("cannot end there what was begun in all", () => {
    const text = `${acme}    rotation: 2\n    retiring: 1\n`;
    const { file, problems } = finishRotation(folder(text, "dev"), "acme", "default");
    expect(file).toBeUndefined();
    expect(problems.map(formatProblem)).toEqual([
      'customers/acme.yaml  client "default" rotates in all stacks, not only in dev. Finish the rotation in all of them, once the customer uses the new one everywhere: npx customers rotate acme default --finish',
    ]);
  });

  it("names the stack with a rotation of its own if all rotate", () => {
    const text = `${acme}stacks:\n  prod:\n    clients:\n      default:\n        rotation: 7\n        retiring: 6\n`;
    const { says } = rotateClient(folder(text), "acme", "default", { today });
    expect(says).toMatch(
      / --finish\. Not in prod, for which the file has a rotation of its own; to change that, use --stack prod\.$/,
    );
  });
});

test("whatever a part says, one key of it changes, and the rest means what it meant", () => {
  const scalar = fc.constantFrom("a", "b c", "#x", "", "4711", "null", "x: y", "ä");
  const part = fc.dictionary(
    fc.constantFrom("contact", "metadata", "members", "plan"),
    fc.oneof(scalar, fc.array(scalar, { maxLength: 2 }), fc.dictionary(fc.constantFrom("k", "l"), scalar)),
  );
  fc.assert(
    fc.property(part, fc.boolean(), (said, hasPart) => {
      const body = Object.entries(said).map(([key, value]) => `    ${key}: ${JSON.stringify(value)}\n`);
      const own = body.length > 0 ? `  dev: # theirs\n${body.join("")}` : "";
      const other = "  prod:\n    contact: p@acme.example # last\n";
      const text = `${acme}${hasPart ? `stacks:\n${own}${other}` : ""}`;
      const set = { set: "status", value: "suspended", after: ["displayName"], first: true };
      const edited = editMap(text, ["stacks", "dev"], [set]) ?? "";
      const before = parse(text);
      expect(parse(edited)).toEqual({
        ...before,
        stacks: { ...before.stacks, dev: { ...before.stacks?.dev, status: "suspended" } },
      });
      const lines = edited.split("\n");
      expect(text.split("\n").filter((line) => !lines.includes(line))).toEqual([]);
      expect(editMap(edited, ["stacks", "dev"], [{ drop: "status" }])).toBe(text);
    }),
    { seed: 11, numRuns: 150 },
  );
});
