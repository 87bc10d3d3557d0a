// Plays the company's own service: answers every request with what it was told about the caller.
import { createServer } from "node:http";
import { join } from "node:path";
import { closeServer, listenAtRememberedPort } from "./port";

export interface Backend {
  url: string;
  close(): Promise<void>;
}

/** What the backend answers. */
export interface BackendAnswer {
  method: string;
  path: string;
  organization: string | null;
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
