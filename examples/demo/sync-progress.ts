import { Presets, SingleBar } from "cli-progress";
import type { SyncEvent } from "marketplace-jobs";

/** Shows how far a run is: a bar on a terminal, elsewhere one plain line for every tenth of the schemas. */
export class SyncProgress {
  readonly #total: number;
  readonly #bar: SingleBar | undefined;
  #done = 0;
  #failed = 0;

  constructor(total: number) {
    this.#total = total;
    if (process.stderr.isTTY) {
      const format = "{bar} {value}/{total} schemas · {failed} failed · {schema}";
      this.#bar = new SingleBar({ format, stream: process.stderr, hideCursor: true }, Presets.shades_classic);
      this.#bar.start(total, 0, { failed: 0, schema: "" });
    }
  }

  readonly hear = (event: SyncEvent): void => {
    if (event.type !== "tenant-finished") return;
    this.#done += 1;
    if (event.report.outcome === "failed") this.#failed += 1;
    if (this.#bar !== undefined) {
      this.#bar.update(this.#done, { failed: this.#failed, schema: event.schema });
    } else if (this.#done === this.#total || this.#done % Math.ceil(this.#total / 10) === 0) {
      console.error(`${this.#done}/${this.#total} schemas, ${this.#failed} failed`);
    }
  };

  stop(): void {
    this.#bar?.stop();
  }
}
