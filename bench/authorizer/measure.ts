// One run of all measurements.
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { signTokens } from "../../authorizer/testing/auth0-tokens";
import { type ColdResult, measureCold } from "./cold";
import { contestants, type Decide, fastJwtCached, floor, ourDecision, ourHandler } from "./contestants";
import { checkContestants, measureWarm, type WarmResult } from "./warm";
import { openWorkspace } from "./workspace";

export interface Measured {
  node: string;
  processor: string;
  tokenBytes: number;
  /** Each token is new. */
  miss: WarmResult[];
  /** The same token again. */
  hit: WarmResult[];
  cold: { ours: ColdResult; seed: ColdResult; bareProcess: number };
  bundle: { ours: Size; seed: Size };
}

interface Size {
  bytes: number;
  gzipped: number;
}

/** More than any of the caches holds, so that each token is new to them again when its turn comes. */
const distinctTokens = 1_500;

export async function measure({ warmRounds = 300, coldRounds = 21 } = {}): Promise<Measured> {
  const workspace = await openWorkspace();
  try {
    const tokens = signTokens(workspace.key, distinctTokens);
    const [token = ""] = tokens;
    const all = await contestants(workspace, tokens);
    const cached = select(all, [floor, ourDecision, ourHandler, fastJwtCached]);
    return {
      node: process.version,
      processor: `${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores`,
      tokenBytes: token.length,
      ...(await silently(async () => {
        await checkContestants(all, token);
        return {
          miss: await measureWarm(all, tokens, warmRounds),
          hit: await measureWarm(cached, new Array<string>(tokens.length).fill(token), warmRounds),
        };
      })),
      cold: await measureCold(workspace, coldRounds),
      bundle: { ours: sizeOf(workspace.ours), seed: sizeOf(workspace.seed) },
    };
  } finally {
    workspace.close();
  }
}

function select(all: ReadonlyMap<string, Decide>, names: readonly string[]): Map<string, Decide> {
  return new Map([...all].filter(([name]) => names.includes(name)));
}

/** The handler's lines are written, as in Lambda, to the process's output; what that costs is the platform's. */
async function silently<T>(work: () => Promise<T>): Promise<T> {
  const { write } = process.stdout;
  process.stdout.write = () => true;
  try {
    return await work();
  } finally {
    process.stdout.write = write;
  }
}

function sizeOf(directory: string): Size {
  const code = readFileSync(join(directory, "index.js"));
  return { bytes: code.length, gzipped: gzipSync(code, { level: 9 }).length };
}
