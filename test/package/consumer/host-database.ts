// A host's own Database type, which has more tables than ours, is taken everywhere without a cast.
import { type ControlledTransaction, type Generated, type Kysely, type Transaction, sql } from "kysely";
import {
  actionTypes,
  createTenantSchema,
  forTenant,
  getTenantSchemaStatus,
  type JobReading,
  listTenantSchemas,
  type MarketplaceJob,
  planTenantSchemas,
  repairTenantSchemas,
  type SharedTables,
  syncTenantSchemas,
  type TenantTables,
  verifyTenantSchemas,
} from "marketplace-jobs";
import { type Migration, migrations } from "marketplace-jobs/migrations";

interface HostDatabase extends TenantTables, SharedTables {
  products: { id: Generated<number>; title: string; price_cents: number };
  users: { id: Generated<number>; email: string };
  "public.tenants": { schema_name: string; plan: "free" | "paid" };
}

/** A host that never queries our tables itself. */
interface OtherTables {
  invoices: { id: Generated<number>; paid_at: Date | null };
}

export async function everything(db: Kysely<HostDatabase>, other: Kysely<OtherTables>): Promise<unknown[]> {
  const productNotes: Migration = {
    async up(tenant: Kysely<HostDatabase>) {
      await tenant.schema.createTable("product_notes").addColumn("note", "text").execute();
    },
  };
  const paying = async (database: Kysely<HostDatabase>): Promise<string[]> => {
    const rows = await database.selectFrom("public.tenants").select("schema_name").where("plan", "=", "paid").execute();
    return rows.map((row) => row.schema_name);
  };
  return [
    await listTenantSchemas(db, { tenants: /^shop_/ }),
    await createTenantSchema(db, "user_1"),
    await getTenantSchemaStatus(db),
    await planTenantSchemas(db, { tenants: paying }),
    await syncTenantSchemas(db, { migrations: { ...migrations, "0100_product_notes": productNotes }, tenants: paying }),
    await syncTenantSchemas([
      { name: "one", db },
      { name: "other", db: other },
    ]),
    await verifyTenantSchemas(other),
    await repairTenantSchemas(db, { dryRun: true }),
    await actionTypes(db).listActionTypes(),
    await forTenant(other, "user_1").stats.getDailyStats({ days: 7 }),
  ];
}

/** In a transaction of the host's, beside the host's own tables. */
export async function publish(db: Kysely<HostDatabase>, schema: string, title: string): Promise<MarketplaceJob> {
  return await db.transaction().execute(async (transaction: Transaction<HostDatabase>) => {
    const product = await transaction
      .withSchema(schema)
      .insertInto("products")
      .values({ title, price_cents: 100 })
      .returning("id")
      .executeTakeFirstOrThrow();
    const { jobs } = forTenant(transaction, schema);
    const { job } = await jobs.createJob({ marketplace: "vinted", actionCode: "publish", productId: product.id });
    return job;
  });
}

export function within(transaction: ControlledTransaction<HostDatabase>): ReturnType<typeof forTenant> {
  return forTenant(transaction, "user_1");
}

/** The host's own query over our tables, with our types. */
export async function failedTitles(db: Kysely<HostDatabase>, schema: string): Promise<string[]> {
  const rows = await db
    .withSchema(schema)
    .selectFrom("marketplace_jobs")
    .innerJoin("products", (join) => join.on(sql<boolean>`products.id = marketplace_jobs.product_id`))
    .innerJoin("batch_jobs", "batch_jobs.id", "marketplace_jobs.batch_job_id")
    .select(["products.title", "batch_jobs.batch_id"])
    .where("marketplace_jobs.status", "=", "failed")
    .execute();
  return rows.map(({ title, batch_id }) => `${title}: ${batch_id}`);
}

/** A module that may look and not touch. */
export async function titleOf(jobs: JobReading, id: number): Promise<string> {
  const job = await jobs.getJob(id);
  // @ts-expect-error A job points to its batch by key; the string stands on the batch alone.
  return String(job?.batchId);
}
