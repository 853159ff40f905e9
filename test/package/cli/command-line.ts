import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { nodeOfHosts } from "../node-of-hosts.js";

/** The program as a host installed it: what the packed package's `bin` leads to. */
export const program = ((): string => {
  const root = join(inject("consumers").kysely029, "node_modules/marketplace-jobs");
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { bin: Record<string, string> };
  return join(root, manifest.bin["marketplace-jobs"] ?? "");
})();

export interface RunOptions {
  /** Besides PATH nothing of the test's own environment reaches the program. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
  /** Another program than the installed one. */
  readonly program?: string | undefined;
}

export interface RunResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the environment of a program under test holds: nothing of the machine that could decide a test. */
export function environment(env: RunOptions["env"] = {}): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", ...env };
}

/** A program that has been started, with its output into pipes. */
export class RunningProgram {
  readonly ended: Promise<RunResult>;
  readonly #child: ReturnType<typeof spawn>;
  #stdout = "";
  #stderr = "";
  #listeners: (() => void)[] = [];

  constructor(args: readonly string[], options: RunOptions = {}) {
    this.#child = spawn(nodeOfHosts, [options.program ?? program, ...args], {
      env: environment(options.env),
      cwd: options.cwd,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => this.#hear(() => (this.#stdout += text)));
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => this.#hear(() => (this.#stderr += text)));
    this.ended = new Promise((resolve, reject) => {
      this.#child.on("error", reject);
      this.#child.on("close", (exitCode) => resolve({ exitCode, stdout: this.#stdout, stderr: this.#stderr }));
    });
  }

  /** Resolves when standard error has said it, and rejects when the program ends without. */
  async says(text: string): Promise<void> {
    let hasEnded = false;
    void this.ended.then(() => this.#hear(() => (hasEnded = true)));
    while (!this.#stderr.includes(text)) {
      if (hasEnded) throw new Error(`The program never said ${JSON.stringify(text)}, but: ${this.#stderr}`);
      await new Promise<void>((resolve) => this.#listeners.push(resolve));
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  #hear(change: () => void): void {
    change();
    for (const listener of this.#listeners.splice(0)) listener();
  }
}

/** Runs the program to its end. */
export async function run(args: readonly string[], options?: RunOptions): Promise<RunResult> {
  return await new RunningProgram(args, options).ended;
}
