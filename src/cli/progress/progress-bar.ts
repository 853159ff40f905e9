import cliProgress from "cli-progress";
import type { Talk } from "../output/talk.js";
import type { ProgressDisplay } from "./progress-display.js";
import { progressLine } from "./progress-line.js";
import type { SyncProgress } from "./sync-progress.js";

/** Cells of the bar itself: the figures beside it matter more, above all on a narrow terminal. */
const BAR_WIDTH = 20;

/** A line at the bottom of the terminal, drawn anew ten times a second; what is said meanwhile goes above it. */
export class ProgressBar implements ProgressDisplay {
  readonly #bars: cliProgress.MultiBar;
  readonly #talk: Talk;
  readonly #restoreTerminal = (): void => this.stop();
  #isShown = true;

  constructor(progress: SyncProgress, talk: Talk) {
    this.#talk = talk;
    this.#bars = new cliProgress.MultiBar(
      {
        stream: process.stderr,
        barsize: BAR_WIDTH,
        hideCursor: true,
        clearOnComplete: true,
        // What is said meanwhile wipes the bar, so it is drawn whether or not it has changed.
        forceRedraw: true,
        // Ctrl-C ends nothing by itself here.
        gracefulExit: false,
        format: (options) => {
          const snapshot = progress.snapshot();
          const done = snapshot.total === 0 ? 0 : snapshot.done / snapshot.total;
          return `${cliProgress.Format.BarFormat(done, options)} ${progressLine(snapshot)}`;
        },
      },
      cliProgress.Presets.shades_classic,
    );
    this.#bars.create(1, 0);
    talk.redirect((text) => this.#bars.log(text));
    // Otherwise a program that ends in the middle of it would leave the terminal without a cursor.
    process.once("exit", this.#restoreTerminal);
  }

  changed(): void {
    // The bar looks for itself, ten times a second.
  }

  stop(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    process.off("exit", this.#restoreTerminal);
    // What was said since the last drawing is still waiting for the next.
    this.#bars.update();
    this.#bars.stop();
    this.#talk.redirect();
  }
}
