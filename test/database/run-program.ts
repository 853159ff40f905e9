import { spawn } from "node:child_process";
import { once } from "node:events";
import type { ServerUser } from "./server-user.js";

/** Runs a program to its end, as that user. Its output is not read, so that a server it leaves behind keeps no pipe. */
export async function runProgram(program: string, args: readonly string[], user?: ServerUser): Promise<void> {
  const child = spawn(program, args, { ...user, stdio: "ignore", env: { ...process.env, LC_ALL: "C" } });
  const [exitCode] = (await once(child, "exit")) as [number | null];
  if (exitCode !== 0) {
    throw new Error(`${program} ended with exit code ${exitCode}.`);
  }
}
