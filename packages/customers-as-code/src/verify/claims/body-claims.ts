// Bodies that are not text, compression, and backends that take too long.
import { gunzipSync } from "node:zlib";
import { chooseAllowed } from "../choose-operations";
import type { Answer, ApiKind, Claim, Judgement } from "../claim";
import { noOperation, printAnswer } from "../judge";

/** Every byte, so that no decoding as UTF-8 goes unnoticed. */
const allBytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

/** docs/reference/gateway.md#backends */
const timeoutStatus: Record<ApiKind, number> = { rest: 504, http: 503, jwt: 503 };

export const bodyClaims: readonly Claim[] = [
  {
    id: "binary-body",
    claim: "A binary body reaches the backend and comes back byte for byte.",
    ...{ page: "docs/reference/gateway.md#backends", guardsCustomers: false },
    plan({ given: { echoesBody: operation } }) {
      if (!operation)
        return {
          notTried: "it sends a body: --echoes-body names an operation that answers with the body it gets",
        };
      return {
        expected: "the same 256 bytes",
        questions: [
          {
            to: "gateway",
            ...operation,
            token: { of: "customer" },
            headers: [
              ["Content-Type", "application/octet-stream"],
              ["Accept", "application/octet-stream"],
            ],
            body: allBytes,
          },
        ],
        judge: ([answer]) => judgeBytes(answer),
      };
    },
  },
  {
    id: "compressed-answer",
    claim: "Content-Encoding says how an answer is compressed.",
    ...{ page: "docs/reference/gateway.md#backends", guardsCustomers: false },
    plan(stack) {
      const operation = chooseAllowed(stack);
      if (!operation) return noOperation(stack, "that allows");
      return {
        expected: "gzip that can be read, or no compression",
        questions: [
          {
            to: "gateway",
            ...operation,
            token: { of: "customer" },
            headers: [["Accept-Encoding", "gzip"]],
          },
        ],
        judge: ([answer]) => judgeCompression(answer),
      };
    },
  },
  {
    id: "timeout",
    claim: "The gateway gives up on a backend that takes too long.",
    ...{ page: "docs/reference/gateway.md#backends", guardsCustomers: false },
    plan({ kind, given: { tooSlow: operation } }) {
      if (!operation)
        return {
          notTried: "--too-slow names an operation whose backend takes longer than its timeoutMs",
        };
      const status = timeoutStatus[kind];
      return {
        expected: String(status),
        questions: [{ to: "gateway", ...operation, token: { of: "customer" } }],
        judge([answer]) {
          if (!answer) return { verdict: "unclear", seen: "no answer" };
          const seen = `${printAnswer(answer)} after ${answer.seconds.toFixed(1)} seconds`;
          return { verdict: answer.status === status ? "holds" : "fails", seen };
        },
      };
    },
  },
];

function judgeBytes(answer: Answer | undefined): Judgement {
  if (!answer) return { verdict: "unclear", seen: "no answer" };
  if (answer.status >= 400) return { verdict: "unclear", seen: printAnswer(answer) };
  if (answer.body.equals(allBytes)) return { verdict: "holds", seen: "the same bytes" };
  return { verdict: "fails", seen: `${answer.status}, ${answer.body.length} other bytes` };
}

function judgeCompression(answer: Answer | undefined): Judgement {
  if (!answer) return { verdict: "unclear", seen: "no answer" };
  const { status, headers, body } = answer;
  if (status >= 400) return { verdict: "unclear", seen: printAnswer(answer) };
  const encoding = headers["content-encoding"] ?? "identity";
  const isGzip = body[0] === 0x1f && body[1] === 0x8b;
  if (encoding === "identity") {
    return isGzip
      ? { verdict: "fails", seen: "gzip without Content-Encoding" }
      : { verdict: "holds", seen: "no compression" };
  }
  try {
    if (encoding !== "gzip") throw new Error();
    gunzipSync(body);
    return { verdict: "holds", seen: "gzip" };
  } catch {
    return { verdict: "fails", seen: `Content-Encoding: ${encoding}, which the body is not` };
  }
}
