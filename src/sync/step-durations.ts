import { type Kysely, sql } from "kysely";
import { ledgerOf } from "../tenancy/ledger.js";
import type { MigrationStep } from "./migration-step.js";

interface StepDurationsParams {
  readonly schema: string;
  /** What one message has applied, in its order. */
  readonly steps: readonly MigrationStep[];
  /** How long that took, as its sender saw it. */
  readonly elapsedMs: number;
}

/**
 * How long each of several migrations took that were sent in one message: the server wrote into the ledger when each
 * was done, so one took the time since the one before, and the first what is left of the whole.
 */
export async function readStepDurations(
  db: Kysely<any>,
  { schema, steps, elapsedMs }: StepDurationsParams,
): Promise<readonly number[]> {
  if (steps.length < 2) return steps.map(() => elapsedMs);
  try {
    const { rows } = await sql
      .raw<{ name: string; timestamp: string }>(`select name, "timestamp" from ${ledgerOf(schema)}`)
      .execute(db);
    const doneAt = new Map(rows.map(({ name, timestamp }) => [name, Date.parse(timestamp)]));
    return splitByTimes(
      steps.map(({ name }) => doneAt.get(name) ?? Number.NaN),
      elapsedMs,
    );
  } catch {
    // They are done, and must not fail because nobody can say how long each took: equal parts of the whole.
    return steps.map(() => elapsedMs / steps.length);
  }
}

export function splitByTimes(doneAt: readonly number[], elapsedMs: number): readonly number[] {
  const later = doneAt.slice(1).map((at, index) => at - (doneAt[index] ?? Number.NaN));
  // Somebody has taken one back meanwhile.
  if (later.some(Number.isNaN)) return doneAt.map(() => elapsedMs / doneAt.length);
  return [Math.max(0, elapsedMs - later.reduce((sum, ms) => sum + ms, 0)), ...later];
}
