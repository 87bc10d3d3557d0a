// npx starts a program through a shell. SIGTERM to npx ends that shell, which doesn't pass the signal on to the program.

/** Read as the process starts: a SIGTERM that comes before somebody watches has ended the shell already. */
const shell = process.ppid;

/**
 * Calls `stop` once, when the shell is gone through which npx started this process. Does nothing without npx.
 * @returns ends the watch
 *
 * @example
 * const stopWatching = onEndOfNpx(() => void tenant.close());
 */
export function onEndOfNpx(stop: () => void): () => void {
  // A script of `npm run` may start a program in the background, and it has to outlive the script's shell.
  if (process.env.npm_lifecycle_event !== "npx") return () => {};
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    stop();
  }, 200);
  timer.unref();
  return () => clearInterval(timer);
}
