import { type IPty, spawn } from "@lydell/node-pty";
import { stripVTControlCharacters } from "node:util";
import { environment, program, type RunOptions } from "./command-line.js";
import { nodeOfHosts } from "../node-of-hosts.js";

export const CTRL_C = "\u0003";

/** The program in a pseudo-terminal, as somebody who types sees it. */
export class Terminal {
  /** The exit code. */
  readonly ended: Promise<number>;
  readonly #pty: IPty;
  #output = "";
  #hasEnded = false;
  #listeners: (() => void)[] = [];

  constructor(args: readonly string[], options: RunOptions & { readonly columns?: number | undefined } = {}) {
    this.#pty = spawn(nodeOfHosts, [options.program ?? program, ...args], {
      name: options.env?.["TERM"] ?? "xterm-256color",
      cols: options.columns ?? 120,
      rows: 40,
      env: environment(options.env),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    this.#pty.onData((text) => {
      this.#output += text;
      this.#tell();
    });
    this.ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) => {
        this.#hasEnded = true;
        this.#tell();
        resolve(exitCode);
      });
    });
  }

  /** Everything that was written, control sequences included. */
  get output(): string {
    return this.#output;
  }

  /** Everything that was written, without control sequences. */
  get text(): string {
    return stripVTControlCharacters(this.#output);
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  /** Resolves when the text has shown up, and rejects when the program ends without. */
  async shows(expected: string | RegExp): Promise<void> {
    while (!(typeof expected === "string" ? this.text.includes(expected) : expected.test(this.text))) {
      if (this.#hasEnded) throw new Error(`${String(expected)} never showed up in: ${this.text}`);
      await new Promise<void>((resolve) => this.#listeners.push(resolve));
    }
  }

  #tell(): void {
    for (const listener of this.#listeners.splice(0)) listener();
  }
}
