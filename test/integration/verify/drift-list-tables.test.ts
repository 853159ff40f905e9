import { sql } from "kysely";
import { expect } from "vitest";
import { verifyTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { A, B, C, D, damageAndMend, E, loadLegacyWorld, T } from "./legacy-world.js";
import { about, applyMends, createTenants, driftOf } from "./migrated-tenants.js";

// The numbers are those of the drift list in test/legacy/README.md; the rest of it is in drift-list-objects.test.ts.

test("1. missing tables", async ({ db }) => {
  await loadLegacyWorld(db);
  const report = await verifyTenantSchemas(db);
  const missing = (schema: string): string[] =>
    driftOf(report, schema).filter((message) => /^table \S+ is missing$/.test(message));
  expect(missing(T)).toEqual([]);
  expect(missing(A)).toEqual([]);
  expect(missing(C)).toEqual(["table batch_jobs is missing"]);
  expect(missing(D)).toEqual(["table batch_jobs is missing", "table marketplace_jobs is missing"]);
  expect(missing(E)).toEqual([
    "table batch_jobs is missing",
    "table marketplace_jobs is missing",
    "table marketplace_job_stats is missing",
  ]);
  expect(about(report, E)).toMatchObject({ state: "drifted", migration: null });
  expect(about(report, E).drift).toEqual(
    ["0001_batch_jobs", "0002_marketplace_jobs", "0003_marketplace_job_stats"].map((pendingMigration) =>
      expect.objectContaining({ pendingMigration }),
    ),
  );
});

test("1. a table that is missing although its migration is recorded is not made up", async ({ db }) => {
  const { found, left } = await damageAndMend(db, "drop table user_9.marketplace_job_stats");
  expect(found).toEqual(["table marketplace_job_stats is missing"]);
  expect(left).toEqual(found);
  const { drift } = about(await verifyTenantSchemas(db, { tenants: ["user_9"] }), "user_9");
  expect(drift).toMatchObject([{ refusal: expect.stringContaining("Restore the table") }]);
  expect(drift[0]).not.toHaveProperty("mend");
});

test("2. a table under its former name", async ({ db }) => {
  await loadLegacyWorld(db);
  const report = await verifyTenantSchemas(db);
  for (const schema of [A, B, C, D]) {
    expect(driftOf(report, schema)).toContain("table marketplace_job_stats still has its former name vinted_job_stats");
    expect(driftOf(report, schema)).toContain(
      "column marketplace_job_stats.marketplace (character varying(50) not null) is missing",
    );
    expect(driftOf(report, schema)).toContain(
      "unique constraint vinted_job_stats_action_type_id_date_key of marketplace_job_stats is the legacy system's: UNIQUE (action_type_id, date)",
    );
  }
});

test("3. a column that only the tenants have", async ({ db }) => {
  await loadLegacyWorld(db);
  const report = await verifyTenantSchemas(db);
  const isMissing = "column marketplace_jobs.cancel_requested (boolean not null default false) is missing";
  expect(driftOf(report, T)).toContain(isMissing);
  for (const schema of [A, B, C]) {
    expect(driftOf(report, schema)).not.toContain(isMissing);
    expect(driftOf(report, schema)).toContain(
      "index idx_marketplace_jobs_cancel_requested of marketplace_jobs is the legacy system's: " +
        "btree (cancel_requested) WHERE (cancel_requested = true)",
    );
  }
  expect(await damageAndMend(db, "alter table user_9.marketplace_jobs drop column cancel_requested")).toEqual({
    found: [isMissing],
    left: [],
  });
});

test("4. the deprecated column", async ({ db }) => {
  await loadLegacyWorld(db);
  const report = await verifyTenantSchemas(db);
  for (const schema of [T, A, B, C]) {
    const column = about(report, schema).drift.find(({ name }) => name === "batch_id");
    expect(column).toMatchObject({
      message: "the deprecated column marketplace_jobs.batch_id is still there",
      found: "character varying(50)",
      pendingMigration: "0005_drop_marketplace_jobs_batch_id",
    });
  }
  // Where its drop is recorded and it is still there, nobody can say from the catalog what it holds.
  const damage = "alter table user_9.marketplace_jobs add column batch_id varchar(50)";
  const { found, left } = await damageAndMend(db, damage);
  expect(found).toEqual(["the deprecated column marketplace_jobs.batch_id is still there"]);
  expect(left).toEqual(found);
});

test("4. the deprecated column while it is due, but too narrow", async ({ db }) => {
  await createTenants(db, ["user_9"], { to: "0004_link_jobs_to_batches" });
  await sql`alter table user_9.marketplace_jobs alter column batch_id type varchar(50)`.execute(db);
  const report = await verifyTenantSchemas(db, { tenants: ["user_9"] });
  expect(driftOf(report, "user_9")).toEqual([
    "column marketplace_jobs.batch_id is character varying(50), not character varying(100)",
  ]);
  await applyMends(db, report, "user_9");
  expect(driftOf(await verifyTenantSchemas(db, { tenants: ["user_9"] }), "user_9")).toEqual([]);
});

test("8. enum types", async ({ db }) => {
  await loadLegacyWorld(db);
  const report = await verifyTenantSchemas(db);
  for (const schema of [T, A, B]) {
    expect(driftOf(report, schema)).toContain(
      "column batch_jobs.status is batch_job_status not null default 'pending'::batch_job_status, " +
        "not character varying(20) not null default 'pending'::character varying",
    );
    expect(about(report, schema).leftOver).toContainEqual(
      expect.objectContaining({ kind: "type", name: "batch_job_status" }),
    );
  }
  const damage = `create type user_9.batch_job_status as enum ('pending', 'running');
    alter table user_9.batch_jobs drop constraint batch_jobs_status_check;
    drop index user_9.batch_jobs_active_idx;
    alter table user_9.batch_jobs alter column status drop default,
      alter column status type user_9.batch_job_status using status::user_9.batch_job_status`;
  await createTenants(db, ["user_9"]);
  await sql.raw(damage).execute(db);
  const [status] = about(await verifyTenantSchemas(db, { tenants: ["user_9"] }), "user_9").drift;
  expect(status).not.toHaveProperty("mend");
  expect(status).toMatchObject({
    name: "status",
    refusal: expect.stringContaining("Not every value of batch_job_status is one of character varying(20)"),
  });
});
