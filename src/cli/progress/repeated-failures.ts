import type { TenantSyncReport } from "../../sync/sync-report.js";
import { alikeMessage } from "../output/alike-message.js";
import type { Talk } from "../output/talk.js";
import { grouped } from "../../report/quantity.js";

/** How many of the same failure are told while a run goes on: enough to see that it is the same one again and again. */
const TOLD = 20;

/** Tells the failures of a run as they come; of many that are alike, the first ones and how many there were. */
export class RepeatedFailures {
  readonly #talk: Talk;
  readonly #kinds = new Map<string, { readonly first: string; count: number }>();

  constructor(talk: Talk) {
    this.#talk = talk;
  }

  say(line: string, { database, schema, error }: TenantSyncReport): void {
    const message = alikeMessage({ schema, message: error?.message ?? "" });
    const key = JSON.stringify([database, error?.migration, error?.code, error?.sqlState, message]);
    const kind = this.#kinds.get(key) ?? { first: line, count: 0 };
    this.#kinds.set(key, kind);
    kind.count += 1;
    if (kind.count <= TOLD || this.#talk.level === "verbose") this.#failed(line);
  }

  /** Once the run has come to its end, says what was held back. */
  sum(): void {
    if (this.#talk.level === "verbose") return;
    for (const { first, count } of this.#kinds.values()) {
      if (count > TOLD) this.#failed(`${first}, and ${grouped(count - TOLD)} more like it`);
    }
  }

  #failed(line: string): void {
    this.#talk.say(`${this.#talk.palette.bad("failed")} ${line}`);
  }
}
