// Time per decision of a process that has run for a while.

import { spoilSignature } from "../../authorizer/testing/auth0-tokens";
import { type Decide, floor } from "./contestants";
import { median } from "./median";

/** Microseconds per decision, and how many times that of the floor it is. */
export interface WarmResult {
  name: string;
  microseconds: number;
  ratio: number;
}

/**
 * One after the other in each round, so that what else the machine does slows them all alike; ratios are of one round.
 * Rounds are short, so that most of them are not interrupted.
 */
export async function measureWarm(
  contestants: ReadonlyMap<string, Decide>,
  tokens: readonly string[],
  rounds: number,
): Promise<WarmResult[]> {
  const times = new Map([...contestants.keys()].map((name) => [name, [] as number[]]));
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    const start = ((round + warmUpRounds) * tokensPerRound) % tokens.length;
    const presented = tokens.slice(start, start + tokensPerRound);
    for (const [name, decide] of contestants) {
      const microseconds = await time(decide, presented);
      if (round >= 0) times.get(name)?.push(microseconds);
    }
  }
  const floors = times.get(floor) ?? [];
  return [...times].map(([name, measured]) => ({
    name,
    microseconds: median(measured),
    ratio: median(measured.map((microseconds, round) => microseconds / (floors[round] ?? Number.NaN))),
  }));
}

const warmUpRounds = 60;
const tokensPerRound = 100;

async function time(decide: Decide, tokens: readonly string[]): Promise<number> {
  const start = performance.now();
  for (const token of tokens) {
    const decision = decide(token);
    if (decision instanceof Promise) await decision;
  }
  return ((performance.now() - start) * 1000) / tokens.length;
}

/** So that nobody is measured who lets everything pass. @throws */
export async function checkContestants(
  contestants: ReadonlyMap<string, Decide>,
  token: string,
): Promise<void> {
  const accepts = async (decide: Decide, presented: string) => {
    try {
      await decide(presented);
      return true;
    } catch {
      return false;
    }
  };
  for (const [name, decide] of contestants) {
    if (!(await accepts(decide, token))) throw new Error(`${name}: refuses a good token`);
    if (await accepts(decide, spoilSignature(token))) throw new Error(`${name}: accepts a bad signature`);
  }
}
