import { setImmediate } from "node:timers/promises";
import type { Kysely } from "kysely";

/**
 * Has the pool open so many connections side by side, over whatever is being asked already, and gives them back. No
 * statement is sent; one that cannot be had is left to whoever needs it, who will say why.
 */
export async function openConnections(db: Kysely<any>, count: number): Promise<void> {
  // Whoever asks something at this moment takes an idle connection first.
  await setImmediate();
  await Promise.allSettled(
    Array.from({ length: count }, async () => await db.connection().execute(() => Promise.resolve())),
  );
}
