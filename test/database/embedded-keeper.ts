/**
 * A process of its own that outlives whoever started the server. It waits until its standard input closes, which
 * happens however the parent ends: by order, by Ctrl-C, by a crash, by SIGKILL. Then it stops the server and removes
 * its folder. Plain Node runs this file, so it imports nothing of ours.
 */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";

interface Kept {
  readonly controlProgram: string;
  readonly dataFolder: string;
  readonly folder: string;
  readonly user?: { readonly uid: number; readonly gid: number };
}

const { controlProgram, dataFolder, folder, user } = JSON.parse(process.argv[2] ?? "") as Kept;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    // Sent to the parent's terminal; the end of the input says when to stop.
  });
}

process.stdin.resume();
process.stdin.once("close", () => {
  // Fails when the server never started or is gone already; the folder goes in any case.
  spawnSync(controlProgram, ["stop", "--wait", "--mode=fast", "-D", dataFolder], { ...user, stdio: "ignore" });
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});
