import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { FaultKind } from "../fault-kind.js";

const program = fileURLToPath(new URL("../programs/sync-and-say.ts", import.meta.url));

const KILLS_PER_SCENE = 3;

export const killedProcesses: FaultKind = {
  name: "processes killed (SIGKILL)",
  few: 3,
  async strike({ url, options, random }) {
    let killed = 0;
    for (let kill = 0; kill < KILLS_PER_SCENE; kill += 1) {
      const to = typeof options.to === "string" ? { TO: options.to } : {};
      const child = spawn(process.execPath, ["--import", "tsx", program], {
        env: { ...process.env, DATABASE_URL: url, ...to },
        stdio: ["ignore", "pipe", "inherit"],
      });
      const ended = once(child, "exit");
      await Promise.race([once(child.stdout, "data"), ended]);
      await wait(random() * 250);
      if (child.exitCode === null && child.kill("SIGKILL")) killed += 1;
      await ended;
    }
    return killed;
  },
};
