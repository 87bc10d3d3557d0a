// Runs the bundle, as it is deployed, in each version of Node that it may meet: every line must say what is expected.
// npm run test:runtimes
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findNode, nodeVersions } from "../../scripts/node-versions";
import { authorizerFiles } from "../build/bundle";
import type { PolicyAnswer, SimpleAnswer } from "../src/handler";
import {
  authorizerConfig,
  generateSigningKey,
  signToken,
  spoilSignature,
  stageArn,
  tokenEvent,
} from "../testing/auth0-tokens";
import { isAllowed } from "../testing/iam";

const key = generateSigningKey();
const config = authorizerConfig(key);
const now = Math.floor(Date.now() / 1000);
const good = signToken(key);
const expired = signToken(key, { iat: now - 7200, exp: now - 3600 });
const suspended = signToken(key, { org_id: config.suspended.organizations[0] });

interface Case {
  name: string;
  answers: "policy" | "simple";
  /** `GET/orders` */
  request: string;
  event: unknown;
  /** What becomes of the request, and the reason in the log. */
  expected: string;
}

const cases: Case[] = [
  rest("a token whose scopes suffice", good, "GET/orders", "allowed, allowed"),
  rest("the same token again", good, "DELETE/orders/17", "allowed, allowed"),
  rest("a token whose scopes do not suffice", good, "POST/orders/17/invoice", "denied, insufficient_scope"),
  rest("an expired token", expired, "GET/orders", "Unauthorized, token_expired"),
  rest("a bad signature", spoilSignature(good), "GET/orders", "Unauthorized, signature_invalid"),
  rest("a suspended organization", suspended, "GET/orders", "denied, organization_suspended"),
  http("an HTTP API's event, answered by a policy", "policy", good, "allowed, allowed"),
  http("an HTTP API's event, answered simply", "simple", good, "allowed, allowed"),
  http(
    "an HTTP API's event with a bad signature",
    "simple",
    spoilSignature(good),
    "denied, signature_invalid",
  ),
];

function rest(name: string, token: string, request: string, expected: string): Case {
  const [method, ...path] = request.split("/");
  const event = tokenEvent(token, `/${path.join("/")}`, method);
  return { name, answers: "policy", request, event, expected };
}

function http(name: string, answers: Case["answers"], token: string, expected: string): Case {
  const request = "GET/orders";
  const authorization = `Bearer ${token}`;
  const event = {
    version: "2.0",
    type: "REQUEST",
    routeArn: `${stageArn}/${request}`,
    routeKey: "GET /orders",
    identitySource: [authorization],
    headers: { authorization },
  };
  return { name, answers, request, event, expected };
}

/** In the runtime under test: CommonJS beside the bundle. The log goes to the output, the outcomes to the last line of it. */
const child = `
const { handler } = require(process.argv[2] + "/index.js");
(async () => {
  const outcomes = [];
  for (const event of require(process.argv[2] + "/events.json")) {
    outcomes.push(await handler(event).catch((error) => ({ error: error.message })));
  }
  console.log(JSON.stringify(outcomes));
})();
`;

type Outcome = PolicyAnswer | SimpleAnswer | { error: string };

function main(): void {
  const directory = mkdtempSync(join(tmpdir(), "authorizer-runtimes-"));
  let differences = 0;
  try {
    writeFileSync(join(directory, "child.cjs"), child);
    for (const answers of ["policy", "simple"] as const) place(join(directory, answers), answers);
    for (const version of nodeVersions) {
      const node = findNode(version);
      for (const answers of ["policy", "simple"] as const) {
        for (const [name, expected, actual] of decide(node, directory, answers)) {
          const verdict = actual === expected ? "as expected" : `NOT as expected, which is ${expected}`;
          if (actual !== expected) differences += 1;
          console.log(`Node ${version}: ${name}: ${actual} (${verdict})`);
        }
      }
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  if (differences > 0) process.exitCode = 1;
}

function place(folder: string, answers: Case["answers"]): void {
  mkdirSync(folder);
  const events = cases.filter((each) => each.answers === answers).map(({ event }) => event);
  const files = { ...authorizerFiles({ ...config, answers }), "events.json": JSON.stringify(events) };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** Of each case its name, what is expected and what came. */
function decide(node: string, directory: string, answers: Case["answers"]): [string, string, string][] {
  const output = execFileSync(node, [join(directory, "child.cjs"), join(directory, answers)], { env: {} });
  const lines: unknown[] = output
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const outcomes = lines.pop();
  if (!Array.isArray(outcomes)) throw new Error(`${node} gave no outcomes`);
  return cases
    .filter((each) => each.answers === answers)
    .map(({ name, request, expected }, index) => [
      name,
      expected,
      `${describeOutcome(outcomes[index], request)}, ${reasonOf(lines[index])}`,
    ]);
}

function describeOutcome(outcome: Outcome, request: string): string {
  if ("error" in outcome) return outcome.error;
  const isGranted =
    "isAuthorized" in outcome
      ? outcome.isAuthorized
      : isAllowed(outcome.policyDocument, `${stageArn}/${request}`);
  return isGranted ? "allowed" : "denied";
}

function reasonOf(line: unknown): unknown {
  return typeof line === "object" && line !== null && "Reason" in line ? line.Reason : "no line in the log";
}

main();
