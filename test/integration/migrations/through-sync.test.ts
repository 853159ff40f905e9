import { type Kysely, sql } from "kysely";
import { describe, expect } from "vitest";
import { syncTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { loadLegacyShared, loadLegacyTemplate, loadLegacyTenant } from "../../legacy/legacy-system.js";
import { ledgerOf } from "../sync/fleet.js";
import { tenantAsItIs } from "./refusal.js";
import { LEVELS } from "./run-migrations.js";
import { structuresOf } from "./structure-lines.js";
import { jobsByString } from "./tenant-rows.js";

const LINK = "0004_link_jobs_to_batches";
const DROP = "0005_drop_marketplace_jobs_batch_id";

async function loadFleet(db: Kysely<any>): Promise<void> {
  await loadLegacyShared(db);
  await loadLegacyTemplate(db);
  await loadLegacyTenant(db, "a", "user_10", 10, { data: true });
  await loadLegacyTenant(db, "b", "user_1", 1, { data: true });
  await loadLegacyTenant(db, "c", "user_2", 2, { data: true });
  await loadLegacyTenant(db, "d", "user_3", 3);
  await loadLegacyTenant(db, "e", "user_4", 4);
}

describe("a sync of legacy tenants", () => {
  test("ends with one structure for all of them, the template included", async ({ db }) => {
    await loadFleet(db);
    const report = await syncTenantSchemas(db);
    expect(report.status).toBe("ok");
    const structures = [
      ...(await structuresOf(db, ["template_tenant", "user_10", "user_1", "user_2", "user_3", "user_4"])),
    ];
    for (const [schema, { own }] of structures) expect(own, schema).toEqual(structures[0]?.[1].own);
    expect((await jobsByString(db, "user_2")).get("publish_20260112_101544_c0ffee42")).toHaveLength(25);
  });

  test("leaves the tenant of a conflicting job at 0003 as it is, and brings the others over", async ({ db }) => {
    await loadFleet(db);
    const { rows } = await sql<{ id: number }>`
      update user_1.marketplace_jobs
      set batch_job_id = (select min(id) from user_1.batch_jobs)
      where batch_id = 'publish_20260105_091502_3fa1c07e' and input_data->>'ref' in ('s01-003', 's01-001')
      returning id`.execute(db);
    const ids = rows.map(({ id }) => id).toSorted((one, other) => one - other);
    await syncTenantSchemas(db, { to: "0003_marketplace_job_stats" });
    const before = await tenantAsItIs(db, "user_1");
    const report = await syncTenantSchemas(db, { throwOnFailure: false });
    expect(report.tenants.filter(({ outcome }) => outcome === "failed")).toMatchObject([
      {
        schema: "user_1",
        error: {
          code: "BATCH_LINK_CONFLICT",
          sqlState: "MJ004",
          migration: LINK,
          hint: expect.stringContaining("batch_job_id"),
          details: { count: 2, jobIds: ids },
        },
      },
    ]);
    expect(await tenantAsItIs(db, "user_1")).toEqual(before);
    expect(await ledgerOf(db, "user_1")).toEqual(LEVELS.slice(0, 3));
    expect(await ledgerOf(db, "user_10")).toEqual(LEVELS);
  });

  test("leaves the tenant of a view at 0004, whole and working, and goes on when the view is gone", async ({ db }) => {
    await loadFleet(db);
    await sql`create view user_10.strings as select id, batch_id from user_10.marketplace_jobs`.execute(db);
    const report = await syncTenantSchemas(db, { throwOnFailure: false });
    expect(report.tenants.filter(({ outcome }) => outcome === "failed")).toMatchObject([
      {
        schema: "user_10",
        applied: LEVELS.slice(0, 4),
        error: {
          code: "COLUMN_IN_USE",
          migration: DROP,
          details: { dependents: [{ effect: "blocks", kind: "view", name: "user_10.strings" }] },
        },
      },
    ]);
    expect(await ledgerOf(db, "user_10")).toEqual(LEVELS.slice(0, 4));
    const { rows } = await sql`select count(*)::int as strings from user_10.strings where batch_id <> ''`.execute(db);
    expect(rows).toEqual([{ strings: 259 }]);
    await sql`drop view user_10.strings`.execute(db);
    const second = await syncTenantSchemas(db);
    expect(second.tenants.find(({ schema }) => schema === "user_10")).toMatchObject({ applied: [DROP] });
  });

  test("reports what was set to null and which functions may name the column", async ({ db }) => {
    await loadFleet(db);
    await sql`update user_2.marketplace_jobs set batch_job_id = 77 where input_data->>'ref' like 's01-%'`.execute(db);
    await sql
      .raw(
        `create function user_2.report() returns bigint language plpgsql as
  'begin return (select count(batch_id) from user_2.marketplace_jobs); end'`,
      )
      .execute(db);
    const report = await syncTenantSchemas(db);
    expect(report.tenants.find(({ schema }) => schema === "user_2")).toMatchObject({
      outcome: "migrated",
      warnings: [
        expect.stringContaining("20 jobs led to batches that do not exist"),
        expect.stringContaining("user_2.report"),
      ],
    });
    expect((await jobsByString(db, "user_2")).get("publish_20260105_091502_3fa1c07e")).toHaveLength(20);
  });

  test("reads the codes of action types in the shared schema that it is given", async ({ db }) => {
    await loadFleet(db);
    await sql`create schema "Shared Things"`.execute(db);
    await sql`alter table public.marketplace_action_types set schema "Shared Things"`.execute(db);
    await sql`update user_2.marketplace_jobs set batch_id = 'nightly' where input_data->>'ref' like 's06-%'`.execute(
      db,
    );
    await syncTenantSchemas(db, { sharedSchema: "Shared Things" });
    const { rows } = await sql`select action_code from user_2.batch_jobs where batch_id = 'nightly'`.execute(db);
    expect(rows).toEqual([{ action_code: "update" }]);
  });

  test("goes back from 0005 to 0003 for all tenants, and forth again, with every string", async ({ db }) => {
    await loadFleet(db);
    await syncTenantSchemas(db);
    const strings = await jobsByString(db, "user_10");
    const down = await syncTenantSchemas(db, { to: "0003_marketplace_job_stats" });
    expect(down.summary).toMatchObject({ "rolled-back": 6 });
    const up = await syncTenantSchemas(db);
    expect(up.status).toBe("ok");
    expect(await jobsByString(db, "user_10")).toEqual(strings);
  });
});
