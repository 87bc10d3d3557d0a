// The decision about a token, whatever request brings it.
import { hash } from "node:crypto";
import type { Caller } from "./claims";
import type { CompiledConfig } from "./config";
import { denyAll, type PolicyDocument, policyFor } from "./policy";
import { type DenyReason, Fault } from "./reason";
import { fetchesBegun, MustWait } from "./renewed";
import { Suspensions } from "./suspensions";
import { type VerifiedToken, Verifier } from "./verify";

/** A good token's bearer, and the reason why it may do nothing if there is one. */
export interface Verdict {
  caller: Caller;
  denied: DenyReason | undefined;
}

/** 1,000 tokens are half a megabyte; a customer's client needs one at a time. */
const maxVerified = 1_000;
/** Of one stage. */
const maxPolicies = 256;
/** An API has one that is called, and the console's for trying things. */
const maxStages = 4;
/** Keys may have to be waited for, then the list of suspensions, and each again after a late answer. */
const maxWaits = 4;

/** Decides about tokens, and remembers those that it verified as long as they, and the keys that verified them, are good. */
export class Authorizer {
  private readonly verifier: Verifier;
  private readonly suspensions: Suspensions;
  private readonly verified = new Map<string, VerifiedToken>();
  /** By stage, then by scope: to look up a text that is there already costs a tenth of putting one together. */
  private readonly policies = new Map<string, Map<string, PolicyDocument>>();

  /** @param report gets each failed fetch of keys or suspensions */
  constructor(
    private readonly config: CompiledConfig,
    report: (error: unknown) => void,
  ) {
    this.verifier = new Verifier(config, report);
    this.suspensions = new Suspensions(config, report);
  }

  /**
   * At once, unless a fetch must be waited for.
   * @throws {Refusal} for a token that is not good
   * @throws {Fault} if it cannot be determined
   * @param waits how often it was waited for
   */
  decide(token: string, waits = 0, asked = fetchesBegun()): Verdict | Promise<Verdict> {
    try {
      return this.decideNow(token, asked);
    } catch (error) {
      if (!(error instanceof MustWait)) throw error;
      if (waits === maxWaits) throw new Fault("internal_error", "waited too often");
      return error.ready.then(() => this.decide(token, waits + 1, asked));
    }
  }

  /** What the bearer may do on the stage. @param stageArn `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE` */
  policy({ caller, denied }: Verdict, stageArn: string): PolicyDocument {
    if (denied) return denyAll(stageArn);
    let ofStage = this.policies.get(stageArn);
    if (!ofStage) {
      ofStage = new Map();
      remember(this.policies, maxStages, stageArn, ofStage);
    }
    const known = ofStage.get(caller.scope);
    if (known) return known;
    const policy = policyFor(this.config, caller.scopes, stageArn);
    remember(ofStage, maxPolicies, caller.scope, policy);
    return policy;
  }

  /** Value of the API key whose usage plan counts for the caller. */
  usageKey({ organizationId }: Caller): string | undefined {
    const { own = {}, shared } = this.config.usageKeys ?? {};
    return Object.hasOwn(own, organizationId) ? own[organizationId] : shared;
  }

  /** Age of the keys of the issuer whose keys are the oldest. */
  get keysAgeSeconds(): number {
    return Math.max(...[...this.verifier.issuers.values()].map(({ keysAgeSeconds }) => keysAgeSeconds));
  }

  /** @throws {Refusal} @throws {Fault} @throws {MustWait} */
  private decideNow(token: string, asked: number): Verdict {
    const { caller } = this.verify(token, asked);
    return { caller, denied: this.suspensions.reasonToDeny(caller) };
  }

  private verify(token: string, asked: number): VerifiedToken {
    // By its hash, so that no token stays in memory.
    const tokenHash = hash("sha256", token, "base64url");
    const known = this.verified.get(tokenHash);
    if (known) {
      if (Date.now() < known.caller.expires && known.issuer.keys === known.keys) return known;
      this.verified.delete(tokenHash);
    }
    const verified = this.verifier.verify(token, tokenHash, asked);
    remember(this.verified, maxVerified, tokenHash, verified);
    return verified;
  }
}

/** Pushes out the oldest entry of a full map. */
function remember<T>(map: Map<string, T>, limit: number, key: string, value: T): void {
  const [oldest] = map.keys();
  if (map.size >= limit && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
