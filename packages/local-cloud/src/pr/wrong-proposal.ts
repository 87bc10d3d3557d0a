/** The command line, or the repository, has no pull request to show. One sentence says why, and what to do. */
export class WrongProposal extends Error {}
