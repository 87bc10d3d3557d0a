// All claims, by theme, in the order in which they are tried and printed.
import type { Claim } from "../claim";
import { bodyClaims } from "./body-claims";
import { headerClaims } from "./header-claims";
import { pathClaims } from "./path-claims";
import { recordClaims } from "./record-claims";
import { refusalClaims } from "./refusal-claims";
import { roleClaims } from "./role-claims";
import { suspensionClaims } from "./suspension-claims";
import { tokenClaims } from "./token-claims";

export const themes: Readonly<Record<string, readonly Claim[]>> = {
  Tokens: tokenClaims,
  "Accepted and refused": refusalClaims,
  "Spoofed headers": headerClaims,
  Paths: pathClaims,
  "Bodies and time": bodyClaims,
  Suspension: suspensionClaims,
  "Events and logs": recordClaims,
  "Rights and endpoints": roleClaims,
};
