import type { SyncEvent } from "../../sync/sync-event.js";
import { migrations } from "../../../migrations/index.js";
import { RecentRate } from "./recent-rate.js";

/** How far a run is at one moment. */
export interface ProgressSnapshot {
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  /** Tenants that were busy, and are tried again later. */
  readonly waiting: number;
  readonly perSecond: number | undefined;
  readonly remainingMs: number | undefined;
  /** The tenant that has been worked on for the longest time without a break. */
  readonly slowest:
    | { readonly schema: string; readonly migration: string | undefined; readonly ms: number }
    | undefined;
}

interface Running {
  readonly schema: string;
  readonly startedAt: number;
  readonly pending: readonly string[];
  done: number;
}

/** Adds up what the events of a run say. */
export class SyncProgress {
  readonly #rate = new RecentRate();
  readonly #running = new Map<string, Running>();
  readonly #waiting = new Set<string>();
  #total = 0;
  #done = 0;
  #failed = 0;

  readonly hear = (event: SyncEvent): void => {
    const now = performance.now();
    switch (event.type) {
      case "database-surveyed":
        this.#total += event.tenants;
        return;
      case "tenants-found":
        this.#total += event.schemas.length;
        return;
      case "phase-started":
        // Canaries and tenants were counted when their database was surveyed.
        if (event.phase === "shared" || event.phase === "template") this.#total += event.schemas;
        return;
      case "tenant-started":
        this.#rate.start(now);
        this.#waiting.delete(keyOf(event));
        this.#running.set(keyOf(event), { schema: event.schema, startedAt: now, pending: event.pending, done: 0 });
        return;
      case "migration-done": {
        const running = this.#running.get(keyOf(event));
        if (running !== undefined) running.done += 1;
        return;
      }
      case "tenant-postponed":
        this.#running.delete(keyOf(event));
        this.#waiting.add(keyOf(event));
        return;
      case "tenant-finished":
        this.#done += 1;
        this.#waiting.delete(keyOf(event));
        if (event.report.outcome === "failed") this.#failed += 1;
        // Those that had nothing to do come all at once, and would promise a speed that the others do not have.
        if (this.#running.delete(keyOf(event))) this.#rate.count(now);
        return;
      default:
    }
  };

  snapshot(): ProgressSnapshot {
    const now = performance.now();
    const perSecond = this.#rate.perSecond(now);
    const left = Math.max(0, this.#total - this.#done);
    // When nobody is left but those, the end depends on the slowest of them, which no rate foretells.
    const isNearEnd = left <= this.#running.size + this.#waiting.size;
    return {
      done: this.#done,
      total: Math.max(this.#total, this.#done),
      failed: this.#failed,
      waiting: this.#waiting.size,
      perSecond,
      remainingMs: perSecond === undefined || perSecond === 0 || isNearEnd ? undefined : (left / perSecond) * 1_000,
      slowest: this.#slowest(now),
    };
  }

  #slowest(now: number): ProgressSnapshot["slowest"] {
    let slowest: Running | undefined;
    for (const running of this.#running.values()) {
      if (slowest === undefined || running.startedAt < slowest.startedAt) slowest = running;
    }
    if (slowest === undefined) return undefined;
    return { schema: slowest.schema, migration: migrationOf(slowest), ms: now - slowest.startedAt };
  }
}

/** The one that runs, where that is known: of those of ours that are sent together it is not. */
function migrationOf({ pending, done }: Running): string | undefined {
  const [first = "", second = ""] = pending.slice(done);
  // Those that are taken back come in the other order, and singly.
  const isJoined = first < second && [first, second].every((name) => Object.hasOwn(migrations, name));
  return isJoined ? undefined : pending[done];
}

function keyOf({ database, schema }: { readonly database: string; readonly schema: string }): string {
  return JSON.stringify([database, schema]);
}
