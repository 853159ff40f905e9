import { type Kysely, sql } from "kysely";
import { quoteIdentifier } from "../../migrations/quoting.js";
import { readSqlError } from "../tenancy/sql-error.js";
import type { VerifiedSchema } from "./verify-database.js";

/**
 * Action types whose code names another marketplace than the one that they are filed under. Nothing changes them: jobs
 * refer to them by id, and hosts look them up by what they are filed under.
 */
export async function readMisfiledActionTypes(
  db: Kysely<any>,
  { schema, found }: Pick<VerifiedSchema, "schema" | "found">,
): Promise<string[]> {
  const isMissing = found === undefined || found.comparison.drift.some(({ kind }) => kind === "table");
  if (isMissing) return [];
  const table = sql.raw(`${quoteIdentifier(schema)}.marketplace_action_types`);
  try {
    const { rows } = await sql<{ id: number; marketplace: string; code: string; other: string }>`
      select filed.id, filed.marketplace, filed.code, other.marketplace as other
      from ${table} as filed
      join (select distinct marketplace from ${table}) as other
        on other.marketplace <> filed.marketplace and right(filed.code, length(other.marketplace) + 1) = '_' || other.marketplace
      order by filed.id
    `.execute(db);
    return rows.map(
      ({ id, marketplace, code, other }) =>
        `action type ${id}, ${code}, is filed under ${marketplace} although its code names ${other}; it stays so, because jobs refer to it`,
    );
  } catch (error) {
    const { sqlState } = readSqlError(error);
    if (sqlState !== "42501" && sqlState !== "42P01" && sqlState !== "42703") throw error;
    return ["the rows of marketplace_action_types were not inspected: they cannot be read"];
  }
}
