// The rotation of a client's credential in its file: what is edited and reported, what is refused, what a file may say of it.
import { generateKeyPairSync } from "node:crypto";
import { generationsOf } from "../../src/customers/generations";
import type { CustomerFiles } from "../../src/customers/load-customers";
import { parseCustomers } from "../../src/customers/load-customers";
import { editClient } from "../../src/edit/edit-client";
import { cancelRotation, finishRotation, rotateClient } from "../../src/edit/rotate-client";
import { formatProblem } from "../../src/problems/problem";

const scopes = ["read:orders"];
const today = "2026-11-27";

const newKey = () =>
  String(
    generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "pem" }),
  );
const [firstKey, secondKey] = [newKey(), newKey()];
const literal = (pem: string) => pem.trimEnd().replaceAll(/^/gm, "      ");

const acme = `displayName: Acme
clients:
  # Places orders.
  ci:
    scopes: [read:orders] # all it needs
`;
const keyed = `displayName: Globex
clients:
  warehouse:
    scopes:
      - read:orders
    authentication: private_key_jwt
    # Of June.
    publicKey: |
${literal(firstKey)}
    closing: false
  other:
    scopes: [read:orders]
`;

function folder(files: Record<string, string> = { "acme.yaml": acme, "globex.yaml": keyed }): CustomerFiles {
  return {
    folder: "customers",
    files: Object.entries(files).map(([name, text]) => ({ name, text })),
    scopes,
  };
}

function clientOf(text: string) {
  const { customers, problems } = parseCustomers("customers", [{ name: "acme.yaml", text }], scopes);
  expect(problems).toEqual([]);
  const client = customers[0]?.clients[0];
  if (!client) throw new Error("it has no client");
  return client;
}

const problemsOf = (text: string) =>
  parseCustomers("customers", [{ name: "acme.yaml", text }], scopes).problems.map(formatProblem);

describe("a secret", () => {
  const rotating = `${acme}    rotation: ${today}\n    retiring: 1\n`;

  it("is rotated by two lines, of which the first says when and the second what it replaces", () => {
    const { file, problems, says } = rotateClient(folder(), "acme", undefined, { today });
    expect(problems).toEqual([]);
    expect(file).toEqual({ name: "acme.yaml", text: rotating });
    expect(says).toBe(
      'begins to rotate the secret of acme/ci: it gets a new client id and secret, and the old ones still work. Once it is deployed, hand out what "npx customers credentials acme --client ci" prints; when the customer uses it, run: npx customers rotate acme ci --finish',
    );
  });

  it("is two clients of Auth0 then, and one of them again in the end", () => {
    const keysOf = (text: string) =>
      generationsOf(clientOf(text)).map(({ key, isRetiring }) => [key, isRetiring]);
    expect(keysOf(acme)).toEqual([["ci", false]]);
    expect(keysOf(rotating)).toEqual([
      ["ci/2026-11-27", false],
      ["ci", true],
    ]);
    const finished = finishRotation(folder({ "acme.yaml": rotating }), "acme", "ci");
    expect(finished.file).toEqual({ name: "acme.yaml", text: `${acme}    rotation: ${today}\n` });
    expect(finished.says).toBe(
      "finishes the rotation of acme/ci: its old client id and secret (rotation 1) get no more tokens once it is deployed. Tokens that it already has are valid until they expire (tokenLifetime, a day by default).",
    );
    expect(keysOf(finished.file?.text ?? "")).toEqual([["ci/2026-11-27", false]]);
  });

  it.each([
    ["2", "3", "2"],
    ["2026-05-01", today, "2026-05-01"],
  ])("of rotation %s becomes %s, in the line that is there", (before, after, retiring) => {
    const text = `${acme}    rotation: ${before} # noted\n`;
    const { file } = rotateClient(folder({ "acme.yaml": text }), "acme", "ci", { today });
    expect(file?.text).toBe(`${acme}    rotation: ${after} # noted\n    retiring: ${retiring}\n`);
    expect(clientOf(file?.text ?? "")).toMatchObject({ rotation: after, retiring });
  });

  it("keeps its name's past through a rotation", () => {
    const { rotation, ...client } = clientOf(`${rotating}    previously: build\n`);
    expect(generationsOf({ ...client, rotation }).map(({ previousKeys }) => previousKeys)).toEqual([
      ["build/2026-11-27"],
      ["build"],
    ]);
  });
});

describe("a key", () => {
  const again = (text: string) =>
    rotateClient(folder({ "globex.yaml": text }), "globex", "warehouse", { today, publicKey: secondKey });

  it("becomes the retiring one, with its comment, and the new one is written before it", () => {
    const { file, says, problems } = again(keyed);
    expect(problems).toEqual([]);
    expect(file?.text).toBe(
      keyed
        .replace(
          "    # Of June.\n",
          `    publicKey: |\n${literal(secondKey)}\n    rotation: ${today}\n    # Of June.\n`,
        )
        .replace(`publicKey: |\n${literal(firstKey)}`, `retiringPublicKey: |\n${literal(firstKey)}`),
    );
    expect(says).toMatch(
      /^begins to rotate the key of globex\/warehouse: .* rotate globex warehouse --finish$/,
    );
  });

  it("stays one client's all along, with the old key first and the new one after it", () => {
    const client = clientOf(again(keyed).file?.text ?? "");
    expect(generationsOf(client)).toEqual([
      expect.objectContaining({
        key: "warehouse",
        publicKey: secondKey,
        retiringPublicKey: firstKey,
        isRetiring: false,
      }),
    ]);
  });

  it("instead of a secret that was rotated is the same client's, by the secret's rotation", () => {
    const secret = `${acme}    rotation: 2026-05-01\n`;
    const pair = `    authentication: private_key_jwt\n    publicKey: |\n${literal(firstKey)}\n`;
    const namesOf = (text: string) =>
      generationsOf(clientOf(text)).map(({ key, previousKeys }) => [key, ...previousKeys]);
    expect(namesOf(secret)).toEqual([["ci/2026-05-01"]]);
    expect(namesOf(secret + pair)).toEqual([["ci", "ci/2026-05-01"]]);
    expect(namesOf(`${secret}    previously: build\n${pair}`)).toEqual([
      ["ci", "ci/2026-05-01", "build", "build/2026-05-01"],
    ]);
    expect(namesOf(acme + pair)).toEqual([["ci"]]);
  });

  it("that is old ends with all of its lines", () => {
    const text = again(keyed).file?.text ?? "";
    const { file, says } = finishRotation(folder({ "globex.yaml": text }), "globex", "warehouse");
    expect(file?.text).not.toContain(firstKey.split("\n")[1]);
    expect(clientOf(file?.text ?? "")).toEqual({
      name: "warehouse",
      scopes,
      closing: false,
      rotation: today,
      publicKey: secondKey,
    });
    expect(says).toMatch(/^finishes the rotation of globex\/warehouse: its old key gets no more tokens/);
  });
});

describe("refused is", () => {
  const rotate = (text: string, given: Partial<Parameters<typeof rotateClient>[3]> = {}, name?: string) =>
    rotateClient(folder({ "acme.yaml": text }), "acme", name, { today, ...given });

  const refusals: [what: string, change: () => ReturnType<typeof rotate>, problem: string][] = [
    [
      "a client that does not exist",
      () => rotate(acme, {}, "cl"),
      'customers/acme.yaml  has no client "cl". Did you mean "ci"?',
    ],
    [
      "a customer that does not exist",
      () => finishRotation(folder(), "acne", undefined),
      'customers  has no customer "acne". Did you mean "acme"?',
    ],
    [
      "one of several without its name",
      () => rotateClient(folder(), "globex", undefined, { today }),
      "customers/globex.yaml  has 2 clients: name one of warehouse, other.",
    ],
    [
      "a second rotation beside the first",
      () => rotate(`${acme}    rotation: 2\n    retiring: 1\n`),
      'customers/acme.yaml  client "ci" is already rotating. Finish that first: npx customers rotate acme ci --finish',
    ],
    [
      "a second rotation on one day",
      () => rotate(`${acme}    rotation: ${today}\n`),
      'customers/acme.yaml  client "ci" already has a secret of today. Rotate it tomorrow.',
    ],
    [
      "a key for a client that has a secret",
      () => rotate(acme, { publicKey: firstKey }),
      'customers/acme.yaml  client "ci" has a secret, so --key does not apply. To change to a key pair, edit the file.',
    ],
    [
      "no key for a client that has one",
      () => rotateClient(folder(), "globex", "warehouse", { today }),
      'customers/globex.yaml  client "warehouse" has a key pair: ask the customer to create a new one, and pass its public key with --key FILE.',
    ],
    [
      "a text that is no key",
      () => rotateClient(folder(), "globex", "warehouse", { today, publicKey: "key" }),
      'customers/globex.yaml  the new key must be a public key as PEM, that is "-----BEGIN PUBLIC KEY-----" and what follows. Make it with: openssl rsa -in private.pem -pubout',
    ],
    [
      "a client whose lines are another's too",
      () => rotate(`${acme}`.replace("ci:", "ci: &ci").concat("  more: *ci\n"), {}, "more"),
      'customers/acme.yaml  client "more" uses an anchor or alias: edit its lines by hand.',
    ],
    [
      "a client whose lines are another's too, by whose name they are written",
      () => rotate(`${acme}`.replace("ci:", "ci: &ci").concat("  more: *ci\n"), {}, "ci"),
      'customers/acme.yaml  client "ci" uses an anchor or alias: edit its lines by hand.',
    ],
    [
      "a client that takes its lines from another",
      () =>
        finishRotation(
          folder({
            "acme.yaml": `displayName: Acme
clients:
  ci: &ci
    scopes: [read:orders]
    rotation: 2
    retiring: 1
  more:
    <<: *ci
    closing: true
`,
          }),
          "acme",
          "more",
        ),
      'customers/acme.yaml  client "more" uses an anchor or alias: edit its lines by hand.',
    ],
    [
      "a client of whose values one is another's too",
      () =>
        rotate(
          `${acme}    rotation: &which 2\n  more:\n    scopes: [read:orders]\n    rotation: *which\n`,
          {},
          "ci",
        ),
      'customers/acme.yaml  client "ci" uses an anchor or alias: edit its lines by hand.',
    ],
    [
      "a client of whose values one is another's too, in one stack",
      () =>
        rotate(
          `${acme}    rotation: &which 2\nstacks:\n  dev:\n    clients:\n      more: { scopes: [read:orders], rotation: *which }\n`,
          {},
          "ci",
        ),
      'customers/acme.yaml  client "ci" uses an anchor or alias: edit its lines by hand.',
    ],
  ];

  test.each(refusals)("%s", (_what, change, problem) => {
    const { file, problems } = change();
    expect(file).toBeUndefined();
    expect(problems.map(formatProblem)).toEqual([problem]);
  });

  test("the same key again, at its place in the file that would be", () => {
    const { problems } = rotateClient(folder(), "globex", "warehouse", { today, publicKey: firstKey });
    expect(problems.map(({ message }) => message)).toEqual([
      "clients.warehouse.retiringPublicKey: is the same key as publicKey. Write the customer's new key there, or remove this one.",
    ]);
  });
});

describe("a rotation that is called off", () => {
  const cancel = (text: string, isDeployed = false, name = "acme") =>
    cancelRotation(folder({ [`${name}.yaml`]: text }), name, undefined, { isDeployed });
  const begin = (text: string) =>
    rotateClient(folder({ "acme.yaml": text }), "acme", undefined, { today }).file?.text;

  it.each(["", "    rotation: 2\n", "    rotation: 2026-01-01 # of January\n"])(
    "leaves the file as it was, if it is not deployed: %j",
    (line) => {
      const before = acme + line;
      const text = begin(before) ?? "";
      expect(text).not.toBe(before);
      const { file, problems, says } = cancel(text);
      expect(problems).toEqual([]);
      expect(file).toEqual({ name: "acme.yaml", text: before });
      expect(says).toContain("cancels the rotation of the secret of acme/ci before it is deployed");
      expect(says).toContain("npx customers rotate acme ci --cancel --deployed");
    },
  );

  it.each(["", "    rotation: 2\n", "    rotation: 2026-01-01\n"])(
    "makes the old secret the current one and the new one end, if it is deployed: %j",
    (line) => {
      const before = acme + line;
      const rotating = begin(before) ?? "";
      const { file, problems, says } = cancel(rotating, true);
      expect(problems).toEqual([]);
      expect(says).toContain("which the customer may already use, still work");
      const text = file?.text ?? "";
      const [old, current] = [clientOf(before), clientOf(rotating)];
      const keys = (client: typeof old) => generationsOf(client).map(({ key }) => key);
      // The same two clients of Auth0, the other way round: nothing is made or deleted.
      expect(keys(clientOf(text))).toEqual(keys(current).reverse());
      expect(generationsOf(clientOf(text)).map(({ isRetiring }) => isRetiring)).toEqual([false, true]);
      const finished = finishRotation(folder({ "acme.yaml": text }), "acme", "ci");
      expect(finished.file).toEqual({ name: "acme.yaml", text: before });
      expect(finished.says).toContain(`its cancelled client id and secret (rotation ${current.rotation})`);
      const [problem] = cancel(text, true).problems;
      expect(problem?.message).toContain('the rotation of client "ci" is already cancelled.');
    },
  );

  it("of a key pair, leaves the client with the old key", () => {
    const all = folder({ "globex.yaml": keyed });
    const begun = rotateClient(all, "globex", "warehouse", { today, publicKey: secondKey });
    const rotating = folder({ "globex.yaml": begun.file?.text ?? "" });
    const { file, problems, says } = cancelRotation(rotating, "globex", "warehouse", { isDeployed: false });
    expect(problems).toEqual([]);
    expect(file).toEqual({ name: "globex.yaml", text: keyed });
    expect(says).toContain("First ask the customer whether they already sign with it.");
  });

  it("in one stack alone, leaves no line of it there", () => {
    const inDev = { ...folder({ "acme.yaml": acme }), stacks: { stack: "dev", known: [] } };
    const begun = rotateClient(inDev, "acme", "ci", { today }).file?.text ?? "";
    expect(begun).toContain("stacks:");
    const rotating = { ...folder({ "acme.yaml": begun }), stacks: { stack: "dev", known: [] } };
    const back = cancelRotation(rotating, "acme", "ci", { isDeployed: false });
    expect(back.problems).toEqual([]);
    expect(back.file?.text?.replace(/stacks:\n?$/, "")).toBe(acme);
    const swapped = cancelRotation(rotating, "acme", "ci", { isDeployed: true });
    expect(swapped.problems).toEqual([]);
    expect(swapped.file?.text).toContain(`cancelled: ${today}`);
  });

  it("is none of a client that does not rotate", () => {
    expect(cancel(acme)).toEqual({ problems: [], says: "acme/ci is not rotating." });
  });
});

test("finishing what is not rotating changes nothing", () => {
  expect(finishRotation(folder(), "acme", "ci")).toEqual({ problems: [], says: "acme/ci is not rotating." });
});

describe("a file is refused", () => {
  const wrong: [lines: string, problems: string[]][] = [
    [
      "retiring: 1",
      ["6:5  clients.ci.retiring: needs a rotation that comes after it. Add it, or remove this line."],
    ],
    [
      "rotation: 2\n    retiring: 2",
      ["7:5  clients.ci.retiring: 2 is the rotation that the client has now. Remove the line."],
    ],
    [
      "rotation: 4\n    retiring: 2",
      ["7:5  clients.ci.retiring: 4 does not come right after 2. Write 3, or remove the line."],
    ],
    [
      "rotation: 2\n    retiring: 3",
      ["7:5  clients.ci.retiring: 2 does not come right after 3. Write 1, or remove the line."],
    ],
    [
      "rotation: 2026-05-01\n    retiring: 2026-06-01",
      ["7:5  clients.ci.retiring: 2026-06-01 is later than the rotation 2026-05-01. Fix one of them."],
    ],
    [
      "rotation: 2\n    retiring: 2026-05-01",
      [
        "7:5  clients.ci.retiring: 2026-05-01 is a date, and a date does not come before a number. Write a date as rotation.",
      ],
    ],
    [
      "rotation: 2\n    cancelled: 2",
      ["7:5  clients.ci.cancelled: 2 is the rotation that the client has now. Remove the line."],
    ],
    [
      "rotation: 2\n    cancelled: 4",
      ["7:5  clients.ci.cancelled: 4 does not come after the rotation 2. Fix one of them."],
    ],
    [
      "rotation: 2026-05-01\n    cancelled: 2",
      ["7:5  clients.ci.cancelled: 2 does not come after the rotation 2026-05-01. Fix one of them."],
    ],
    [
      "rotation: 2026-05-01\n    cancelled: 2026-04-01",
      ["7:5  clients.ci.cancelled: 2026-04-01 does not come after the rotation 2026-05-01. Fix one of them."],
    ],
    [
      "rotation: 2\n    retiring: 1\n    cancelled: 3",
      ["8:5  clients.ci.cancelled: does not go with retiring: one of them can end. Drop a line."],
    ],
    [
      "rotation: 2999-01-01",
      [
        "6:5  clients.ci.rotation: 2999-01-01 is in the future. Write the day of the deployment, which creates the credential.",
      ],
    ],
    [
      "retiringPublicKey: none",
      [
        '6:5  clients.ci.retiringPublicKey: has no effect with a client secret. Remove it, or add "authentication: private_key_jwt".',
        `6:24  clients.ci.retiringPublicKey: must be a public key as PEM, that is "-----BEGIN PUBLIC KEY-----" and what follows. Make it with: openssl rsa -in private.pem -pubout`,
      ],
    ],
    ...["0", "10000", "1.5", "2026-02-30", "01.12.2026", "next", '"2"', "true"].map(
      (value): [string, string[]] => [
        `rotation: ${value}`,
        ["6:15  clients.ci.rotation: must be a number from 1 to 9999, or a date such as 2026-12-01"],
      ],
    ),
  ];

  test.each(wrong)("that says %j", (lines, problems) => {
    expect(problemsOf(`${acme}    ${lines}\n`)).toEqual(problems.map((one) => `customers/acme.yaml:${one}`));
  });

  test("where a client with a key pair is to retire a secret", () => {
    const text = keyed.replace("    closing: false", "    rotation: 2\n    retiring: 1");
    expect(problemsOf(text)).toEqual([
      expect.stringContaining(
        "clients.warehouse.retiring: is for secrets. A client with a key pair has its old key as retiringPublicKey.",
      ),
    ]);
  });
});

describe("the edit of a client's lines", () => {
  const edits = [
    { set: "rotation", value: "2", after: ["scopes"] },
    { set: "retiring", value: "1", after: ["rotation"] },
  ];

  it("keeps the line ends that the file has, and adds one that the last line lacks", () => {
    const text = acme.trimEnd().replaceAll("\n", "\r\n");
    expect(editClient(text, "ci", edits)).toBe(`${text}\r\n    rotation: 2\r\n    retiring: 1\r\n`);
  });

  it("rewrites a client in braces", () => {
    const text = "displayName: Acme # ours\nclients:\n  ci: {scopes: [read:orders]}\n";
    expect(editClient(text, "ci", edits)).toBe(
      "displayName: Acme # ours\nclients:\n  ci: {scopes: [read:orders], rotation: 2, retiring: 1}\n",
    );
    const rotated = editClient(text, "ci", edits) ?? "";
    expect(editClient(rotated, "ci", [{ drop: "retiring" }])).toBe(
      "displayName: Acme # ours\nclients:\n  ci: {scopes: [read:orders], rotation: 2}\n",
    );
    const braces = `displayName: Acme\nclients: {ci: {scopes: [read:orders], authentication: private_key_jwt, publicKey: ${JSON.stringify(firstKey)}}}\n`;
    const { file } = rotateClient(folder({ "acme.yaml": braces }), "acme", "ci", {
      today,
      publicKey: secondKey,
    });
    expect(clientOf(file?.text ?? "")).toMatchObject({
      rotation: today,
      publicKey: secondKey,
      retiringPublicKey: firstKey,
    });
  });
});
