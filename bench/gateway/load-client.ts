// A client in a process of its own, so lean that the server is what is measured: requests as text on connections that
// stay open, one at a time on each. Prints what it measured, as JSON.
import { connect } from "node:net";

export interface Load {
  url: string;
  headers: Record<string, string>;
  connections: number;
  /** Before anything is measured, and while it is. */
  milliseconds: { warmUp: number; measured: number };
}

export interface Measured {
  /** Those of the warm-up too. */
  calls: number;
  requestsPerSecond: number;
  /** Of the time between a request and its answer. */
  milliseconds: { p50: number; p99: number };
}

async function measure({ url, headers, connections, milliseconds }: Load): Promise<Measured> {
  const { hostname, port, pathname, host } = new URL(url);
  const lines = Object.entries({ Host: host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = Buffer.from(`GET ${pathname} HTTP/1.1\r\n${lines.join("")}\r\n`);
  let times: number[] | undefined;
  let total = 0;
  for (let n = 0; n < connections; n += 1) {
    open({ host: hostname, port: Number(port) }, request, (time) => {
      total += 1;
      times?.push(time);
    });
  }
  await sleep(milliseconds.warmUp);
  const started = performance.now();
  times = [];
  await sleep(milliseconds.measured);
  const seconds = (performance.now() - started) / 1000;
  const sorted = times.sort((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return {
    calls: total,
    requestsPerSecond: sorted.length / seconds,
    milliseconds: { p50: quantile(0.5), p99: quantile(0.99) },
  };
}

/** Asks again and again, until the process ends. */
function open(
  address: { host: string; port: number },
  request: Buffer,
  onAnswer: (milliseconds: number) => void,
): void {
  const socket = connect({ ...address, noDelay: true });
  let sent = 0;
  let text = "";
  const send = () => {
    sent = performance.now();
    socket.write(request);
  };
  socket.setEncoding("latin1");
  socket.on("connect", send);
  socket.on("close", () => {
    throw new Error("the server closed the connection");
  });
  socket.on("data", (chunk: string) => {
    text += chunk;
    const head = text.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = /content-length: (\d+)/i.exec(text.slice(0, head))?.[1];
    if (!text.startsWith("HTTP/1.1 200 ") || length === undefined) {
      throw new Error(`not the answer that was expected: ${text.slice(0, 500)}`);
    }
    if (text.length < head + 4 + Number(length)) return;
    text = "";
    onAnswer(performance.now() - sent);
    send();
  });
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

if (require.main === module) {
  void measure(JSON.parse(process.argv[2] ?? "{}")).then((measured) => {
    console.log(JSON.stringify(measured));
    process.exit();
  });
}
