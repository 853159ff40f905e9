import type { Kysely } from "kysely";
import { createSharedTables } from "../../database/canonical-tables.js";
import { schemaTest } from "../../database/fixtures.js";
import { createSchema, migrateUp, runUp } from "./run-migrations.js";
import { type Row, rowsOf } from "./tenant-rows.js";

const LINK = "0004_link_jobs_to_batches";

export interface LegacyJob {
  readonly string?: string | null;
  readonly batch?: number | null;
  readonly status?: string;
  readonly priority?: number;
  readonly marketplace?: string;
  readonly type?: number;
  readonly createdAt?: string;
  readonly startedAt?: string | null;
  readonly completedAt?: string | null;
}

/** A tenant before 0004, with rows as the legacy code writes them. */
export const legacyTest = schemaTest
  .extend("actionTypes", { scope: "file" }, async ({ db }) => {
    await createSharedTables(db);
    return "public";
  })
  .extend("tenant", async ({ db, schema, actionTypes: _seeded }) => {
    await createSchema(db, schema);
    await migrateUp(db, schema, { to: "0003_marketplace_job_stats" });
    return new LegacyTenant(db, schema);
  });

/** One tenant as the legacy code sees it: it names the string and leaves out what is new. */
export class LegacyTenant {
  readonly #db: Kysely<any>;
  readonly #schema: string;

  constructor(db: Kysely<any>, schema: string) {
    this.#db = db;
    this.#schema = schema;
  }

  async addJobs(...jobs: readonly LegacyJob[]): Promise<number[]> {
    const rows = jobs.map((job) => ({
      batch_id: job.string ?? null,
      batch_job_id: job.batch ?? null,
      status: job.status ?? "pending",
      priority: job.priority ?? 3,
      marketplace: job.marketplace ?? "vinted",
      action_type_id: job.type ?? 3,
      created_at: job.createdAt ?? "2026-01-15T10:00:00.000001Z",
      started_at: job.startedAt ?? null,
      completed_at: job.completedAt ?? null,
    }));
    const inserted = await this.#tables.insertInto("marketplace_jobs").values(rows).returning("id").execute();
    return inserted.map(({ id }) => id as number);
  }

  async addBatch(batchId: string, columns: Readonly<Record<string, unknown>> = {}): Promise<number> {
    const { id } = await this.#tables
      .insertInto("batch_jobs")
      .values({ batch_id: batchId, marketplace: "vinted", action_code: "publish", ...columns })
      .returning("id")
      .executeTakeFirstOrThrow();
    return id as number;
  }

  async deleteJobs(ids: readonly number[]): Promise<void> {
    await this.#tables.deleteFrom("marketplace_jobs").where("id", "in", ids).execute();
  }

  link(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    return runUp(this.#db, this.#schema, LINK, { settings });
  }

  async batch(batchId: string): Promise<Row | undefined> {
    const batches = await this.batches();
    return batches.find((row) => row["batch_id"] === batchId);
  }

  batches(): Promise<readonly Row[]> {
    return rowsOf(this.#db, this.#schema, "batch_jobs");
  }

  jobs(): Promise<readonly Row[]> {
    return rowsOf(this.#db, this.#schema, "marketplace_jobs");
  }

  get #tables(): Kysely<any> {
    return this.#db.withSchema(this.#schema);
  }
}
