import { sql } from "kysely";
import { UnknownActionTypeError } from "../errors/unknown-action-type-error.js";
import type { TenantDatabase } from "./tenant-database.js";

/** The error for an action type that a statement did not find; reads the known ones to list them. */
export async function unknownActionType(
  tenant: TenantDatabase,
  marketplace: string,
  actionCode: string,
): Promise<UnknownActionTypeError> {
  const { rows: known } = await sql<{ marketplace: string; code: string }>`
    select a.marketplace, a.code from ${tenant.names.actionTypes} a order by a.id`.execute(tenant.db);
  return new UnknownActionTypeError({ marketplace, actionCode, known, tenant: tenant.schema });
}
