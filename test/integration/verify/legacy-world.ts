import { type Kysely, sql } from "kysely";
import { verifyTenantSchemas } from "../../../src/index.js";
import { loadLegacyShared, loadLegacyTemplate, loadLegacyTenant } from "../../legacy/legacy-system.js";
import { applyMends, createTenants, driftOf } from "./migrated-tenants.js";

export const T = "template_tenant";
export const A = "user_10";
export const B = "user_1";
export const C = "user_2";
export const D = "user_3";
export const E = "user_4";

/** The legacy system as it is: its template and one tenant of each variant. */
export async function loadLegacyWorld(db: Kysely<any>): Promise<void> {
  await loadLegacyShared(db);
  await loadLegacyTemplate(db);
  await loadLegacyTenant(db, "a", A, 10, { data: true });
  await loadLegacyTenant(db, "b", B, 1, { data: true });
  await loadLegacyTenant(db, "c", C, 2, { data: true });
  await loadLegacyTenant(db, "d", D, 3);
  await loadLegacyTenant(db, "e", E, 4);
}

/** Damages a migrated tenant, and runs what its report says would mend it. */
export async function damageAndMend(db: Kysely<any>, damage: string): Promise<{ found: string[]; left: string[] }> {
  await createTenants(db, ["user_9"]);
  await sql.raw(damage).execute(db);
  const report = await verifyTenantSchemas(db, { tenants: ["user_9"] });
  await applyMends(db, report, "user_9");
  const found = driftOf(report, "user_9");
  return { found, left: driftOf(await verifyTenantSchemas(db, { tenants: ["user_9"] }), "user_9") };
}
