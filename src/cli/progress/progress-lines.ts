import type { Talk } from "../output/talk.js";
import type { ProgressDisplay } from "./progress-display.js";
import { progressLine } from "./progress-line.js";
import type { SyncProgress } from "./sync-progress.js";

/** A line for every tenth of the schemas, but not for a run that is over before anyone could read it. */
const PARTS = 10;
const SHORTEST_SILENCE_MS = 1_000;

/** A line after so long in any case, so that a log shows that the run lives, and what it waits for. */
const LONGEST_SILENCE_MS = 10_000;

/** Plain lines, for a log. */
export class ProgressLines implements ProgressDisplay {
  readonly #progress: SyncProgress;
  readonly #talk: Talk;
  #timer: NodeJS.Timeout | undefined;
  #part = 0;
  #writtenAt = performance.now();

  constructor(progress: SyncProgress, talk: Talk) {
    this.#progress = progress;
    this.#talk = talk;
    this.#waitForSilence();
  }

  changed(): void {
    const { done, total } = this.#progress.snapshot();
    const part = total === 0 ? 0 : Math.floor((done * PARTS) / total);
    if (part <= this.#part || performance.now() - this.#writtenAt < SHORTEST_SILENCE_MS) return;
    this.#part = part;
    this.#write();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #write(): void {
    this.#writtenAt = performance.now();
    this.#talk.say(progressLine(this.#progress.snapshot()));
    this.#waitForSilence();
  }

  #waitForSilence(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write(), LONGEST_SILENCE_MS);
    this.#timer.unref();
  }
}
