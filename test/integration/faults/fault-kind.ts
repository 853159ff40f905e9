import type { Kysely } from "kysely";
import type { SyncOptions } from "../../../src/index.js";

/** A run that something happens to. */
export interface Scene {
  readonly url: string;
  /** A connection beside the run's own, for whoever does the harm. */
  readonly db: Kysely<any>;
  readonly schemas: readonly string[];
  readonly random: () => number;
  /** Which migrations, and how far: to be given to every run of the scene. */
  readonly options: Pick<SyncOptions, "migrations" | "to">;
}

export interface FaultKind {
  /** What the faults are called in the table, in the plural. */
  readonly name: string;
  /** How many of them the ordinary run has. */
  readonly few: number;
  /** Lets runs be struck, says how often that happened, and asserts what the runs themselves must have said. */
  strike(scene: Scene): Promise<number>;
}

export function pick<Item>(random: () => number, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError("nothing to pick from");
  return item;
}
