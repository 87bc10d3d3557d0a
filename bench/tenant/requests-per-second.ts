// A client so lean that the server is what is measured: requests as text on keep-alive connections, one at a time on each.
import { connect } from "node:tls";
import type { Load } from "./loads";

const connections = 16;
const warmUp = 500;
const duration = 1500;

export async function requestsPerSecond(load: Load, port: number, ca: Buffer): Promise<number> {
  let answered = 0;
  const stops = await Promise.all(
    Array.from({ length: connections }, () =>
      open(load, { port, ca }, () => {
        answered += 1;
      }),
    ),
  );
  await sleep(warmUp);
  const [before, started] = [answered, performance.now()];
  await sleep(duration);
  const rate = (answered - before) / ((performance.now() - started) / 1000);
  await Promise.all(stops.map((stop) => stop()));
  return rate;
}

/** @returns what ends the connection, after the answer that is on its way */
function open(load: Load, { port, ca }: { port: number; ca: Buffer }, onAnswer: () => void) {
  const status = `HTTP/1.1 ${load.answer.status} `;
  return new Promise<() => Promise<void>>((resolve, reject) => {
    const socket = connect({ port, ca, host: "localhost", ALPNProtocols: ["http/1.1"] });
    let stopped: (() => void) | undefined;
    let text = "";
    const send = () => socket.write(load.next());
    socket.setEncoding("latin1");
    socket.on("secureConnect", () => {
      send();
      resolve(
        () =>
          new Promise((done) => {
            stopped = done;
          }),
      );
    });
    socket.on("error", reject);
    socket.on("data", (chunk: string) => {
      text += chunk;
      const head = text.indexOf("\r\n\r\n");
      if (head < 0) return;
      const length = /content-length: (\d+)/i.exec(text.slice(0, head))?.[1];
      if (!text.startsWith(status) || length === undefined) {
        throw new Error(`not the answer that was expected: ${text.slice(0, 500)}`);
      }
      if (text.length < head + 4 + Number(length)) return;
      text = "";
      onAnswer();
      if (!stopped) return void send();
      socket.destroy();
      stopped();
    });
  });
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
