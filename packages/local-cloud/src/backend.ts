// Stands in for the company's own services: answers every request with what it gets of it and of the caller.
import { createServer } from "node:http";
import { join } from "node:path";
import { closeServer, listenAtRememberedPort } from "./port";
import { isRecord } from "./record";

export interface Backend {
  url: string;
  close(): Promise<void>;
}

/** What the backend answers. */
export interface BackendAnswer {
  method: string;
  path: string;
  organization: string | null;
  /** As a service finds it behind an authorizer that adds no headers, since API Gateway has checked the token. */
  organizationInToken: string | null;
  client: string | null;
  scopes: string[];
}

export async function startBackend(directory: string): Promise<Backend> {
  const server = createServer((request, response) => {
    const header = (name: string) => request.headersDistinct[name]?.join(",") ?? null;
    const answer: BackendAnswer = {
      method: request.method ?? "",
      path: request.url ?? "",
      organization: header("x-org-id"),
      organizationInToken: readOrganization(header("authorization")),
      client: header("x-client-id"),
      scopes: header("x-scopes")?.split(" ") ?? [],
    };
    request.resume();
    response.setHeader("content-type", "application/json").end(`${JSON.stringify(answer)}\n`);
  });
  const port = await listenAtRememberedPort(server, join(directory, "port"), "the backend");
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => closeServer(server),
  };
}

function readOrganization(authorization: string | null): string | null {
  const payload = authorization?.split(".")[1] ?? "";
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString());
    return isRecord(claims) && typeof claims.org_id === "string" ? claims.org_id : null;
  } catch {
    return null;
  }
}
