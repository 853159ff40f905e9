import type { Kysely } from "kysely";
import { sql } from "kysely";
import type * as z from "zod";
import type { newActionTypeSchema } from "../entities/action-type.js";
import type { SharedTables } from "../entities/shared-tables.js";
import { actionTypeColumns, type ActionTypeRow } from "./action-type-row.js";

/**
 * The row with this marketplace and code, inserted by this statement or there before.
 *
 * Looking first keeps a start-up that registers what exists from using up ids: `on conflict do nothing` draws one from
 * the sequence each time.
 */
export async function insertOrFindActionType(
  db: Kysely<SharedTables>,
  wanted: z.output<typeof newActionTypeSchema>,
): Promise<ActionTypeRow & { readonly created: boolean }> {
  const query = db
    .with("existing", (cte) =>
      cte
        .selectFrom("marketplace_action_types")
        .select(actionTypeColumns)
        .where("marketplace", "=", wanted.marketplace)
        .where("code", "=", wanted.code),
    )
    .with("created", (cte) =>
      cte
        .insertInto("marketplace_action_types")
        .columns([
          "marketplace",
          "code",
          "name",
          "description",
          "priority",
          "is_batch",
          "rate_limit_ms",
          "max_retries",
          "timeout_seconds",
        ])
        .expression(
          cte
            .selectNoFrom((eb) => [
              eb.val(wanted.marketplace).as("marketplace"),
              eb.val(wanted.code).as("code"),
              eb.val(wanted.name).as("name"),
              eb.val(wanted.description).as("description"),
              eb.val(wanted.priority).as("priority"),
              eb.val(wanted.isBatch).as("is_batch"),
              eb.val(wanted.rateLimitMs).as("rate_limit_ms"),
              eb.val(wanted.maxRetries).as("max_retries"),
              eb.val(wanted.timeoutSeconds).as("timeout_seconds"),
            ])
            .where((eb) => eb.not(eb.exists(eb.selectFrom("existing").select("existing.id")))),
        )
        .onConflict((conflict) => conflict.columns(["marketplace", "code"]).doNothing())
        .returning(actionTypeColumns),
    )
    .selectFrom("existing")
    .select(actionTypeColumns)
    .select(sql<boolean>`false`.as("created"))
    .unionAll((cte) =>
      cte
        .selectFrom("created")
        .select(actionTypeColumns)
        .select(sql<boolean>`true`.as("created")),
    );
  // Of two creators at once the second finds nothing in its snapshot, waits for the first, inserts nothing and gets no
  // row; asking again, it sees the first one's.
  for (;;) {
    const row = await query.executeTakeFirst();
    if (row !== undefined) return row;
  }
}
