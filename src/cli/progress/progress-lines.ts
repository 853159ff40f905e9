import type { Talk } from "../output/talk.js";
import type { ProgressDisplay } from "./progress-display.js";
import { progressLine } from "./progress-line.js";
import type { SyncProgress } from "./sync-progress.js";

/** A line for every tenth of the schemas … */
const PARTS = 10;

/** … and one when nothing was said for so long, so that a log shows that the run lives, and what it waits for. */
const LONGEST_SILENCE_MS = 10_000;

/** Plain lines, for a log. */
export class ProgressLines implements ProgressDisplay {
  readonly #progress: SyncProgress;
  readonly #talk: Talk;
  #timer: NodeJS.Timeout | undefined;
  #part = 0;

  constructor(progress: SyncProgress, talk: Talk) {
    this.#progress = progress;
    this.#talk = talk;
    this.#waitForSilence();
  }

  changed(): void {
    const { done, total } = this.#progress.snapshot();
    const part = total === 0 ? 0 : Math.floor((done * PARTS) / total);
    if (part <= this.#part) return;
    this.#part = part;
    this.#write();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #write(): void {
    this.#talk.say(progressLine(this.#progress.snapshot()));
    this.#waitForSilence();
  }

  #waitForSilence(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write(), LONGEST_SILENCE_MS);
    this.#timer.unref();
  }
}
