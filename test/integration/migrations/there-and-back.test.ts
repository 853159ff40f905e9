import fc from "fast-check";
import { sql } from "kysely";
import { describe, expect } from "vitest";
import { createTenantTables } from "../../database/canonical-tables.js";
import { schemaTest } from "../../database/fixtures.js";
import { type LegacyJob, LegacyTenant, legacyTest } from "./legacy-tenant.js";
import { refusalOf, tenantAsItIs } from "./refusal.js";
import { createSchema, LEVELS, migrateUp, runDown } from "./run-migrations.js";
import { jobsByString, jobsCarrying, pick, rowsOf } from "./tenant-rows.js";

const DROP = "0005_drop_marketplace_jobs_batch_id";

const HOSTILE_STRINGS = [
  "'",
  "''",
  '"',
  "\\",
  "\\'; drop table batch_jobs; --",
  "trailing  ",
  " ",
  "Case",
  "case",
  "CASE",
  "ä",
  "a\u0308",
  "$$",
  "$1",
  "%s %I",
  "null",
  "{}",
  "line\nbreak\ttab\r",
  "\u0001\u007f\uffff",
  "🛒".repeat(100),
  "x".repeat(100),
  "publish_20260115_101530_a1b2c3d4",
];

/** Any 1–100 code points without NUL and lone surrogates: what a batch id may be. */
const string = fc.oneof(
  fc.constantFrom(...HOSTILE_STRINGS),
  fc
    .string({ unit: "binary", minLength: 1, maxLength: 100 })
    .map((text) => text.replaceAll("\u0000", "-"))
    .filter((text) => text.isWellFormed()),
);

const status = fc.constantFrom("pending", "running", "paused", "completed", "failed", "cancelled", "expired");
const time = fc.option(
  fc
    .record({ second: fc.integer({ min: 0, max: 59 }), microsecond: fc.integer({ min: 0, max: 999_999 }) })
    .map(({ second, microsecond }) => `2026-01-15T10:00:${two(second)}.${String(microsecond).padStart(6, "0")}Z`),
);

function two(number: number): string {
  return String(number).padStart(2, "0");
}

const job = fc.record({
  string: fc.option(fc.oneof(fc.constant(""), string), { freq: 5 }),
  status,
  priority: fc.integer({ min: -3, max: 12 }),
  marketplace: fc.constantFrom("vinted", "ebay", "etsy"),
  type: fc.integer({ min: 1, max: 20 }),
  startedAt: time,
  completedAt: time,
});

/** Batches by key: their strings differ from one another, and a job either names its own batch or nothing. */
const keyedBatches = fc.uniqueArray(
  fc.record({ batchId: string, jobs: fc.array(fc.tuple(job, fc.boolean()), { maxLength: 4 }) }),
  { selector: ({ batchId }) => batchId, maxLength: 4 },
);

describe("back from 0005 and forth again", () => {
  legacyTest(
    "every string is as it was, and all else too, whatever the legacy system wrote",
    async ({ db, actionTypes: _seeded }) => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(job, { maxLength: 12 }), keyedBatches, async (jobs, batches) => {
          run += 1;
          const schema = `run_${run}`;
          await createSchema(db, schema);
          await migrateUp(db, schema, { to: "0003_marketplace_job_stats" });
          const tenant = new LegacyTenant(db, schema);
          if (jobs.length > 0) await tenant.addJobs(...(jobs as LegacyJob[]));
          for (const { batchId, jobs: own } of batches) {
            const batch = await tenant.addBatch(batchId, { total_count: own.length });
            for (const [each, isNamed] of own) {
              await tenant.addJobs({ ...each, string: isNamed ? batchId : null, batch });
            }
          }
          const before = await rowsOf(db, schema, "marketplace_jobs");
          const carried = await jobsCarrying(db, schema);

          await migrateUp(db, schema, { from: "0003_marketplace_job_stats" });
          const newest = await everything(schema);
          const found = await jobsByString(db, schema);
          for (const [text, ids] of carried) expect(found.get(text)).toEqual(expect.arrayContaining(ids));

          await runDown(db, schema, DROP);
          const back = await rowsOf(db, schema, "marketplace_jobs");
          const columns = Object.keys(before[0] ?? {}).filter((name) => name !== "batch_id" && name !== "batch_job_id");
          expect(pick(back, columns)).toEqual(pick(before, columns));
          for (const [index, row] of back.entries()) {
            const had = before[index];
            // An empty string is no batch; a job that was linked by key alone has its batch's string from now on.
            if (had?.["batch_id"] !== "" && had?.["batch_id"] !== null) expect(row["batch_id"]).toBe(had?.["batch_id"]);
            else if (had["batch_job_id"] === null) expect(row["batch_id"]).toBeNull();
          }
          await runDown(db, schema, "0004_link_jobs_to_batches");
          await migrateUp(db, schema, { from: "0003_marketplace_job_stats" });
          expect(await everything(schema)).toEqual(newest);
          await sql`drop schema ${sql.id(schema)} cascade`.execute(db);
        }),
        { numRuns: 40 },
      );

      async function everything(schema: string): Promise<unknown> {
        const tables = ["batch_jobs", "marketplace_jobs", "marketplace_job_stats"];
        return await Promise.all(tables.map((table) => rowsOf(db, schema, table)));
      }
    },
  );

  schemaTest("an empty string is no batch, and becomes null", async ({ db, schema }) => {
    await createSchema(db, schema);
    await migrateUp(db, schema, { to: "0003_marketplace_job_stats" });
    await sql`insert into ${sql.id(schema, "marketplace_jobs")} (batch_id, action_type_id) values ('', 3)`.execute(db);
    await migrateUp(db, schema, { from: "0003_marketplace_job_stats" });
    expect(await rowsOf(db, schema, "batch_jobs")).toEqual([]);
    await runDown(db, schema, DROP);
    expect(await rowsOf(db, schema, "marketplace_jobs")).toMatchObject([{ batch_id: null, batch_job_id: null }]);
  });

  schemaTest(
    "what this library wrote at 0005 has its strings at 0004, and its links at 0003",
    async ({ db, schema }) => {
      await createTenantTables(db, schema);
      await sql`
      insert into ${sql.id(schema, "batch_jobs")} (batch_id, marketplace, action_code, total_count)
      values ('new', 'ebay', 'publish', 1)`.execute(db);
      await sql`
      insert into ${sql.id(schema, "marketplace_jobs")} (marketplace, batch_job_id, action_type_id)
      select 'ebay', id, 9 from ${sql.id(schema, "batch_jobs")}`.execute(db);
      await runDown(db, schema, DROP);
      expect(await jobsCarrying(db, schema)).toEqual(new Map([["new", [1]]]));
      await runDown(db, schema, "0004_link_jobs_to_batches");
      expect(await jobsByString(db, schema)).toEqual(new Map([["new", [1]]]));
    },
  );
});

describe("back from 0003, 0002 and 0001", () => {
  const TABLES: Readonly<Record<string, string>> = {
    "0003_marketplace_job_stats": "marketplace_job_stats",
    "0002_marketplace_jobs": "marketplace_jobs",
    "0001_batch_jobs": "batch_jobs",
  };
  const ROWS: Readonly<Record<string, string>> = {
    batch_jobs: "(batch_id, marketplace, action_code) values ('x', 'ebay', 'publish'), ('y', 'ebay', 'publish')",
    marketplace_jobs: "(action_type_id) values (3), (3)",
    marketplace_job_stats: "(action_type_id, date) values (3, '2026-01-15'), (4, '2026-01-15')",
  };

  schemaTest.for(Object.entries(TABLES))(
    "%s refuses while its table holds a row",
    async ([level, table], { db, schema }) => {
      await createSchema(db, schema);
      await migrateUp(db, schema, { to: level });
      await sql.raw(`insert into ${schema}.${table} ${ROWS[table]}`).execute(db);
      const before = await tenantAsItIs(db, schema);
      expect(await refusalOf(runDown(db, schema, level))).toEqual({
        code: "MJ006",
        message: `Going back would drop ${table}, which holds 2 rows.`,
        hint: expect.stringContaining("empty the table first"),
        detail: { table, rows: 2 },
      });
      expect(await tenantAsItIs(db, schema)).toEqual(before);
    },
  );

  schemaTest("an empty tenant loses its tables, and gets them again", async ({ db, schema }) => {
    await createTenantTables(db, schema);
    const before = await tenantAsItIs(db, schema);
    for (const level of LEVELS.toReversed()) await runDown(db, schema, level);
    expect(await tenantAsItIs(db, schema)).toMatchObject({ relations: [], structure: { own: [] } });
    await migrateUp(db, schema);
    expect(await tenantAsItIs(db, schema)).toMatchObject({ structure: (before as { structure: unknown }).structure });
  });

  schemaTest("nothing is dropped that a view of the host's reads", async ({ db, schema }) => {
    await createTenantTables(db, schema);
    for (const level of LEVELS.slice(3).toReversed()) await runDown(db, schema, level);
    await sql.raw(`create view ${schema}.days as select date from ${schema}.marketplace_job_stats`).execute(db);
    expect(await refusalOf(runDown(db, schema, "0003_marketplace_job_stats"))).toMatchObject({ code: "2BP01" });
  });
});
