// Headers by which a caller could pass for somebody else, in each case and protocol.
import { identityHeaders } from "../../gateway/backends/identity-headers";
import { chooseShowing, headersNotShown } from "../choose-operations";
import type {
  Answer,
  Attempt,
  Claim,
  Judgement,
  NamedOperation,
  NotTried,
  Protocol,
  StackUnderTest,
} from "../claim";
import { printAnswer } from "../judge";

const page = "docs/reference/gateway.md#caller-identity";

const versions: Record<Protocol, string> = { "http/1.1": "HTTP/1.1", h2: "HTTP/2" };

interface Spelling {
  id: string;
  described: string;
  spell(name: string): string[];
}

const lowerCase: Spelling = {
  ...{ id: "lower-case", described: "in lower case" },
  spell: (name) => [name.toLowerCase()],
};

const spellings: readonly Spelling[] = [
  { id: "exact", described: "in the gateway's own case", spell: (name) => [name] },
  lowerCase,
  { id: "upper-case", described: "in upper case", spell: (name) => [name.toUpperCase()] },
  { id: "twice", described: "twice", spell: (name) => [name, name] },
];

export const headerClaims: readonly Claim[] = [
  ...spellings.map((spelling) => spoofedHeaders(spelling, "http/1.1")),
  // HTTP/2 has lower case only.
  spoofedHeaders(lowerCase, "h2"),
  underscoredHeaders("http/1.1"),
  underscoredHeaders("h2"),
  {
    id: "forwarded-for",
    claim: "The last address in X-Forwarded-For does not come from the caller.",
    ...{ page, guardsCustomers: false },
    plan(stack) {
      const operation = stack.given.showsHeaders;
      if (!operation) return { notTried: headersNotShown };
      const address = "192.0.2.17";
      return {
        expected: `an address behind ${address}`,
        questions: [
          {
            to: "gateway",
            ...operation,
            token: { of: "customer" },
            headers: [
              ["X-Forwarded-For", address],
              ["X-Customers-Verify", stack.marker],
            ],
          },
        ],
        judge([answer]) {
          const body = answer?.body.toString() ?? "";
          if (!answer || !body.includes(stack.marker)) return unseen(answer);
          const isFollowed = new RegExp(`${address.replaceAll(".", "\\.")}\\s*,\\s*[\\da-f]`).test(body);
          const isReplaced = !body.includes(address);
          if (isReplaced) return { verdict: "holds", seen: "the caller's value is gone" };
          return isFollowed
            ? { verdict: "holds", seen: "an address behind it" }
            : { verdict: "fails", seen: "the caller's value alone" };
        },
      };
    },
  },
];

function spoofedHeaders({ id, described, spell }: Spelling, protocol: Protocol): Claim {
  return {
    id: `spoofed-headers-${id}${protocol === "h2" ? "-http2" : ""}`,
    claim: `A caller's identity headers ${described} do not reach the backend (${versions[protocol]}).`,
    ...{ page, guardsCustomers: true },
    plan(stack) {
      const operation = chooseShowing(stack);
      if ("notTried" in operation) return operation;
      const expected = "none of the caller's values";
      return attemptLies(stack, operation, { protocol, spell, expected }, (answer, lies) => {
        const arrived = lies.filter(([, value]) => answer.body.includes(value)).map(([name]) => name);
        if (arrived.length > 0)
          return { verdict: "fails", seen: `the caller's ${[...new Set(arrived)].join(", ")}` };
        // The absence of a lie proves something only if the answer shows other headers.
        return showsOthers(answer, stack) ? { verdict: "holds", seen: expected } : unseen(answer);
      });
    },
  };
}

/** Servers that speak CGI, WSGI, Rack or PHP take them for the gateway's own. */
function underscoredHeaders(protocol: Protocol): Claim {
  return {
    id: `underscored-headers${protocol === "h2" ? "-http2" : ""}`,
    claim: `Identity headers with underscores come through as other headers, beside the gateway's own (${versions[protocol]}).`,
    ...{ page, guardsCustomers: false },
    plan(stack) {
      const operation = stack.given.showsHeaders;
      if (!operation) return { notTried: headersNotShown };
      const spell = (name: string) => [name.replaceAll("-", "_")];
      const expected = "the caller's values, and the customer's";
      return attemptLies(stack, operation, { protocol, spell, expected }, (answer, lies) => {
        if (!showsOthers(answer, stack)) return unseen(answer);
        const isThere = lies.every(([, value]) => answer.body.includes(value));
        return isThere
          ? { verdict: "holds", seen: expected }
          : { verdict: "fails", seen: "the caller's values are gone: backends need not drop them" };
      });
    },
  };
}

type Lies = readonly (readonly [string, string])[];

function attemptLies(
  stack: StackUnderTest,
  operation: NamedOperation,
  { protocol, spell, expected }: Pick<Spelling, "spell"> & { protocol: Protocol; expected: string },
  judge: (answer: Answer, lies: Lies) => Judgement,
): Attempt | NotTried {
  if (protocol === "h2" && !stack.url.startsWith("https:"))
    return { notTried: "the API is reached without TLS, where clients do not speak HTTP/2" };
  const lies: Lies = Object.keys(identityHeaders).flatMap((name) =>
    spell(name).map((spelled, at): [string, string] => [spelled, lie(stack, name, at)]),
  );
  const headers: Lies = [...lies, ["X-Customers-Verify", stack.marker]];
  return {
    expected,
    questions: [{ to: "gateway", ...operation, token: { of: "customer" }, headers, protocol }],
    judge: ([answer]) => (answer ? judge(answer, lies) : unseen(answer)),
  };
}

/** Of the same form as the true value, so that no check of the form takes it away. */
function lie({ marker }: StackUnderTest, name: string, at: number): string {
  const value = `lie${Object.keys(identityHeaders).indexOf(name)}${at}${marker}`;
  return name === "X-Org-Id" ? `org_${value}` : value;
}

/** A JWT authorizer gives the backend no headers of its own. */
function showsOthers({ body }: Answer, { customer, kind, marker }: StackUnderTest): boolean {
  return kind === "jwt" ? body.includes(marker) : body.includes(customer.organizationId);
}

function unseen(answer: Answer | undefined): Judgement {
  return {
    verdict: "unclear",
    seen: answer ? `${printAnswer(answer)}, without the headers` : "no answer",
  };
}
