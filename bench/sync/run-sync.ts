import { Kysely, PostgresDialect } from "kysely";
import { syncTenantSchemas, verifyTenantSchemas } from "marketplace-jobs";
import { quietPool } from "../quiet-pool.js";

export const CONCURRENCY = 4;

/** The library with its default options, over those tenants or over all that there are. */
export async function runSync(url: string, tenants?: readonly string[]): Promise<void> {
  await withKysely(url, async (db) => {
    const report = await syncTenantSchemas(db, {
      concurrency: CONCURRENCY,
      ...(tenants === undefined ? {} : { tenants: [...tenants] }),
    });
    if (report.status !== "ok") throw new Error(`the sync ended ${report.status}`);
  });
}

export async function runVerify(url: string): Promise<void> {
  await withKysely(url, async (db) => {
    const report = await verifyTenantSchemas(db);
    if (report.summary.drifted > 0) throw new Error(`${report.summary.drifted} tenants have drifted`);
  });
}

async function withKysely(url: string, use: (db: Kysely<unknown>) => Promise<void>): Promise<void> {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: quietPool(url, CONCURRENCY + 2) }) });
  try {
    await use(db);
  } finally {
    await db.destroy();
  }
}
