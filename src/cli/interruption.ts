import { exitCodes } from "./exit-codes.js";
import type { Talk } from "./output/talk.js";

/**
 * npm and npx hand on a Ctrl-C that the terminal has already given to every process of the group, so one press arrives
 * twice; what comes this soon after the first is the same press.
 */
const SAME_PRESS_MS = 300;

interface InterruptionParams {
  readonly talk: Talk;
  /** Whether what runs is finished first: nothing but a look at the database is cancelled at once. */
  readonly finishesFirst: boolean;
  /** Cancels what runs. */
  readonly cancel: () => Promise<void>;
}

/**
 * Ctrl-C, and SIGTERM as a pipeline sends it: the first lets what runs come to its end and starts nothing more, the
 * second cancels what runs, a third ends the program where it stands.
 */
export class Interruption {
  readonly #talk: Talk;
  readonly #cancel: () => Promise<void>;
  readonly #controller = new AbortController();
  #stage: "running" | "finishing" | "cancelling" = "running";
  #finishesFirst: boolean;
  #lastPress = Number.NEGATIVE_INFINITY;

  constructor({ talk, finishesFirst, cancel }: InterruptionParams) {
    this.#talk = talk;
    this.#finishesFirst = finishesFirst;
    this.#cancel = cancel;
    process.on("SIGINT", this.#press);
    process.on("SIGTERM", this.#press);
  }

  /** Aborted by the first Ctrl-C. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get hasHappened(): boolean {
    return this.#stage !== "running";
  }

  stopListening(): void {
    process.off("SIGINT", this.#press);
    process.off("SIGTERM", this.#press);
  }

  readonly #press = (): void => {
    const now = performance.now();
    if (now - this.#lastPress < SAME_PRESS_MS) return;
    this.#lastPress = now;
    if (this.#stage === "running" && this.#finishesFirst) {
      this.#stage = "finishing";
      this.#talk.insist("Interrupted: what runs is finished, nothing more is started. Ctrl-C again cancels what runs.");
      this.#controller.abort();
    } else if (this.#stage !== "cancelling") {
      this.#talk.insist("Interrupted: what runs is cancelled. Ctrl-C again ends the program at once.");
      this.#stage = "cancelling";
      this.#controller.abort();
      void this.#cancel();
    } else {
      process.exit(exitCodes.interrupted);
    }
  };
}
