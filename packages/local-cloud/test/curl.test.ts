// The lines that people copy while the cloud is kept up: a shell must read them as they are meant.
import { execFileSync } from "node:child_process";
import type { OutputMap } from "@pulumi/pulumi/automation";
import type { ApiOperation } from "../src/company/operations";
import { printCurl } from "../src/curl";

afterEach(() => jest.restoreAllMocks());

const tenant = { domain: "localhost:1", caFile: "/ca.pem", clientId: "", clientSecret: "" };
const address = {
  pid: 1,
  tenant,
  providers: {},
  backendUrl: "",
  gatewayUrl: "http://127.0.0.1:4",
  moesif: { ingestUrl: "", applicationId: "" },
};

function printed(clientSecret?: string, url = "http://127.0.0.1:2/api/v1"): string {
  const client = {
    clientId: "id",
    tokenUrl: "https://localhost:1/oauth/token",
    audience: "urn:a",
    scopes: ["send"],
  };
  const outputs: Record<string, unknown> = {
    url,
    customers: { acme: { organizationId: "org_1", status: "active", clients: {} } },
    credentials: { acme: { shop: { ...client, ...(clientSecret !== undefined && { clientSecret }) } } },
  };
  const map: OutputMap = Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [name, { value, secret: false }]),
  );
  const operation: ApiOperation = {
    method: "POST",
    path: "/parcels",
    security: [["send"]],
    makeRequest: () => ({
      path: "/parcels?dry=true&to=a",
      headers: { "content-type": "application/json" },
      body: `{"note":"it's $HOME"}`,
    }),
  };
  let text = "";
  jest.spyOn(console, "log").mockImplementation((line: string) => (text += line));
  printCurl(map, address, [operation]);
  return text;
}

/** What the program gets that the line starts. */
function argumentsOf(line: string): string[] {
  const script = `curl() { printf '%s\\n' "$@"; }; npx() { printf '%s\\n' "$@"; }; TOKEN=t; ${line}`;
  return execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" }).trimEnd().split("\n");
}

test("curl and customers local call get the request as it is", () => {
  const text = printed("secret");
  const [, curl = ""] = /^ {2}(curl [\s\S]*?)\n\n/m.exec(text) ?? [];
  expect(argumentsOf(curl)).toEqual([
    ...[
      "-i",
      "-X",
      "POST",
      "-H",
      "Authorization: Bearer t",
      "http://127.0.0.1:2/api/v1/parcels?dry=true&to=a",
    ],
    ...["-H", "content-type: application/json", "-d", `{"note":"it's $HOME"}`],
  ]);
  const [call = ""] = /npx customers local call.*/.exec(text) ?? [];
  expect(argumentsOf(call)).toEqual([
    ...["customers", "local", "call", "POST", "/parcels?dry=true&to=a", "--as", "acme/shop"],
    ...["--data", `{"note":"it's $HOME"}`],
  ]);
});

test("the tenant's page is announced, also if there is no client to call with", () => {
  for (const text of [printed("secret"), printed()]) {
    expect(text).toContain("In a browser, https://localhost:1/ shows the customers and their clients");
    expect(text).toContain("Its certificate is from /ca.pem");
  }
});

test("curl reaches the API at its own domain name by the local gateway", () => {
  const [, curl = ""] =
    /^ {2}(curl -i[\s\S]*?)\n\n/m.exec(printed("secret", "https://api.example.com/shop")) ?? [];
  expect(argumentsOf(curl).slice(0, 3)).toEqual(["-i", "--connect-to", "::127.0.0.1:4"]);
  expect(argumentsOf(curl)).toContain("http://api.example.com/shop/parcels?dry=true&to=a");
});

test("without a client whose secret is here, only the API's address is printed", () => {
  expect(printed()).toContain("The API is at http://127.0.0.1:2/api/v1");
  expect(printed()).not.toContain("curl");
});
