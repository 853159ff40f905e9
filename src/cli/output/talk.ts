import type { Palette } from "./palette.js";
import { withoutCredentials } from "./without-credentials.js";

export type TalkLevel = "quiet" | "normal" | "verbose";

interface TalkParams {
  readonly level: TalkLevel;
  readonly palette: Palette;
}

/** Everything the program says besides its result, on standard error, so that a pipe carries the result alone. */
export class Talk {
  readonly level: TalkLevel;
  readonly palette: Palette;
  #write: (text: string) => void = writeToStandardError;

  constructor({ level, palette }: TalkParams) {
    this.level = level;
    this.palette = palette;
  }

  /** What most people want to know. */
  say(line: string): void {
    if (this.level !== "quiet") this.#line(line);
  }

  /** What `--verbose` asks for. */
  detail(line: string): void {
    if (this.level === "verbose") this.#line(this.palette.faint(line));
  }

  /** What has to be heard even with `--quiet`. */
  insist(line: string): void {
    this.#line(line);
  }

  /** What has to be heard although nothing failed. */
  warn(line: string): void {
    this.insist(`${this.palette.warning("warning:")} ${line}`);
  }

  /** Lets a progress bar put lines above itself; without an argument, lines are written as they come again. */
  redirect(write: (text: string) => void = writeToStandardError): void {
    this.#write = write;
  }

  #line(line: string): void {
    this.#write(`${withoutCredentials(line)}\n`);
  }
}

function writeToStandardError(text: string): void {
  process.stderr.write(text);
}
