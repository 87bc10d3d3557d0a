// Installs the company's packages, which also writes its lock file.
import { spawn } from "node:child_process";
import { InterruptedError } from "./problem";

const signals = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

/**
 * @returns what is wrong, if npm fails
 * @throws {InterruptedError} after Ctrl-C, once npm has ended
 */
export function installPackages(folder: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let interrupted = false;
    const child = spawn("npm", ["install", "--no-audit", "--no-fund"], {
      cwd: folder,
      stdio: ["ignore", "inherit", "inherit"],
      shell: process.platform === "win32",
    });
    // On a terminal, npm gets the signal too.
    const onSignal = () => {
      interrupted = true;
      child.kill("SIGINT");
    };
    for (const signal of signals) process.on(signal, onSignal);
    const end = () => {
      for (const signal of signals) process.off(signal, onSignal);
    };
    child.on("error", ({ message }) => {
      end();
      resolve(`npm install cannot be started (${message}).`);
    });
    child.on("close", (code, signal) => {
      end();
      if (interrupted) reject(new InterruptedError());
      else resolve(code === 0 ? undefined : `npm install ended with ${code ?? signal}.`);
    });
  });
}
